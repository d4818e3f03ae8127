// JSONPath: the text to steps, and the steps over a value.

#include "localcloud/services/stepfunctions/asl/path.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "json/write.hpp"
#include "localcloud/services/stepfunctions/asl/limits.hpp"
#include "localcloud/services/stepfunctions/asl/path_filter.hpp"

namespace localcloud::stepfunctions::asl {
namespace {

constexpr std::size_t kPathLengthMax = 4096;
constexpr int kFilterDepthMax = 4;
constexpr std::size_t kSelectedMax = 1'000'000;  // values at a time, the same one more than once
constexpr const char* kTooMany = "The path selects too much";

// The characters that end a member's name written with a dot.
bool ends_name(char c) {
  return c == '.' || c == '[' || c == ']' || c == ' ' || c == '(' || c == ')' || c == ',' || c == '\'' || c == '"' ||
         c == '=' || c == '!' || c == '<' || c == '>' || c == '&' || c == '|' || c == '\n' || c == '\t' || c == '?' ||
         c == '*' || c == '{' || c == '}';
}

class Reader {
 public:
  Reader(std::string_view text, std::size_t at, int depth) : text_(text), at_(at), depth_(depth) {}

  std::size_t at() const { return at_; }
  bool done() const { return at_ >= text_.size(); }
  char peek() const { return done() ? '\0' : text_[at_]; }

