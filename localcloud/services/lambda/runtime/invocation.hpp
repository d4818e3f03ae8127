#pragma once
// One invocation of a function: what is asked, and what it gave.

#include <string>

#include "json/document.hpp"

namespace localcloud::lambda {

enum class LogTail { none, wanted };

struct InvokeRequest {
  json::Document payload;
  std::string request_id;
  std::string trace_id;
  int reserved_concurrency = -1;  // -1: none
  LogTail tail = LogTail::none;
};

struct Answer {
  enum class Outcome { succeeded, function_error, throttled_function, throttled_account, failed };
  Outcome outcome = Outcome::succeeded;
  json::Document payload;  // the function's answer or its error
  std::string log_tail;    // base64, where it was asked for
  std::string reason;      // of failed: why localcloud could not run the function
};

}  // namespace localcloud::lambda
