// decode ▶ know the sender ▶ store ▶ start ▶ answer

#include "pipeline/collect_to_s3/app.hpp"

#include <fmt/core.h>

#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/collect_to_s3/address.hpp"
#include "pipeline/collect_to_s3/visitor.hpp"
#include "pipeline/collect_to_s3/wires/answers.hpp"
#include "pipeline/collect_to_s3/wires/settings.hpp"
#include "pipeline/event/envelope.hpp"
#include "pipeline/event/first_bytes.hpp"
#include "pipeline/event/quarantine.hpp"

namespace pipeline::collect_to_s3 {

namespace {

constexpr std::string_view kFunction = "collect_to_s3";
constexpr std::string_view kJson = "application/json";
constexpr std::string_view kNdjson = "application/x-ndjson";
// Between the answer's deadline and Lambda's killing the process.
constexpr base::Duration kMargin = std::chrono::milliseconds(500);
// A key that isn't known is looked for again in S3 after this, however fresh the list is: it may have been added just
// now.
constexpr base::Duration kUnknownKeyAge = std::chrono::seconds(1);

std::unexpected<lambda_runtime::FunctionError> function_error(std::string_view type, std::string message) {
  return std::unexpected(lambda_runtime::FunctionError{.type = std::string(type), .message = std::move(message)});
}

std::unexpected<lambda_runtime::FunctionError> function_error(const ServiceError& error) {
  return function_error(aws::is_retryable(error) ? "Pipeline.Retryable" : "Pipeline.Refused",
                        error.code + ": " + error.message);
}

json::Array json_array(const std::vector<std::string>& texts) {
  json::Array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

}  // namespace

App::App(Config config, aws::Client& client, const base::Clock& clock, base::Ids& ids)
    : config_(std::move(config)),
      client_(client),
      clock_(clock),
      ids_(ids),
      write_keys_({.bucket = config_.bucket, .fresh_for = config_.cache_for, .missing_for = std::chrono::seconds(1)},
                  &WriteKeys::parse, client, clock),
      rate_limits_(config_.table, client, clock, ids) {}

Task<lambda_runtime::Outcome> App::handle(const lambda_runtime::Invocation& invocation, telemetry::Lines& lines) {
  auto parsed = json::parse(invocation.payload);
  if (!parsed) co_return function_error("Pipeline.BadInput", "the payload is not JSON: " + parsed.error().describe());
  json::Value event = *std::move(parsed);
  lambda_runtime::ValueOutcome outcome = co_await handle(std::move(event), invocation, lines);
  if (!outcome) co_return std::unexpected(std::move(outcome.error()));
  co_return json::write(*outcome);
}

Task<lambda_runtime::ValueOutcome> App::handle(json::Value event, const lambda_runtime::Invocation& invocation,
                                               telemetry::Lines& lines) {
  Arrival arrival{.request_id = invocation.request_id, .lines = lines, .received_at = clock_.now()};
  arrival.options.deadline = std::min(arrival.received_at + config_.answer_max, invocation.deadline - kMargin);
  if (!is_http(event)) {
    std::string text = invocation.payload.empty() ? json::write(event) : invocation.payload;
    lambda_runtime::ValueOutcome outcome = co_await handle_direct(std::move(text), arrival);
    co_return outcome;
  }
  const auto request = read_request(event);
  if (!request) co_return to_value(error_response(400, request.error()));
  arrival.body_bytes = request->body.size();
  arrival.address = kept_address(request->source_ip, config_.address);
  if (config_.user_agent == UserAgentPolicy::keep) {
    arrival.user_agent = event::first_bytes(request->header("user-agent"), event::kUserAgentBytesMax);
  }
  Response response = co_await answer(*request, arrival);
  allow_origin(response, *request);
  co_return to_value(std::move(response));
}

Task<lambda_runtime::ValueOutcome> App::handle_direct(std::string text, Arrival arrival) {
  arrival.source = "direct";
  arrival.body_bytes = text.size();
  const auto batch = decode_events(text, kJson, config_.events_max);
  if (!batch) co_return function_error("Pipeline.BadInput", batch.error().message);
  if (batch->items.empty()) co_return function_error("Pipeline.BadInput", "there is no event in the payload");
  const Result<Stored> stored = co_await store(*batch, arrival);
  if (!stored) co_return function_error(stored.error());
  co_return json::Object{{"bucket", config_.bucket},
                         {"key", stored->key},
                         {"received", std::uint64_t{stored->ids.size()}},
                         {"ids", json_array(stored->ids)}};
}

Task<Response> App::answer(const Request& request, Arrival arrival) {
  if (request.method == "OPTIONS") co_return preflight(request);
  if (request.path == "/v1/health") {
    if (request.method != "GET" && request.method != "HEAD") co_return error_response(405, "GET or HEAD");
    co_return json_response(200, json::Object{{"status", "ok"}});
  }
  if (auto settings = settings_for(request)) co_return json_response(200, *settings);
  const auto wire = wire_of_path(request.path);
  if (!wire) co_return error_response(404, "no such path");
  const std::string_view methods = methods_of(*wire);
  const bool is_get = request.method == "GET" && methods.starts_with("GET");
  const bool is_post = request.method == "POST" && methods.ends_with("POST");
  if (!is_get && !is_post) {
    Response response = error_response(405, std::string(methods));
    response.headers.emplace_back("allow", std::string(methods) + ", OPTIONS");
    co_return response;
  }
  arrival.wire = *wire;
  Response response = co_await collect(request, arrival);
  co_return in_the_words_of(arrival.wire, request, std::move(response));
}

Task<Response> App::collect(const Request& request, Arrival& arrival) {
  const std::string shown = write_key_of(request);
  // Nothing is decompressed, parsed or kept for a stranger who shows a wrong key.
  if (!shown.empty()) {
    const int status = co_await authorize(shown, arrival);
    if (status != 200) co_return refuse_sender(status, arrival);
    if (auto refused = co_await over_rate(arrival, 0)) co_return *std::move(refused);
  }
  std::string body = request.body;
  const auto batch = decode(body, request, arrival.wire);
  if (shown.empty()) {
    if (!batch || batch->write_key.empty()) co_return refuse_sender(401, arrival);
    const int status = co_await authorize(batch->write_key, arrival);
    if (status != 200) co_return refuse_sender(status, arrival);
  }
  if (!batch) {
    Response response = co_await keep_undecodable(request, batch.error(), arrival);
    co_return response;
  }
  if (batch->items.empty()) co_return accepted(Stored{}, request);
  if (auto refused = co_await over_rate(arrival, batch->items.size())) co_return *std::move(refused);

  if (may_name_nobody(arrival.wire)) arrival.visitor = visitor_of(request, arrival.source, arrival.received_at);
  const Result<Stored> stored = co_await store(*batch, arrival);
  if (!stored) co_return unavailable("the events could not be stored", stored.error(), arrival);
  const Result<Done> started = co_await start(*stored, arrival);
  if (!started) co_return unavailable("the execution could not be started; the object stays", started.error(), arrival);
  co_return accepted(*stored, request);
}

Response App::accepted(const Stored& stored, const Request& request) {
  if (request.path == kCaptureV1Path) return capture_v1_results(stored.ids);
  json::Object body{{"received", std::uint64_t{stored.ids.size()}}, {"ids", json_array(stored.ids)}};
  if (!stored.key.empty()) body.set("key", stored.key);
  return json_response(200, body);
}

Response App::refuse_sender(int status, const Arrival& arrival) {
  if (status == 503)
    return unavailable("the write keys can't be read", {.code = "NoWriteKeys", .message = {}}, arrival);
  return error_response(
      401,
      "a known write key is needed: as the user name of Basic authorization, as Bearer, as x-write-key, as "
      "?writeKey=, or as writeKey in the body");
}

Task<int> App::authorize(std::string write_key, Arrival& arrival) {
  const std::array<base::Duration, 2> ages = {config_.cache_for, kUnknownKeyAge};
  for (const base::Duration age_max : ages) {
    const auto keys = co_await write_keys_.get(std::string(kWriteKeysKey), age_max, arrival.options);
    if (!keys || !keys->value) {
      telemetry::log(arrival.lines, telemetry::Level::error, "the write keys can't be read", arrival.request_id,
                     {{"reason", !keys                ? keys.error().code + ": " + keys.error().message
                                 : keys->is_missing() ? "no such object"
                                                      : keys->problem}});
      co_return 503;
    }
    if (const Sender* const sender = keys->value->sender_of(write_key)) {
      if (sender->refused_at <= arrival.received_at) co_return 401;
      arrival.source = sender->source;
      arrival.key_hash = sender->key_hash;
      arrival.events_per_second = sender->events_per_second;
      // A client that still has the old key would throw its events away at a 401: they are kept, and held back.
      if (sender->retired_at && *sender->retired_at <= arrival.received_at) arrival.held = event::kHeldRetiredKey;
      co_return 200;
    }
  }
  co_return 401;
}

Task<std::optional<Response>> App::over_rate(const Arrival& arrival, std::size_t events) {
  if (!arrival.events_per_second) co_return std::nullopt;
  const RateLimits::Verdict verdict =
      co_await rate_limits_.take(arrival.key_hash, *arrival.events_per_second, events, arrival.options);
  if (!verdict.problem.empty()) {
    telemetry::log(arrival.lines, telemetry::Level::warning,
                   "a rate is kept by each instance alone: the table can't be asked", arrival.request_id,
                   {{"code", verdict.problem}, {"source", arrival.source}});
  }
  if (!verdict.wait) co_return std::nullopt;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(*verdict.wait).count();
  Response response =
      error_response(429, fmt::format("this write key may send {} events a second", *arrival.events_per_second));
  response.headers.emplace_back("retry-after", std::to_string(seconds + static_cast<std::int64_t>(ids_.below(3))));
  co_return response;
}

std::expected<Batch, Undecodable> App::decode(std::string& body, const Request& request, event::Wire& wire) const {
  using event::Wire;
  const bool is_mixpanel = wire == Wire::mixpanel || wire == Wire::mixpanel_engage || wire == Wire::mixpanel_groups;
  if (is_mixpanel && request.method == "GET") body = form_data(request.query);
  if (is_mixpanel || wire == Wire::posthog) body = without_form(std::move(body));
  auto decompressed = decompress(std::move(body), config_.body_bytes_max);
  if (!decompressed) return std::unexpected(decompressed.error());
  body = *std::move(decompressed);
  if (wire == Wire::posthog && request.path == "/batch") wire = wire_of_batch(body);
  switch (wire) {
    case Wire::events:
      return decode_events(body, request.header("content-type"), config_.events_max);
    case Wire::segment:
      return decode_segment_batch(body, config_.events_max);
    case Wire::posthog:
      return decode_posthog(body, config_.events_max);
    case Wire::snowplow:
      return decode_snowplow(body, config_.events_max);
    case Wire::snowplow_query:
      return decode_snowplow_query(request.query);
    case Wire::cloudevents:
      body = structured_cloudevent(request, std::move(body));
      return decode_cloudevents(body, request.header("content-type"), config_.events_max);
    case Wire::otlp: {
      auto records = otlp_records(body, request.header("content-type"), config_.body_bytes_max);
      if (!records) return std::unexpected(records.error());
      body = *std::move(records);
      return decode_array(body, wire, config_.events_max);
    }
    case Wire::amplitude:
      return decode_amplitude(body, config_.events_max);
    case Wire::clickstream:
    case Wire::mixpanel:
    case Wire::mixpanel_engage:
    case Wire::mixpanel_groups:
    case Wire::umami:
      return decode_one_or_more(body, wire, config_.events_max);
    case Wire::matomo:
      body = matomo_body(request, std::move(body));
      return decode_matomo(body, config_.events_max);
    default:
      return decode_object(trim_json(without_marks(body)), wire);
  }
}

// The bytes of a body that can't be taken are somebody's events all the same: they are kept for whoever can read them.
Task<Response> App::keep_undecodable(const Request& request, Undecodable undecodable, const Arrival& arrival) {
  const std::string ulid = ids_.ulid(arrival.received_at);
  const event::Quarantined quarantined{.failure = event::Failure::undecodable,
                                       .stage = kFunction,
                                       .id = event::derived_id(ulid, 0),
                                       .type = {},
                                       .received_at = arrival.received_at,
                                       .source = arrival.source,
                                       .reasons = {{"", "body", undecodable.message}},
                                       .raw_pointer = std::nullopt,
                                       .raw = request.method == "GET" ? request.query : request.body};
  const std::string key = event::partition_key(event::kQuarantinePrefix, arrival.received_at, ulid);
  aws::PutObject put{.bucket = config_.bucket,
                     .key = key,
                     .body = event::write_quarantined(quarantined) + "\n",
                     .content_type = std::string(kNdjson)};
  const auto kept = co_await client_.put_object(std::move(put), arrival.options);
  if (!kept) co_return unavailable("the body could not be kept", kept.error(), arrival);
  count(arrival, 1, 1);
  telemetry::log(arrival.lines, telemetry::Level::warning, "a body can't be decoded", arrival.request_id,
                 {{"key", key}, {"reason", undecodable.message}, {"source", arrival.source}});
  co_return json_response(undecodable.status, json::Object{{"error", undecodable.message}, {"key", key}});
}

Task<Result<App::Stored>> App::store(const Batch& batch, const Arrival& arrival) {
  Stored stored{.key = {}, .ulid = ids_.ulid(arrival.received_at), .ids = {}};
  stored.key = event::partition_key(event::kRawPrefix, arrival.received_at, stored.ulid);
  std::string lines;
  for (std::size_t i = 0; i < batch.items.size(); ++i) {
    const Item& item = batch.items[i];
    event::Envelope envelope{.id = item.client_id ? *item.client_id : event::derived_id(stored.ulid, i),
                             .received_at = arrival.received_at,
                             .wire = arrival.wire,
                             .source = arrival.source,
                             .held = arrival.held,
                             .sent_at = batch.sent_at,
                             .raw = std::string(item.raw),
                             .visitor = arrival.visitor,
                             .address = arrival.address,
                             .user_agent = arrival.user_agent};
    lines += event::write_envelope(envelope);
    lines += '\n';
    stored.ids.push_back(std::move(envelope.id));
  }
  aws::PutObject put{
      .bucket = config_.bucket, .key = stored.key, .body = std::move(lines), .content_type = std::string(kNdjson)};
  const auto done = co_await client_.put_object(std::move(put), arrival.options);
  if (!done) co_return failure(done.error());
  count(arrival, static_cast<std::int64_t>(stored.ids.size()), 0);
  telemetry::log(arrival.lines, telemetry::Level::info, "stored", arrival.request_id,
                 {{"key", stored.key},
                  {"events", std::uint64_t{stored.ids.size()}},
                  {"bytes", std::uint64_t{arrival.body_bytes}},
                  {"wire", event::wire_name(arrival.wire)},
                  {"source", arrival.source}});
  co_return stored;
}

Task<Result<Done>> App::start(const Stored& stored, const Arrival& arrival) {
  aws::StartExecution start{.state_machine_arn = config_.state_machine_arn,
                            .name = stored.ulid,
                            .input = json::write(json::Object{{"bucket", config_.bucket}, {"key", stored.key}})};
  const auto started = co_await client_.start_execution(std::move(start), arrival.options);
  // A call that is repeated because its answer was lost finds the execution of that name there.
  if (!started && started.error().code != "ExecutionAlreadyExists") co_return failure(started.error());
  co_return Done{};
}

Response App::unavailable(std::string_view what, const ServiceError& error, const Arrival& arrival) {
  telemetry::log(arrival.lines, telemetry::Level::error, what, arrival.request_id,
                 {{"code", error.code}, {"reason", error.message}, {"status", error.http_status}});
  Response response = error_response(503, std::string(what));
  // Spread out, or all clients come back in the same second.
  response.headers.emplace_back("retry-after", std::to_string(1 + ids_.below(5)));
  return response;
}

void App::count(const Arrival& arrival, std::int64_t received, std::int64_t quarantined) {
  std::vector<telemetry::Metric> metrics = {
      {"EventsReceived", telemetry::Unit::count, received},
      {"BytesReceived", telemetry::Unit::bytes, static_cast<std::int64_t>(arrival.body_bytes)}};
  if (quarantined > 0) metrics.push_back({"EventsQuarantined", telemetry::Unit::count, quarantined});
  telemetry::emit(arrival.lines, arrival.received_at, kFunction, metrics);
}

}  // namespace pipeline::collect_to_s3
