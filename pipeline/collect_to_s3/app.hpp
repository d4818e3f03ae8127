#pragma once
// Lambda function 1: takes events over HTTP, stores them raw, and has them carried on.
//
// An App is stateless but for its cache of write keys; one serves any number of invocations at a time.

#include <string>
#include <string_view>

#include "aws/client.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"
#include "json/value.hpp"
#include "pipeline/cache/etag_cache.hpp"
#include "pipeline/collect_to_s3/config.hpp"
#include "pipeline/collect_to_s3/http.hpp"
#include "pipeline/collect_to_s3/rate_limits.hpp"
#include "pipeline/collect_to_s3/wires/wires.hpp"
#include "pipeline/collect_to_s3/write_keys.hpp"
#include "pipeline/lambda_runtime/value_outcome.hpp"
#include "pipeline/telemetry/telemetry.hpp"

namespace pipeline::collect_to_s3 {

class App {
 public:
  // What it is given must outlive it.
  App(Config config, aws::Client& client, const base::Clock& clock, base::Ids& ids);

  // The event of a function URL becomes an HTTP answer; any other payload is a raw event, or an array of them, which is
  // stored: {"bucket", "key", "received", "ids"}. The invocation, and where its lines go, must live until the task
  // ends.
  Task<lambda_runtime::Outcome> handle(const lambda_runtime::Invocation& invocation, telemetry::Lines& lines);
  // The same for an event that is a value already; the invocation has its text, or none.
  Task<lambda_runtime::ValueOutcome> handle(json::Value event, const lambda_runtime::Invocation& invocation,
                                            telemetry::Lines& lines);

 private:
  // One request on its way.
  struct Arrival {
    std::string_view request_id;
    telemetry::Lines& lines;
    base::Time received_at;
    aws::CallOptions options;
    std::string source = {};
    std::string held = {};  // why the events are held back; empty: they aren't
    std::string key_hash = {};
    std::optional<std::int64_t> events_per_second = {};  // of the key
    event::Wire wire = event::Wire::events;
    std::string visitor = {};
    std::string address = {};     // what may be kept of it
    std::string user_agent = {};  // empty where it isn't kept
    std::size_t body_bytes = 0;
  };
  struct Stored {
    std::string key;
    std::string ulid;
    std::vector<std::string> ids;
  };

  Task<lambda_runtime::ValueOutcome> handle_direct(std::string text, Arrival arrival);
  Task<Response> answer(const Request& request, Arrival arrival);
  // On which wire the events came, the body may know better than the path: arrival.wire.
  Task<Response> collect(const Request& request, Arrival& arrival);
  // 200 where the key is known, and then arrival.source is set; else 401, or 503 where the keys can't be read.
  Task<int> authorize(std::string write_key, Arrival& arrival);
  Task<Response> keep_undecodable(const Request& request, Undecodable undecodable, const Arrival& arrival);
  Task<Result<Stored>> store(const Batch& batch, const Arrival& arrival);
  Task<Result<Done>> start(const Stored& stored, const Arrival& arrival);

  std::expected<Batch, Undecodable> decode(std::string& body, const Request& request, event::Wire& wire) const;
  static Response accepted(const Stored& stored, const Request& request);
  Response refuse_sender(int status, const Arrival& arrival);
  // 429 where the key has sent its share; with 0 events it only looks.
  Task<std::optional<Response>> over_rate(const Arrival& arrival, std::size_t events);
  Response unavailable(std::string_view what, const ServiceError& error, const Arrival& arrival);
  void count(const Arrival& arrival, std::int64_t received, std::int64_t quarantined);

  const Config config_;
  aws::Client& client_;
  const base::Clock& clock_;
  base::Ids& ids_;
  cache::EtagCache<WriteKeys> write_keys_;
  RateLimits rate_limits_;
};

}  // namespace pipeline::collect_to_s3
