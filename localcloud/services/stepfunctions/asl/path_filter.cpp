// JSONPath filters: the text to a tree, and the tree over a candidate.

#include "localcloud/services/stepfunctions/asl/path_filter.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace localcloud::stepfunctions::asl {
namespace {

constexpr int kDepthMax = 16;

class FilterReader {
 public:
  FilterReader(std::string_view text, std::size_t& at, int path_depth)
      : text_(text), at_(at), path_depth_(path_depth) {}

  // `(` condition `)`
  std::optional<PathFilter> group(int depth) {
    if (depth > kDepthMax || !accept("(")) return std::nullopt;
    std::optional<PathFilter> filter = any(depth);
    if (!filter || !accept(")")) return std::nullopt;
    return filter;
  }

 private:
  void skip_spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  char peek() {
    skip_spaces();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool accept(std::string_view token) {
    skip_spaces();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }

  std::optional<PathFilter> list(int depth, std::string_view separator, PathFilter::Kind kind) {
    PathFilter all;
    all.kind = kind;
    do {
      std::optional<PathFilter> part =
          kind == PathFilter::Kind::any ? list(depth, "&&", PathFilter::Kind::all) : one(depth);
      if (!part) return std::nullopt;
      all.parts.push_back(std::move(*part));
    } while (accept(separator));
    if (all.parts.size() == 1) return std::move(all.parts.front());
    return all;
  }
  std::optional<PathFilter> any(int depth) { return list(depth, "||", PathFilter::Kind::any); }

  std::optional<PathFilter> one(int depth) {
    if (depth > kDepthMax) return std::nullopt;
    if (peek() == '!' && !text_.substr(at_).starts_with("!=")) {
      ++at_;
      std::optional<PathFilter> inner = one(depth + 1);
      if (!inner) return std::nullopt;
      PathFilter filter;
      filter.kind = PathFilter::Kind::negation;
      filter.parts.push_back(std::move(*inner));
      return filter;
    }
    if (peek() == '(') return group(depth + 1);
    return comparison(depth);
  }

  std::optional<PathFilter> comparison(int depth) {
    PathFilter filter;
    if (!operand(filter.left, depth)) return std::nullopt;
    static constexpr std::string_view kComparators[] = {"==", "!=", "<=", ">=", "<", ">", "nin ", "in "};
    for (const std::string_view comparator : kComparators) {
      if (!accept(comparator)) continue;
      filter.kind = PathFilter::Kind::comparison;
      filter.comparator = std::string(base::trim(comparator));
      if (!operand(filter.right, depth)) return std::nullopt;
      return filter;
    }
    if (filter.left.kind == FilterOperand::Kind::literal) return std::nullopt;
    return filter;
  }

  bool operand(FilterOperand& out, int depth) {
    const char c = peek();
    if (c == '@' || c == '$') {
      out.kind = c == '@' ? FilterOperand::Kind::candidate : FilterOperand::Kind::root;
      return path(out);
    }
    if (c == '\'' || c == '"') {
      std::string literal;
      if (!quoted(literal)) return false;
      out.literal = json::Value(std::move(literal));
      return true;
    }
    if (c == '[') return array(out, depth);
    return word(out);
  }

  // A path within a filter ends where an operator, a blank or the group's end begins, outside of its own brackets.
  bool path(FilterOperand& out) {
    const std::size_t start = at_++;
    int brackets = 0;
    char quote = '\0';
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (quote != '\0') {
        if (c == quote) quote = '\0';
      } else if (c == '\'' || c == '"') {
        if (brackets == 0) break;
        quote = c;
      } else if (c == '[') {
        ++brackets;
      } else if (c == ']') {
        if (brackets == 0) break;
        --brackets;
      } else if (brackets == 0 && c == '(' && at_ + 1 < text_.size() && text_[at_ + 1] == ')') {
        ++at_;
      } else if (brackets == 0 && std::string_view(" =!<>&|),").find(c) != std::string_view::npos) {
        break;
      }
      ++at_;
    }
    out.path = Path::parse("$" + std::string(text_.substr(start + 1, at_ - start - 1)), path_depth_);
    return out.path && out.path->root() == PathRoot::input;
  }