  std::string name() {
    const std::size_t start = at_;
    while (!done() && !ends_name(text_[at_])) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  // Reads one step; false where it is malformed.
  bool step(PathStep& step) {
    if (peek() == '.') {
      ++at_;
      if (peek() == '.') {
        ++at_;
        step.descends = true;
        if (peek() == '[') return bracket(step);
      }
      return dotted(step);
    }
    if (peek() == '[') return bracket(step);
    return false;
  }

 private:
  bool dotted(PathStep& step) {
    if (peek() == '*') {
      ++at_;
      step.kind = PathStep::Kind::wildcard;
      return true;
    }
    std::string name = this->name();
    if (name.empty()) return false;
    if (peek() == '(') {
      ++at_;
      if (peek() != ')') return false;
      ++at_;
      step.kind = PathStep::Kind::function;
      static constexpr std::string_view kFunctions[] = {"length", "min", "max", "sum", "avg", "keys", "first", "last"};
      if (std::ranges::find(kFunctions, name) == std::end(kFunctions)) return false;
    }
    step.names.push_back(std::move(name));
    return true;
  }

  void skip_spaces() {
    while (peek() == ' ') ++at_;
  }

  bool quoted(std::string& out) {
    const char quote = text_[at_++];
    while (!done() && text_[at_] != quote) {
      // A backslash takes the next character as it is only where that is a quote or a backslash before the end quote;
      // names with other backslashes are looked up as they are written.
      if (text_[at_] == '\\' && at_ + 1 < text_.size() && text_[at_ + 1] == quote) ++at_;
      out.push_back(text_[at_++]);
    }
    if (done()) return false;
    ++at_;
    return true;
  }

  bool bracket(PathStep& step) {
    ++at_;
    skip_spaces();
    bool good = false;
    if (peek() == '*') {
      ++at_;
      step.kind = PathStep::Kind::wildcard;
      good = true;
    } else if (peek() == '\'' || peek() == '"') {
      good = names(step);
    } else if (peek() == '?') {
      ++at_;
      step.kind = PathStep::Kind::filter;
      step.filter = parse_filter(text_, at_, depth_ + 1);
      good = step.filter != nullptr;
    } else {
      good = numbers(step);
    }
    skip_spaces();
    if (!good || peek() != ']') return false;
    ++at_;
    return true;
  }

  bool names(PathStep& step) {
    while (true) {
      std::string name;
      if (!quoted(name)) return false;
      step.names.push_back(std::move(name));
      skip_spaces();
      if (peek() != ',') return true;
      ++at_;
      skip_spaces();
      if (peek() != '\'' && peek() != '"') return false;
    }
  }

  bool number(std::optional<std::int64_t>& out) {
    const std::size_t start = at_;
    if (peek() == '-') ++at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    if (start == at_) return true;
    out = base::to_number<std::int64_t>(text_.substr(start, at_ - start));
    return out && *out > -2'000'000'000 && *out < 2'000'000'000;
  }

  bool numbers(PathStep& step) {
    std::optional<std::int64_t> first;
    if (!number(first)) return false;
    skip_spaces();
    if (peek() == ':') {
      step.kind = PathStep::Kind::slice;
      step.from = first;
      ++at_;
      if (!number(step.to)) return false;
      if (peek() == ':') {
        ++at_;
        if (!number(step.step) || (step.step && *step.step <= 0)) return false;
      }
      return true;
    }
    step.kind = PathStep::Kind::indexes;
    if (!first) return false;
    step.indexes.push_back(*first);
    while (peek() == ',') {
      ++at_;
      skip_spaces();
      std::optional<std::int64_t> next;
      if (!number(next) || !next) return false;
      step.indexes.push_back(*next);
      skip_spaces();
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_;
  int depth_;
};

using Selection = std::vector<const json::Value*>;

const json::Value* item_at(const json::Array& array, std::int64_t index) {
  const auto size = static_cast<std::int64_t>(array.size());
  if (index < 0) index += size;
  return index >= 0 && index < size ? &array[static_cast<std::size_t>(index)] : nullptr;
}

void select_slice(const PathStep& step, const json::Array& array, Selection& out) {
  const auto size = static_cast<std::int64_t>(array.size());
  const auto clamp = [size](std::int64_t index) {
    return std::clamp<std::int64_t>(index < 0 ? index + size : index, 0, size);
  };
  const std::int64_t to = clamp(step.to.value_or(size));
  for (std::int64_t i = clamp(step.from.value_or(0)); i < to; i += step.step.value_or(1)) {
    out.push_back(&array[static_cast<std::size_t>(i)]);
  }
}

void select(const PathStep& step, const json::Value& value, const json::Value& root, Selection& out) {
  switch (step.kind) {
    case PathStep::Kind::names:
      for (const std::string& name : step.names) {
        if (const json::Value* member = value.find(name)) out.push_back(member);
      }
      return;
    case PathStep::Kind::indexes:
      if (!value.is_array()) return;
      for (const std::int64_t index : step.indexes) {
        if (const json::Value* item = item_at(value.as_array(), index)) out.push_back(item);
      }
      return;
    case PathStep::Kind::slice:
      if (value.is_array()) select_slice(step, value.as_array(), out);
      return;
    case PathStep::Kind::wildcard:
    case PathStep::Kind::filter: {
      const auto take = [&](const json::Value& item) {
        if (step.kind == PathStep::Kind::wildcard || step.filter->holds(item, root)) out.push_back(&item);
      };
      if (value.is_array()) {
        for (const json::Value& item : value.as_array()) take(item);
      } else if (value.is_object() && step.kind == PathStep::Kind::filter) {
        take(value);
      } else if (value.is_object()) {
        for (const auto& [name, member] : value.as_object()) take(member);
      }
      return;
    }
    case PathStep::Kind::function:
      return;
  }
}

// The value and all below it, in the order they are written.
void descend(const json::Value& value, Selection& out) {
  out.push_back(&value);
  if (value.is_array()) {
    for (const json::Value& item : value.as_array()) descend(item, out);
  } else if (value.is_object()) {
    for (const auto& [name, member] : value.as_object()) descend(member, out);
  }
}

json::Value number_value(double number) {
  if (std::abs(number) < 9e15 && number == std::floor(number)) return json::Value(static_cast<std::int64_t>(number));
  return json::Value(number);
}

std::expected<json::Value, std::string> call_function(const std::string& function, const json::Value& value) {
  if (function == "length") {
    if (value.is_array()) return json::Value(static_cast<std::int64_t>(value.as_array().size()));
    if (value.is_object()) return json::Value(static_cast<std::int64_t>(value.as_object().size()));
    if (value.is_string()) return json::Value(static_cast<std::int64_t>(base::count_code_points(value.as_string())));
    return std::unexpected("length() can only be applied to arrays, objects and strings");
  }
  if (function == "keys") {
    if (!value.is_object()) return std::unexpected("keys() can only be applied to objects");
    json::Array keys;
    for (const auto& [name, member] : value.as_object()) keys.emplace_back(name);
    return json::Value(std::move(keys));
  }
  if (!value.is_array() || value.as_array().empty())
    return std::unexpected("Aggregation function attempted to calculate value using empty array");
  const json::Array& array = value.as_array();
  if (function == "first") return array.front();
  if (function == "last") return array.back();
  double sum = 0, least = INFINITY, most = -INFINITY;
  int count = 0;
  for (const json::Value& item : array) {
    if (!item.is_number()) continue;
    const double number = item.as_number().as_double();
    sum += number;
    least = std::min(least, number);
    most = std::max(most, number);
    ++count;
  }
  if (count == 0) return std::unexpected("Aggregation function attempted to calculate value using empty array");
  const double result = function == "sum" ? sum : function == "avg" ? sum / count : function == "min" ? least : most;
  if (!std::isfinite(result)) return std::unexpected("Aggregation function overflowed");
  return number_value(result);
}

std::string written(const PathStep& step) {
  std::string out;
  if (step.kind == PathStep::Kind::names) return "['" + step.names.front() + "']";
  if (step.kind == PathStep::Kind::indexes) return "[" + std::to_string(step.indexes.front()) + "]";
  return out;
}

bool is_single(const PathStep& step) {
  if (step.descends) return false;
  if (step.kind == PathStep::Kind::names) return step.names.size() == 1;
  if (step.kind == PathStep::Kind::indexes) return step.indexes.size() == 1;
  return step.kind == PathStep::Kind::function;
}

// Why a definite step finds nothing, in the words of the library that AWS uses.
std::string describe_miss(const PathStep& step, const json::Value& value, const std::string& so_far, bool is_last) {
  const std::string here = so_far + written(step);
  if (step.kind == PathStep::Kind::names) {
    if (value.is_object()) return is_last ? "No results for path: " + here : "Missing property in path " + here;
    return "Expected to find an object with property ['" + step.names.front() + "'] in path " + so_far +
           " but found '" + std::string(value.kind()) + "'. This is not a json object according to the JsonProvider.";
  }
  if (value.is_array()) return "Index out of bounds when evaluating path " + here;
  return "Filter: " + written(step) + " can only be applied to arrays. Current context is: " + json::write(value);
}

}  // namespace

std::optional<Path> Path::parse(std::string_view text, int depth) {
  if (depth > kFilterDepthMax || text.empty() || text[0] != '$' || text.size() > kPathLengthMax) return std::nullopt;
  Path path;
  path.text_ = std::string(text);
  std::size_t at = 1;
  if (text.size() > 1 && text[1] == '$') {
    path.root_ = PathRoot::context;
    at = 2;
  }
  Reader reader(text, at, depth);
  if (path.root_ == PathRoot::input && !reader.done() && reader.peek() != '.' && reader.peek() != '[') {
    path.root_ = PathRoot::variable;
    path.variable_ = reader.name();
    const bool starts_well = !path.variable_.empty() && !(path.variable_[0] >= '0' && path.variable_[0] <= '9');
    if (!starts_well || path.variable_.find('-') != std::string::npos) return std::nullopt;
  }
  while (!reader.done()) {
    PathStep step;
    if (!path.steps_.empty() && path.steps_.back().kind == PathStep::Kind::function) return std::nullopt;
    if (!reader.step(step)) return std::nullopt;
    path.steps_.push_back(std::move(step));
  }
  return path;
}

bool Path::is_definite() const {
  return std::ranges::all_of(steps_, is_single);
}

std::expected<json::Value, std::string> Path::evaluate(const json::Value& root) const {
  Selection current{&root};
  bool definite = true;
  std::string so_far = "$";
  const std::string* function = nullptr;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const PathStep& step = steps_[i];
    if (step.kind == PathStep::Kind::function) {
      function = &step.names.front();
      break;
    }
    definite = definite && is_single(step);
    if (step.descends) {
      Selection all;
      for (const json::Value* value : current) {
        descend(*value, all);
        if (all.size() > kSelectedMax) return std::unexpected(kTooMany);
      }
      current = std::move(all);
    }
    Selection next;
    for (const json::Value* value : current) {
      select(step, *value, root, next);
      if (next.size() > kSelectedMax) return std::unexpected(kTooMany);
    }
    if (definite && next.empty()) {
      // A path that would be indefinite further on selects nothing instead.
      const bool later = std::any_of(steps_.begin() + static_cast<std::ptrdiff_t>(i), steps_.end(),
                                     [](const PathStep& s) { return !is_single(s); });
      if (later) return json::Value(json::Array{});
      return std::unexpected(describe_miss(step, *current.front(), so_far, i + 1 == steps_.size()));
    }
    so_far += written(step);
    current = std::move(next);
  }
  json::Value selected;
  if (definite) {
    selected = *current.front();
  } else {
    json::Array array;
    std::size_t size = 0;
    for (const json::Value* value : current) {
      if (!add_size(*value, size, kWorkMax)) return std::unexpected(kTooMany);
    }
    array.reserve(current.size());
    for (const json::Value* value : current) array.push_back(*value);
    selected = json::Value(std::move(array));
  }
  return function ? call_function(*function, selected) : std::expected<json::Value, std::string>(std::move(selected));
}

bool Path::put(json::Value& root, json::Value value) const {
  json::Value* at = &root;
  for (const PathStep& step : steps_) {
    if (step.kind == PathStep::Kind::names) {
      if (at->is_null()) *at = json::Value(json::Object{});
      if (!at->is_object()) return false;
      at = &at->as_object()[step.names.front()];
    } else {
      if (!at->is_array()) return false;
      json::Array& array = at->as_array();
      const std::int64_t index = step.indexes.front();
      if (index < 0 || index >= static_cast<std::int64_t>(array.size())) return false;
      at = &array[static_cast<std::size_t>(index)];
    }
  }
  *at = std::move(value);
  return true;
}

}  // namespace localcloud::stepfunctions::asl
