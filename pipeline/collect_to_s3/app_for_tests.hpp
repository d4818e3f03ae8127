#pragma once
// For tests: the collector against the services in memory, and requests as a function URL has them.

#include <gtest/gtest.h>

#include "aws/crypto.hpp"
#include "base/text.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/aws_client/blocking.hpp"
#include "pipeline/aws_client/memory_client.hpp"
#include "pipeline/collect_to_s3/app.hpp"
#include "pipeline/event/envelope.hpp"
#include "pipeline/telemetry/recorder.hpp"

namespace pipeline::collect_to_s3 {

inline constexpr const char* kKey = "key-1";

struct Answer {
  int status = 0;
  json::Value body;
  json::Value headers;
  std::string header(std::string_view name) const { return std::string(headers.get_string(name).value_or("")); }
};

struct Sent {
  std::string method = "POST";
  std::string path = "/v1/events";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {{"authorization", "Bearer key-1"}};
  std::string query = {};
};

class Collect : public testing::Test {
 protected:
  Collect() {
    client.put("config/write_keys.json", R"({"keys":[{"sha256":")" + aws::sha256_hex(kKey) + R"(","source":"web"}]})");
  }

  lambda_runtime::Outcome invoke(std::string payload) { return invoke(app, std::move(payload)); }
  lambda_runtime::Outcome invoke(App& instance, std::string payload) {
    const lambda_runtime::Invocation invocation{.payload = std::move(payload),
                                                .request_id = "r-1",
                                                .deadline = clock.now() + std::chrono::seconds(10),
                                                .function_arn = {},
                                                .trace_id = {}};
    return aws_client::run_blocking(instance.handle(invocation, lines));
  }

  Answer send(const Sent& sent) { return send_to(app, sent); }
  Answer send_to(App& instance, const Sent& sent) {
    json::Object headers;
    for (const auto& [name, value] : sent.headers) headers.set(name, value);
    const json::Object payload{
        {"version", "2.0"},
        {"rawPath", sent.path},
        {"rawQueryString", sent.query},
        {"headers", headers},
        {"requestContext",
         json::Object{{"http", json::Object{{"method", sent.method}, {"path", sent.path}, {"sourceIp", "192.0.2.7"}}}}},
        {"body", base::to_base64(sent.body)},
        {"isBase64Encoded", true}};
    const auto outcome = invoke(instance, json::write(payload));
    if (!outcome) {
      ADD_FAILURE() << outcome.error().message;
      return {};
    }
    const json::Value response = *json::parse(*outcome);
    const std::string body(response.get_string("body").value_or(""));
    return {.status = static_cast<int>(response.get_int64("statusCode").value_or(0)),
            .body = json::parse(body).value_or(json::Value(body)),
            .headers = *response.find("headers")};
  }

  // The envelopes of the raw objects.
  std::vector<event::Envelope> stored() {
    std::vector<event::Envelope> envelopes;
    for (const auto& [key, object] : client.objects) {
      if (!key.starts_with("raw/")) continue;
      std::string_view rest = object.body;
      while (!rest.empty()) {
        envelopes.push_back(*event::read_envelope(rest.substr(0, rest.find('\n'))));
        rest.remove_prefix(rest.find('\n') + 1);
      }
    }
    return envelopes;
  }

  // Those of the raw objects so far, which are then forgotten.
  std::vector<event::Envelope> take_stored() {
    std::vector<event::Envelope> envelopes = stored();
    std::erase_if(client.objects, [](const auto& object) { return object.first.starts_with("raw/"); });
    return envelopes;
  }

  std::string only_key(std::string_view prefix) {
    for (const auto& [key, object] : client.objects) {
      if (key.starts_with(prefix)) return key;
    }
    return "";
  }

  // S3 takes nothing more.
  void fail_to_store() {
    client.fail = [](const std::string& call) -> std::optional<ServiceError> {
      if (call.starts_with("PutObject"))
        return ServiceError{.code = "ServiceUnavailable", .message = "", .http_status = 503};
      return std::nullopt;
    };
  }

  base::ManualClock clock{base::from_unix_ms(1'795'351'558'440)};
  base::SeededIds ids;
  telemetry::Recorder lines;
  aws_client::MemoryClient client;
  App app{{.bucket = "b", .state_machine_arn = "arn:machine"}, client, clock, ids};
};

}  // namespace pipeline::collect_to_s3
