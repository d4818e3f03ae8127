// ARNs and times in AWS's forms.

#include "aws/arn.hpp"
#include "aws/dates.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  static_cast<void>(aws::parse_arn(input));
  static_cast<void>(aws::parse_basic(input));
  static_cast<void>(aws::parse_http_date(input));
  static_cast<void>(aws::parse_epoch_s(input));
  const auto time = aws::parse_rfc3339(input);
  if (!time) return;
  const auto again = aws::parse_rfc3339(aws::format_rfc3339(*time));
  CHECK(again && std::chrono::floor<std::chrono::seconds>(*again) == std::chrono::floor<std::chrono::seconds>(*time));
}
