// Condition operators.

#include "localcloud/services/iam/policy/condition.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "aws/dates.hpp"
#include "base/text.hpp"

namespace localcloud::iam::policy {
namespace {

struct OperatorName {
  std::string_view name;
  Condition::Kind kind;
  Condition::Order order = Condition::Order::equal;
  bool negated = false;
};

using Kind = Condition::Kind;
using Order = Condition::Order;

constexpr std::array<OperatorName, 27> kOperators = {{
    {"StringEquals", Kind::string},
    {"StringNotEquals", Kind::string, Order::equal, true},
    {"StringEqualsIgnoreCase", Kind::string_folded},
    {"StringNotEqualsIgnoreCase", Kind::string_folded, Order::equal, true},
    {"StringLike", Kind::string_like},
    {"StringNotLike", Kind::string_like, Order::equal, true},
    {"NumericEquals", Kind::numeric},
    {"NumericNotEquals", Kind::numeric, Order::equal, true},
    {"NumericLessThan", Kind::numeric, Order::less},
    {"NumericLessThanEquals", Kind::numeric, Order::less_equal},
    {"NumericGreaterThan", Kind::numeric, Order::greater},
    {"NumericGreaterThanEquals", Kind::numeric, Order::greater_equal},
    {"DateEquals", Kind::date},
    {"DateNotEquals", Kind::date, Order::equal, true},
    {"DateLessThan", Kind::date, Order::less},
    {"DateLessThanEquals", Kind::date, Order::less_equal},
    {"DateGreaterThan", Kind::date, Order::greater},
    {"DateGreaterThanEquals", Kind::date, Order::greater_equal},
    {"Bool", Kind::boolean},
    {"BinaryEquals", Kind::binary},
    {"IpAddress", Kind::ip},
    {"NotIpAddress", Kind::ip, Order::equal, true},
    {"ArnEquals", Kind::arn},
    {"ArnNotEquals", Kind::arn, Order::equal, true},
    {"ArnLike", Kind::arn},
    {"ArnNotLike", Kind::arn, Order::equal, true},
    {"Null", Kind::null},
}};

template <class T>
bool in_order(const T& value, const T& limit, Order order) {
  switch (order) {
    case Order::equal:
      return value == limit;
    case Order::less:
      return value < limit;
    case Order::less_equal:
      return value <= limit;
    case Order::greater:
      return value > limit;
    case Order::greater_equal:
      return value >= limit;
  }
  return false;
}

std::optional<base::Time> parse_date(std::string_view text) {
  if (const auto time = aws::parse_rfc3339(text)) return time;
  if (text.size() == 10 && text[4] == '-') return aws::parse_rfc3339(std::string(text) + "T00:00:00Z");
  return aws::parse_epoch_s(text);
}

std::optional<double> parse_number(std::string_view text) {
  const auto number = base::to_number<double>(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<bool> parse_bool(std::string_view text) {
  if (base::equal_ignoring_case(text, "true")) return true;
  if (base::equal_ignoring_case(text, "false")) return false;
  return std::nullopt;
}

std::optional<std::array<std::uint8_t, 16>> parse_address(const std::string& text) {
  std::array<std::uint8_t, 16> out{};
  if (inet_pton(AF_INET6, text.c_str(), out.data()) == 1) return out;
  out = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (inet_pton(AF_INET, text.c_str(), out.data() + 12) == 1) return out;
  return std::nullopt;
}

}  // namespace

std::optional<Condition::Range> Condition::parse_range(std::string_view text) {
  const auto slash = text.find('/');
  const std::string address_text(text.substr(0, slash));
  const auto address = parse_address(address_text);
  if (!address) return std::nullopt;
  const int offset = address_text.find(':') == std::string::npos ? 96 : 0;
  Range range{.address = *address, .prefix_bits = 128};
  if (slash != std::string_view::npos) {
    const auto bits = base::to_number<int>(text.substr(slash + 1));
    if (!bits || *bits < 0 || *bits + offset > 128) return std::nullopt;
    range.prefix_bits = *bits + offset;
  }
  return range;
}

std::optional<Condition> Condition::compile(std::string_view operator_name, std::string_view key,
                                            const std::vector<std::string>& values, Variables variables) {
  Condition condition;
  if (operator_name.starts_with("ForAllValues:")) {
    condition.quantifier_ = Quantifier::for_all_values;
    operator_name.remove_prefix(13);
  } else if (operator_name.starts_with("ForAnyValue:")) {
    condition.quantifier_ = Quantifier::for_any_value;
    operator_name.remove_prefix(12);
  }
  if (operator_name.ends_with("IfExists")) {
    condition.if_exists_ = true;
    operator_name.remove_suffix(8);
  }
  const auto* const found = std::ranges::find(kOperators, operator_name, &OperatorName::name);
  if (found == kOperators.end() || key.empty()) return std::nullopt;
  if (found->kind == Kind::null && condition.if_exists_) return std::nullopt;
  condition.kind_ = found->kind;
  condition.order_ = found->order;
  condition.negated_ = found->negated;
  condition.key_ = base::lower(key);
  for (const std::string& value : values) {
    auto operand = condition.parse_operand(value, variables);
    if (!operand) return std::nullopt;
    condition.operands_.push_back(std::move(*operand));
  }
  return condition;
}

std::optional<Condition::Operand> Condition::parse_operand(const std::string& value, Variables variables) const {
  Operand operand;
  switch (kind_) {
    case Kind::string:
    case Kind::string_folded:
      operand.text = Pattern::compile(value, Wildcards::literal, variables);
      if (!operand.text) return std::nullopt;
      break;
    case Kind::string_like:
    case Kind::arn:
      operand.text = Pattern::compile(value, Wildcards::active, variables);
      if (!operand.text) return std::nullopt;
      break;
    case Kind::binary:
      operand.text = Pattern::compile(value, Wildcards::literal, Variables::literal);
      if (!operand.text || !base::from_base64(value)) return std::nullopt;
      break;
    case Kind::numeric: {
      const auto number = parse_number(value);
      if (!number) return std::nullopt;
      operand.number = *number;
      break;
    }
    case Kind::date: {
      const auto date = parse_date(value);
      if (!date) return std::nullopt;
      operand.date = *date;
      break;
    }
    case Kind::boolean:
    case Kind::null: {
      const auto truth = parse_bool(value);
      if (!truth) return std::nullopt;
      operand.truth = *truth;
      break;
    }
    case Kind::ip: {
      const auto range = parse_range(value);
      if (!range) return std::nullopt;
      operand.range = *range;
      break;
    }
  }
  return operand;
}

bool Condition::matches(const Operand& operand, const std::string& value, const Context& context) const {
  switch (kind_) {
    case Kind::string:
    case Kind::string_like:
    case Kind::binary:
      return operand.text->matches(value, context, Case::sensitive);
    case Kind::string_folded:
      return operand.text->matches(value, context, Case::ignored);
    case Kind::arn:
      return operand.text->matches_arn(value, context);
    case Kind::numeric: {
      const auto number = parse_number(value);
      return number && in_order(*number, operand.number, order_);
    }
    case Kind::date: {
      const auto date = parse_date(value);
      return date && in_order(*date, operand.date, order_);
    }
    case Kind::boolean:
      return parse_bool(value) == operand.truth;
    case Kind::ip: {
      const auto address = parse_address(value);
      if (!address) return false;
      const int whole = operand.range.prefix_bits / 8;
      const int rest = operand.range.prefix_bits % 8;
      if (std::memcmp(address->data(), operand.range.address.data(), static_cast<std::size_t>(whole)) != 0)
        return false;
      if (rest == 0) return true;
      const auto at = static_cast<std::size_t>(whole);
      return ((*address)[at] ^ operand.range.address[at]) >> (8 - rest) == 0;
    }
    case Kind::null:
      break;
  }
  return false;
}

bool Condition::matches_any(const std::string& value, const Context& context) const {
  return std::ranges::any_of(operands_, [&](const Operand& operand) { return matches(operand, value, context); });
}

bool Condition::holds(const Context& context, Unresolved unresolved) const {
  const auto values = context.find(key_);
  const bool present = values && !values->empty();
  if (kind_ == Kind::null) {
    return std::ranges::any_of(operands_, [&](const Operand& operand) { return operand.truth != present; });
  }
  if (!present) {
    // A key that isn't there equals nothing, and so differs from everything.
    if (if_exists_ || quantifier_ == Quantifier::for_all_values) return true;
    return negated_ && quantifier_ == Quantifier::none;
  }
  const auto resolves = [&](const Operand& operand) { return !operand.text || operand.text->resolves(context); };
  if (negated_ && !std::ranges::all_of(operands_, resolves)) return unresolved == Unresolved::holds;
  const auto passes = [&](const std::string& value) { return matches_any(value, context) != negated_; };
  const bool all = quantifier_ == Quantifier::for_all_values || (quantifier_ == Quantifier::none && negated_);
  return all ? std::ranges::all_of(*values, passes) : std::ranges::any_of(*values, passes);
}

}  // namespace localcloud::iam::policy
