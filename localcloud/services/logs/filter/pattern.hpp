#pragma once
// CloudWatch Logs filter patterns: which lines FilterLogEvents returns.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
//
//   ERROR "timed out" -DEBUG         terms: all of them, but none of the excluded
//   ?ERROR ?WARN                     any of them
//   %[0-9]{3}%                       a regular expression
//   { $.level = "error" && $.ms > 3 }  members of a line that is JSON
//   [ip, ..., status = 5*, bytes]    fields of a line, parted by spaces

#include <memory>
#include <string_view>

#include "base/result.hpp"

namespace localcloud::logs::filter {

// What a kind of pattern decides. Immutable, so thread-safe.
class Matcher {
 public:
  virtual ~Matcher() = default;
  virtual bool matches(std::string_view line) const = 0;
};

class Pattern {
 public:
  // The pattern that `text` describes; an empty one matches every line. Answers InvalidParameterException.
  static Result<Pattern> parse(std::string_view text);

  bool matches(std::string_view line) const { return !matcher_ || matcher_->matches(line); }

 private:
  std::shared_ptr<const Matcher> matcher_;
};

// The three kinds, each in its own file. `text` is trimmed.
Result<std::shared_ptr<const Matcher>> parse_terms(std::string_view text);
Result<std::shared_ptr<const Matcher>> parse_json_pattern(std::string_view text);
Result<std::shared_ptr<const Matcher>> parse_fields_pattern(std::string_view text);

ServiceError invalid_pattern();
ServiceError invalid_term(std::string_view term);

}  // namespace localcloud::logs::filter
