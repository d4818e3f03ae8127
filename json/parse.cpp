// A text is gone through twice: scan() sees that it is JSON and where everything lies, then it is built, each array and
// object with as many places as it needs. By hand because numbers must keep their 38 digits, an error must say where,
// and the statically linked functions need it too (docs/decisions.md).

#include "json/parse.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "base/text.hpp"
#include "json/scan.hpp"

namespace json {

namespace {

// Which names an object has so far, so that looking for a repeated one doesn't cost.
class Names {
 public:
  // The member of that name, if there is one already; else notes that it comes next.
  Value* find_or_note(Object& object, std::string_view name) {
    if (object.size() >= kFew) return find_or_note_among_many(object, name);
    const auto byte = [&](std::size_t at) { return at < name.size() ? static_cast<unsigned char>(name[at]) : 0u; };
    const std::uint64_t bit = std::uint64_t{1} << ((name.size() + byte(0) * 5 + byte(name.size() - 1) * 11) % 64);
    const bool is_surely_new = (seen_ & bit) == 0;
    seen_ |= bit;
    return is_surely_new ? nullptr : object.find(name);
  }

 private:
  static constexpr std::size_t kFew = 32;

  Value* find_or_note_among_many(Object& object, std::string_view name) {
    if (!places_) {
      places_.emplace();
      for (std::size_t i = 0; i < object.size(); ++i) places_->emplace((object.begin() + i)->first, i);
    }
    const auto [known, is_new] = places_->emplace(name, object.size());
    return is_new ? nullptr : &(object.begin() + known->second)->second;
  }

  std::uint64_t seen_ = 0;                                              // a bit or another for each name
  std::optional<std::unordered_map<std::string, std::size_t>> places_;  // of many
};

class Builder {
 public:
  Builder(std::string_view text, const Marks& marks) : text_(text), next_(marks.begin()) {}

  // Of the next mark and those that follow for what is in it.
  void build(Value& out) {
    const Mark mark = *next_++;
    const char* const at = text_.data() + mark.begin;
    switch (*at) {
      case '"':
        if (mark.is_escaped()) {
          out = unescaped(mark);
        } else {
          out.become_string({at + 1, mark.extent()});
        }
        return;
      case '{':
        build_object(out.become_object(), mark.extent());
        return;
      case '[':
        build_array(out.become_array(), mark.extent());
        return;
      case 't':
      case 'f':
        out = Value(*at == 't');
        return;
      case 'n':
        out = Value();
        return;
      default:
        out.become_number({at, mark.extent()});
    }
  }

 private:
  std::string unescaped(Mark mark) const {
    const char* at = text_.data() + mark.begin + 1;
    const char* const end = at + mark.extent();
    std::string out;
    out.reserve(mark.extent());  // what an escape stands for isn't longer
    while (at != end) {
      const char* const escape = std::find(at, end, '\\');
      out.append(at, escape);
      if (escape == end) break;
      const Escape read = read_escape(escape + 1, end);
      base::append_utf8(out, read.code_point);
      at = read.end;
    }
    return out;
  }

  void build_array(Array& out, std::size_t count) {
    out.resize(count);
    for (Value& item : out) build(item);
  }

  void build_object(Object& out, std::size_t count) {
    out.reserve(count);
    Names names;
    for (; count > 0; --count) {
      const Mark mark = *next_++;
      if (mark.is_escaped()) {
        build(place(out, names, unescaped(mark)));
      } else {
        build(place(out, names, text_.substr(mark.begin + 1, mark.extent())));
      }
    }
  }

  // For a member's value: the last of a repeated name counts.
  static Value& place(Object& object, Names& names, std::string_view name) {
    Value* const known = names.find_or_note(object, name);
    return known ? *known : object.append(name);
  }

  const std::string_view text_;
  const Mark* next_;
};

}  // namespace

std::string ParseError::describe() const {
  return message + " at byte " + std::to_string(offset);
}

std::expected<Value, ParseError> parse(std::string_view text, ParseLimits limits) {
  Marks marks;
  if (auto error = scan(text, limits, marks)) return std::unexpected(*std::move(error));
  std::expected<Value, ParseError> out;
  Builder(text, marks).build(*out);
  return out;
}

}  // namespace json
