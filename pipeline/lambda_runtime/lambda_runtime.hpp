#pragma once
// The loop of a Lambda function on a provided.* runtime: next ▶ handler ▶ response.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
//
// Blocking and single-threaded, as one instance of a function is: one event at a time.

#include <expected>
#include <functional>
#include <string>

#include "base/clock.hpp"

namespace pipeline::lambda_runtime {

struct Invocation {
  std::string payload;  // the event, JSON text
  std::string request_id;
  base::Time deadline;  // Lambda kills the process then
  std::string function_arn;
  std::string trace_id;  // X-Ray's, may be empty
};

// What Lambda answers as {"errorMessage": …, "errorType": …}.
struct FunctionError {
  std::string type;
  std::string message;
};

// The answer's JSON text, or the error.
using Outcome = std::expected<std::string, FunctionError>;
using Handler = std::function<Outcome(Invocation)>;

// Serves invocations until the Runtime API goes away; the process should then exit with the status returned. An
// exception that escapes the handler is reported as the invocation's error, and the loop goes on.
int run(const Handler& handler);

// Tells Lambda that the function can't start, e.g. because its configuration is wrong. Returns the exit status.
int report_init_error(const FunctionError& error);

// The body of an error as the Runtime API takes it.
std::string error_body(const FunctionError& error);

}  // namespace pipeline::lambda_runtime
