#pragma once
// One line of a statement's Condition block: an operator, a key and the values it may have.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "localcloud/services/iam/policy/context.hpp"
#include "localcloud/services/iam/policy/pattern.hpp"

namespace localcloud::iam::policy {

// What becomes of a "not equal" whose value holds a variable that the request doesn't have. An Allow must not follow
// from it, and a Deny must.
enum class Unresolved : std::uint8_t { fails, holds };

// Immutable, thread-safe.
class Condition {
 public:
  // `operator_name` as the policy has it: "StringLike", "ForAnyValue:StringEqualsIfExists", … Nothing where it isn't an
  // operator, or a value isn't of its kind.
  static std::optional<Condition> compile(std::string_view operator_name, std::string_view key,
                                          const std::vector<std::string>& values, Variables variables);

  bool holds(const Context& context, Unresolved unresolved) const;

  enum class Kind : std::uint8_t { string, string_like, string_folded, numeric, date, boolean, binary, ip, arn, null };
  enum class Order : std::uint8_t { equal, less, less_equal, greater, greater_equal };

 private:
  enum class Quantifier : std::uint8_t { none, for_all_values, for_any_value };
  struct Range {
    std::array<std::uint8_t, 16> address{};  // IPv4 as ::ffff:a.b.c.d
    int prefix_bits = 128;
  };
  struct Operand {
    std::optional<Pattern> text;
    double number = 0;
    base::Time date;
    bool truth = false;
    Range range;
  };

  static std::optional<Range> parse_range(std::string_view text);
  std::optional<Operand> parse_operand(const std::string& value, Variables variables) const;
  bool matches_any(const std::string& value, const Context& context) const;
  bool matches(const Operand& operand, const std::string& value, const Context& context) const;

  Kind kind_ = Kind::string;
  Order order_ = Order::equal;
  Quantifier quantifier_ = Quantifier::none;
  bool negated_ = false;
  bool if_exists_ = false;
  std::string key_;  // lower-case
  std::vector<Operand> operands_;
};

}  // namespace localcloud::iam::policy
