#pragma once
// Lambda's own words: the START, END and REPORT lines, and the errors a function's caller sees. Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"

namespace localcloud::lambda {

inline constexpr std::size_t kResponseBytesMax = 6 * 1024 * 1024 + 100;  // Lambda's own 6291556

// How an invocation failed, where the function itself didn't say.
struct Failure {
  std::string type;     // "Runtime.ExitError", "Sandbox.Timedout", …
  std::string message;  // "Runtime exited with error: signal: killed"
};

struct Report {
  std::string request_id;
  double duration_ms = 0;
  std::optional<double> init_ms;  // of the first invocation of an instance
  int memory_mb = 0;
  std::uint64_t peak_bytes = 0;
  std::string status;      // "", "timeout" or "error"
  std::string error_type;  // with "error"
};

std::string start_line(std::string_view request_id);
std::string end_line(std::string_view request_id);
std::string report_line(const Report& report);
std::string timeout_line(base::Time now, std::string_view request_id, base::Duration timeout);
std::string stream_name(base::Time now, std::string_view hex32);

Failure timed_out(base::Duration timeout);
Failure exited(std::string_view how);  // what Process::reap() said
Failure response_too_large(std::size_t bytes);

// {"errorType": …, "errorMessage": "RequestId: … Error: …"}
std::string error_payload(const Failure& failure, std::string_view request_id);

// Keeps of an invocation's lines what tail_of() will want.
void add_to_tail(std::string& lines, std::string_view line);
// The last 4 KB of an invocation's lines, in base64.
std::string tail_of(std::string_view lines);

}  // namespace localcloud::lambda