  bool quoted(std::string& out) {
    const char quote = text_[at_++];
    while (at_ < text_.size() && text_[at_] != quote) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
      out.push_back(text_[at_++]);
    }
    if (at_ >= text_.size()) return false;
    ++at_;
    return true;
  }

  bool array(FilterOperand& out, int depth) {
    if (depth > kDepthMax) return false;
    accept("[");
    json::Array items;
    while (!accept("]")) {
      FilterOperand item;
      if (!items.empty() && !accept(",")) return false;
      if (!operand(item, depth + 1) || item.kind != FilterOperand::Kind::literal) return false;
      items.push_back(std::move(item.literal));
    }
    out.literal = json::Value(std::move(items));
    return true;
  }

  // A number, true, false, null, or a bare word, which stands for itself.
  bool word(FilterOperand& out) {
    const std::size_t start = at_;
    while (at_ < text_.size() && std::string_view(" =!<>&|(),[]'\"").find(text_[at_]) == std::string_view::npos) ++at_;
    const std::string_view word = text_.substr(start, at_ - start);
    if (word.empty()) return false;
    if (word == "true" || word == "false") {
      out.literal = json::Value(word == "true");
    } else if (word == "null") {
      out.literal = json::Value();
    } else if (const auto integer = base::to_number<std::int64_t>(word)) {
      out.literal = json::Value(*integer);
    } else if (const auto number = base::to_number<double>(word); number && *number - *number == 0) {
      out.literal = json::Value(*number);
    } else {
      out.literal = json::Value(word);
    }
    return true;
  }

  std::string_view text_;
  std::size_t& at_;
  int path_depth_;
};

std::optional<json::Value> value_of(const FilterOperand& operand, const json::Value& candidate,
                                    const json::Value& root) {
  if (operand.kind == FilterOperand::Kind::literal) return operand.literal;
  auto value = operand.path->evaluate(operand.kind == FilterOperand::Kind::candidate ? candidate : root);
  if (!value) return std::nullopt;
  return std::move(*value);
}

bool contains(const json::Value& array, const json::Value& value) {
  return array.is_array() && std::ranges::find(array.as_array(), value) != array.as_array().end();
}

bool compares(const std::string& comparator, const std::optional<json::Value>& left,
              const std::optional<json::Value>& right) {
  if (comparator == "==") return left.has_value() == right.has_value() && (!left || *left == *right);
  if (comparator == "!=") return left.has_value() != right.has_value() || (left && !(*left == *right));
  if (!left || !right) return false;
  if (comparator == "in") return contains(*right, *left);
  if (comparator == "nin") return !contains(*right, *left);
  int order = 0;
  if (left->is_number() && right->is_number()) {
    order = compare(left->as_number(), right->as_number());
  } else if (left->is_string() && right->is_string()) {
    order = left->as_string().compare(right->as_string());
  } else {
    return false;
  }
  if (comparator == "<") return order < 0;
  if (comparator == "<=") return order <= 0;
  if (comparator == ">") return order > 0;
  return order >= 0;
}

}  // namespace

bool PathFilter::holds(const json::Value& candidate, const json::Value& root) const {
  const auto part_holds = [&](const PathFilter& part) { return part.holds(candidate, root); };
  switch (kind) {
    case Kind::any:
      return std::ranges::any_of(parts, part_holds);
    case Kind::all:
      return std::ranges::all_of(parts, part_holds);
    case Kind::negation:
      return !part_holds(parts.front());
    case Kind::exists: {
      const std::optional<json::Value> value = value_of(left, candidate, root);
      return value && (left.path->is_definite() || !value->as_array().empty());
    }
    case Kind::comparison:
      return compares(comparator, value_of(left, candidate, root), value_of(right, candidate, root));
  }
  return false;
}

std::shared_ptr<const PathFilter> parse_filter(std::string_view text, std::size_t& at, int depth) {
  std::optional<PathFilter> filter = FilterReader(text, at, depth).group(depth);
  return filter ? std::make_shared<const PathFilter>(std::move(*filter)) : nullptr;
}

}  // namespace localcloud::stepfunctions::asl
