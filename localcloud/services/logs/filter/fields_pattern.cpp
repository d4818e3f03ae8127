// Patterns over the fields of a line, parted by spaces: [ip, user, ..., status = 4* || status = 5*, bytes > 1000].

#include "localcloud/services/logs/filter/operand.hpp"
#include "localcloud/services/logs/filter/pattern.hpp"

namespace localcloud::logs::filter {

namespace {

struct Test {
  Comparison comparison;
  Operand operand;
};

// Any of the lists must hold whole. No list: the field may be anything.
struct Field {
  std::vector<std::vector<Test>> any_of;

  bool matches(std::string_view text) const {
    if (any_of.empty()) return true;
    return std::ranges::any_of(any_of, [&](const std::vector<Test>& tests) {
      return std::ranges::all_of(tests, [&](const Test& test) { return test.operand.holds(test.comparison, text); });
    });
  }
};

// The fields of a line: a [bracketed] or "quoted" one may hold spaces, and loses its marks.
std::vector<std::string_view> split_fields(std::string_view line) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t begin = line.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return fields;
    line.remove_prefix(begin);
    const char closing = line.front() == '[' ? ']' : line.front() == '"' ? '"' : '\0';
    const std::size_t close = closing ? line.find(closing, 1) : std::string_view::npos;
    if (close != std::string_view::npos) {
      fields.push_back(line.substr(1, close - 1));
      line.remove_prefix(close + 1);
    } else {
      const std::size_t end = std::min(line.find_first_of(" \t\r\n"), line.size());
      fields.push_back(line.substr(0, end));
      line.remove_prefix(end);
    }
  }
}

class FieldsMatcher final : public Matcher {
 public:
  bool matches(std::string_view line) const override {
    const std::vector<std::string_view> texts = split_fields(line);
    if (skips ? texts.size() < before.size() + after.size() : texts.size() != before.size()) return false;
    for (std::size_t i = 0; i < before.size(); ++i) {
      if (!before[i].matches(texts[i])) return false;
    }
    const std::size_t tail = texts.size() - after.size();
    for (std::size_t i = 0; i < after.size(); ++i) {
      if (!after[i].matches(texts[tail + i])) return false;
    }
    return true;
  }

  std::vector<Field> before;
  bool skips = false;  // whether there is a "..."
  std::vector<Field> after;
};

std::string_view take_name(Cursor& cursor) {
  cursor.skip_spaces();
  return cursor.take_while([](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  });
}

Result<Field> parse_field(Cursor& cursor) {
  Field field;
  const std::string_view name = take_name(cursor);
  if (name.empty()) return failure(invalid_pattern());
  std::optional<Comparison> comparison = cursor.take_comparison();
  if (!comparison) return field;
  field.any_of.emplace_back();
  while (true) {
    Operand operand = TRY(Operand::parse(cursor, ",]"));
    if (!comparison || !operand.allows(*comparison)) return failure(invalid_pattern());
    field.any_of.back().push_back({*comparison, std::move(operand)});
    if (cursor.take("||")) {
      field.any_of.emplace_back();
    } else if (!cursor.take("&&")) {
      return field;
    }
    // Each further comparison repeats the field's name.
    if (take_name(cursor) != name) return failure(invalid_pattern());
    comparison = cursor.take_comparison();
    if (!comparison) return failure(invalid_pattern());
  }
}

}  // namespace

Result<std::shared_ptr<const Matcher>> parse_fields_pattern(std::string_view text) {
  auto matcher = std::make_shared<FieldsMatcher>();
  Cursor cursor{text};
  cursor.take("[");
  do {
    if (cursor.take("...")) {
      if (matcher->skips) return failure(invalid_pattern());
      matcher->skips = true;
    } else {
      (matcher->skips ? matcher->after : matcher->before).push_back(TRY(parse_field(cursor)));
    }
  } while (cursor.take(","));
  if (!cursor.take("]")) return failure(invalid_pattern());
  cursor.skip_spaces();
  if (!cursor.at_end()) return failure(invalid_pattern());
  return matcher;
}

}  // namespace localcloud::logs::filter
