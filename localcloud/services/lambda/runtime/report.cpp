// Formats them as CloudWatch shows them.

#include "localcloud/services/lambda/runtime/report.hpp"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <cmath>

#include "base/text.hpp"
#include "json/write.hpp"

namespace localcloud::lambda {

namespace {

constexpr std::size_t kTailBytes = 4096;

double seconds(base::Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

std::tm utc(base::Time time) {
  return fmt::gmtime(static_cast<std::time_t>(base::to_unix_s(time)));
}

}  // namespace

std::string start_line(std::string_view request_id) {
  return fmt::format("START RequestId: {} Version: $LATEST\n", request_id);
}

std::string end_line(std::string_view request_id) {
  return fmt::format("END RequestId: {}\n", request_id);
}

// A custom runtime's first invocation is billed for its init too.
std::string report_line(const Report& report) {
  const double billed_ms = std::ceil(report.duration_ms + report.init_ms.value_or(0));
  std::string line = fmt::format(
      "REPORT RequestId: {}\tDuration: {:.2f} ms\tBilled Duration: {:.0f} ms\tMemory Size: {} MB\tMax Memory Used: {} "
      "MB\t",
      report.request_id, report.duration_ms, std::max(1.0, billed_ms), report.memory_mb,
      (report.peak_bytes + (1 << 20) - 1) >> 20);
  if (report.init_ms) line += fmt::format("Init Duration: {:.2f} ms\t", *report.init_ms);
  if (!report.status.empty()) line += fmt::format("Status: {}\t", report.status);
  if (!report.error_type.empty()) line += fmt::format("Error Type: {}\t", report.error_type);
  line += '\n';
  return line;
}

std::string timeout_line(base::Time now, std::string_view request_id, base::Duration timeout) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z {} Task timed out after {:.2f} seconds\n\n", utc(now),
                     base::to_unix_ms(now) % 1000, request_id, seconds(timeout));
}

std::string stream_name(base::Time now, std::string_view hex32) {
  return fmt::format("{:%Y/%m/%d}/[$LATEST]{}", utc(now), hex32);
}

Failure timed_out(base::Duration timeout) {
  return {"Sandbox.Timedout", fmt::format("Task timed out after {:.2f} seconds", seconds(timeout))};
}

Failure exited(std::string_view how) {
  if (how.empty()) return {"Runtime.ExitError", "Runtime exited without providing a reason"};
  return {"Runtime.ExitError", fmt::format("Runtime exited with error: {}", how)};
}

Failure response_too_large(std::size_t bytes) {
  return {"Function.ResponseSizeTooLarge",
          fmt::format("Response payload size exceeded maximum allowed payload size ({} bytes).", bytes)};
}

std::string error_payload(const Failure& failure, std::string_view request_id) {
  std::string payload = "{\"errorType\":";
  json::write_string(payload, failure.type);
  payload += ",\"errorMessage\":";
  json::write_string(payload, fmt::format("RequestId: {} Error: {}", request_id, failure.message));
  payload += '}';
  return payload;
}

void add_to_tail(std::string& lines, std::string_view line) {
  lines += line;
  if (lines.size() > 4 * kTailBytes) lines.erase(0, lines.size() - 2 * kTailBytes);
}

std::string tail_of(std::string_view lines) {
  return base::to_base64(lines.substr(lines.size() - std::min(lines.size(), kTailBytes)));
}

}  // namespace localcloud::lambda
