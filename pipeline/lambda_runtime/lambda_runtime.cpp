// The loop: next ▶ handler ▶ response.

#include "pipeline/lambda_runtime/lambda_runtime.hpp"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>

#include "pipeline/lambda_runtime/http_client.hpp"

namespace pipeline::lambda_runtime {

namespace {

constexpr std::string_view kRuntime = "/2018-06-01/runtime/";
constexpr std::string_view kJson = "Content-Type: application/json\r\n";

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", c);
      out += escaped;
    } else {
      out += c;
    }
  }
  out += '"';
}

// A header's value can't hold a line break: what the handler names as its type is the function's own text.
std::string error_headers(const FunctionError& error) {
  std::string headers(kJson);
  headers += "Lambda-Runtime-Function-Error-Type: ";
  for (const char c : error.type) {
    if (static_cast<unsigned char>(c) > 0x20 && c != 0x7f) headers += c;
  }
  headers += "\r\n";
  return headers;
}

std::optional<std::string> runtime_api() {
  const char* const api = std::getenv("AWS_LAMBDA_RUNTIME_API");
  if (api && *api) return api;
  std::fputs("AWS_LAMBDA_RUNTIME_API is not set: this program runs as a Lambda function's bootstrap\n", stderr);
  return std::nullopt;
}

Invocation to_invocation(HttpReply reply) {
  Invocation invocation;
  invocation.request_id = reply.header("lambda-runtime-aws-request-id");
  invocation.function_arn = reply.header("lambda-runtime-invoked-function-arn");
  invocation.trace_id = reply.header("lambda-runtime-trace-id");
  std::int64_t deadline_ms = 0;
  const std::string_view text = reply.header("lambda-runtime-deadline-ms");
  std::from_chars(text.data(), text.data() + text.size(), deadline_ms);
  invocation.deadline = base::from_unix_ms(deadline_ms);
  invocation.payload = std::move(reply.body);
  return invocation;
}

Outcome handle(const Handler& handler, Invocation invocation) {
  try {
    return handler(std::move(invocation));
  } catch (const std::exception& error) {
    return std::unexpected(FunctionError{"UnhandledException", error.what()});
  } catch (...) {
    return std::unexpected(FunctionError{"UnhandledException", "an exception of an unknown type"});
  }
}

}  // namespace

std::string error_body(const FunctionError& error) {
  std::string body = "{\"errorMessage\":";
  append_json_string(body, error.message);
  body += ",\"errorType\":";
  append_json_string(body, error.type);
  body += '}';
  return body;
}

int run(const Handler& handler) {
  const auto api = runtime_api();
  if (!api) return 1;
  HttpClient client(*api);
  const std::string base_path = std::string(kRuntime) + "invocation/";
  const std::string next_path = base_path + "next";
  for (;;) {
    auto next = client.call("GET", next_path, "", "");
    if (!next) {
      std::fprintf(stderr, "%s\n", next.error().c_str());
      return 1;
    }
    if (next->status != 200 || next->header("lambda-runtime-aws-request-id").empty()) {
      std::fprintf(stderr, "the Runtime API answered %d to next\n", next->status);
      return 1;
    }
    Invocation invocation = to_invocation(*std::move(next));
    setenv("_X_AMZN_TRACE_ID", invocation.trace_id.c_str(), 1);
    const std::string path = base_path + invocation.request_id;
    const Outcome outcome = handle(handler, std::move(invocation));
    // An answer that is too large or too late is refused (413, 400), which the next event does not mind.
    const auto answered =
        outcome ? client.call("POST", path + "/response", kJson, *outcome)
                : client.call("POST", path + "/error", error_headers(outcome.error()), error_body(outcome.error()));
    if (!answered) {
      std::fprintf(stderr, "%s\n", answered.error().c_str());
      return 1;
    }
    if (answered->status >= 300) {
      std::fprintf(stderr, "the Runtime API refused the answer: %d %s\n", answered->status, answered->body.c_str());
    }
  }
}

int report_init_error(const FunctionError& error) {
  if (const auto api = runtime_api()) {
    HttpClient client(*api);
    const auto answered =
        client.call("POST", std::string(kRuntime) + "init/error", error_headers(error), error_body(error));
    if (!answered) std::fprintf(stderr, "%s\n", answered.error().c_str());
  }
  return 1;
}

}  // namespace pipeline::lambda_runtime
