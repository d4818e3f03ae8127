#pragma once
// For tests: parse_validate against the services in memory, with the schemas that are shipped.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/aws_client/blocking.hpp"
#include "pipeline/aws_client/memory_client.hpp"
#include "pipeline/event/envelope.hpp"
#include "pipeline/event/event.hpp"
#include "pipeline/parse_validate/app.hpp"
#include "pipeline/telemetry/recorder.hpp"

namespace pipeline::parse_validate {

inline constexpr std::int64_t kReceived_ms = 1'795'351'558'440;  // 2026-11-22T12:45:58.440Z
inline const std::string kRawKey = "raw/year=2026/month=11/day=22/hour=12/01ABC.json";
inline const std::string kQuarantineKey = "quarantine/year=2026/month=11/day=22/hour=12/01ABC.json";

struct Counts {
  std::int64_t received, stored, duplicate, quarantined;
  bool operator==(const Counts&) const = default;
};
inline std::ostream& operator<<(std::ostream& out, const Counts& counts) {
  return out << counts.received << " received, " << counts.stored << " stored, " << counts.duplicate << " duplicate, "
             << counts.quarantined << " quarantined";
}

// Timers that move the clock instead of waiting.
class AdvancingTimers final : public base::Timers {
 public:
  explicit AdvancingTimers(base::ManualClock& clock) : clock_(clock) {}
  const base::Clock& clock() const override { return clock_; }
  void at(base::Time when, base::Work work) override {
    clock_.set(std::max(when, clock_.now()));
    work();
  }

 private:
  base::ManualClock& clock_;
};

class Parse : public testing::Test {
 protected:
  Parse() {
    const std::filesystem::path folder = PIPELINE_SOURCE_DIR "/pipeline/schemas";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path());
      std::stringstream text;
      text << file.rdbuf();
      client.put("schemas/" + entry.path().lexically_relative(folder).generic_string(), text.str());
    }
    clock.advance(std::chrono::milliseconds(1500));
  }

  // A raw object with an event a line; "id" of each is its event_id or messageId, else derived.
  void put_raw(const std::vector<std::string>& raws, event::Wire wire = event::Wire::events,
               std::string key = kRawKey) {
    std::string body;
    for (std::size_t i = 0; i < raws.size(); ++i) {
      const auto parsed = json::parse(raws[i]);
      const event::Envelope envelope{.id = parsed
                                               ? event::client_id(*parsed, wire).value_or(event::derived_id("01ABC", i))
                                               : event::derived_id("01ABC", i),
                                     .received_at = base::from_unix_ms(kReceived_ms),
                                     .wire = wire,
                                     .source = "web",
                                     .raw = raws[i]};
      body += event::write_envelope(envelope) + "\n";
    }
    client.put(key, body);
  }

  lambda_runtime::Outcome invoke(std::string payload) {
    const lambda_runtime::Invocation invocation{.payload = std::move(payload),
                                                .request_id = "r-1",
                                                .deadline = clock.now() + std::chrono::seconds(60),
                                                .function_arn = {},
                                                .trace_id = {}};
    return aws_client::run_blocking(app.handle(invocation, lines));
  }

  Counts run(const std::string& key = kRawKey) {
    const auto outcome = invoke(R"({"bucket":"b","key":")" + key + R"("})");
    if (!outcome) {
      ADD_FAILURE() << outcome.error().type << " " << outcome.error().message;
      return {-1, -1, -1, -1};
    }
    answer = *json::parse(*outcome);
    return {*answer.get_int64("received"), *answer.get_int64("stored"), *answer.get_int64("duplicate"),
            *answer.get_int64("quarantined")};
  }

  std::string error_type(std::string payload) {
    const auto outcome = invoke(std::move(payload));
    return outcome ? "none" : outcome.error().type;
  }
  std::string error_type() { return error_type(R"({"bucket":"b","key":")" + kRawKey + R"("})"); }

  // "path keyword" of the reasons of the first quarantined event.
  std::string reasons() {
    const std::string& body = client.objects[kQuarantineKey].body;
    const auto line = json::parse(body.substr(0, body.find('\n')));
    std::string out;
    if (!line) return "no quarantine";
    for (const json::Value& reason : line->find("reasons")->as_array()) {
      out += std::string(*reason.get_string("path")) + " " + std::string(*reason.get_string("keyword")) + ";";
    }
    return out;
  }

  // A member of the first quarantined event's record.
  std::string quarantined(std::string_view name) {
    const std::string& body = client.objects[kQuarantineKey].body;
    const auto line = json::parse(body.substr(0, body.find('\n')));
    const json::Value* const member = line ? line->find(name) : nullptr;
    if (!member) return "none";
    return member->is_string() ? member->as_string() : json::write(*member);
  }

  std::string attribute(const std::string& pk, const std::string& sk, std::string_view name,
                        std::string_view type = "S") {
    const auto item = client.items.find({pk, sk});
    if (item == client.items.end()) return "no item";
    const json::Value* value = item->second.find(name);
    return value ? std::string(value->get_string(type).value_or(json::write(*value))) : "none";
  }

  void fail_calls(std::string_view prefix, ServiceError error) {
    client.fail = [prefix = std::string(prefix), error](const std::string& call) -> std::optional<ServiceError> {
      return call.starts_with(prefix) ? std::optional(error) : std::nullopt;
    };
  }

  base::ManualClock clock{base::from_unix_ms(kReceived_ms)};
  base::SeededIds ids;
  AdvancingTimers timers{clock};
  telemetry::Recorder lines;
  aws_client::MemoryClient client;
  json::Value answer;
  App app{{.bucket = "b", .table = "events", .retention_days = 30}, client, timers, ids};
};

inline const std::string kClick =
    R"({"type":"click","event_id":"e-1","timestamp":"2026-11-22T15:45:58.44+03:00","user_id":"u1","properties":{"element":"buy","x":1.50}})";

}  // namespace pipeline::parse_validate
