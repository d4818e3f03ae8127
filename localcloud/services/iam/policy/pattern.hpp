#pragma once
// Texts of a policy that match others: with * and ?, and with ${variables} that the request fills in. Matching takes
// time proportional to the product of the lengths at worst, whatever the pattern.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "localcloud/services/iam/policy/context.hpp"

namespace localcloud::iam::policy {

enum class Wildcards : std::uint8_t { active, literal };
enum class Variables : std::uint8_t { expanded, literal };  // policies older than 2012-10-17 know none
enum class Case : std::uint8_t { sensitive, ignored };

// Immutable, thread-safe.
class Pattern {
 public:
  // Nothing where a ${variable} isn't closed or names nothing, or where the text holds control characters.
  static std::optional<Pattern> compile(std::string_view text, Wildcards wildcards, Variables variables);

  // A variable that the request doesn't have, and that has no default, makes the pattern match nothing.
  bool matches(std::string_view text, const Context& context, Case letters) const;
  // As an ARN: its six parts are matched one by one, so that no wildcard reaches over a colon, except in the last.
  bool matches_arn(std::string_view arn, const Context& context) const;
  // Whether the request has every variable in it.
  bool resolves(const Context& context) const { return fixed() || expand(context).has_value(); }

 private:
  struct Part {
    std::string text;      // with its wildcards marked
    std::string variable;  // lower-case key; then `text` is its default
    bool has_default = false;
  };

  bool fixed() const { return parts_.size() == 1 && parts_[0].variable.empty(); }
  std::optional<std::string> expand(const Context& context) const;

  std::vector<Part> parts_;
};

}  // namespace localcloud::iam::policy
