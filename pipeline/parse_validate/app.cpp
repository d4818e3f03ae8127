// read ▶ judge each event ▶ insert ▶ quarantine ▶ count

#include "pipeline/parse_validate/app.hpp"

#include <fmt/core.h>

#include <numeric>
#include <utility>

#include "base/check.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/event/envelope.hpp"
#include "pipeline/parse_validate/run.hpp"
#include "pipeline/privacy/pseudonym.hpp"

namespace pipeline::parse_validate {

namespace {

constexpr std::string_view kFunction = "parse_validate";
// Between the last call's deadline and Lambda's killing the process.
constexpr base::Duration kMargin = std::chrono::seconds(1);
constexpr std::size_t kStatementsMax = 25;  // of a BatchExecuteStatement
constexpr int kRounds = 6;
constexpr base::Duration kBackoffFirst = std::chrono::milliseconds(50);
// Judged in one go; then other work of the thread comes in between. An object may hold 10,000 events.
constexpr std::size_t kEventsAtATime = 100;
// Types that nobody registered, looked up for one object: a sender who makes them up must not cost a read for each.
constexpr std::size_t kMissingSchemasMax = 100;

// Continues when what waits for this thread has run. A process of its own has nothing else to do.
Task<void> yield() {
  if (base::Executor* const here = base::Executor::current()) co_await base::resume_on(*here);
}

std::unexpected<lambda_runtime::FunctionError> function_error(std::string_view type, std::string message) {
  return std::unexpected(lambda_runtime::FunctionError{.type = std::string(type), .message = std::move(message)});
}

std::unexpected<lambda_runtime::FunctionError> function_error(const ServiceError& error) {
  if (error.code == "NoSuchKey") return function_error("Pipeline.BadInput", "there is no such object");
  return function_error(aws::is_retryable(error) ? "Pipeline.Retryable" : "Pipeline.Refused",
                        error.code + ": " + error.message);
}

// As DynamoDB names them in a batch of statements.
bool is_retryable(const aws::StatementError& error) {
  return error.code == "ThrottlingError" || error.code == "ProvisionedThroughputExceeded" ||
         error.code == "RequestLimitExceeded" || error.code == "InternalServerError" ||
         error.code == "TransactionConflict";
}

ServiceError service_error(const aws::StatementError& error) {
  return {.code = error.code, .message = error.message, .http_status = is_retryable(error) ? 503 : 400};
}

using event::Failure;

// What is wrong with an event.
struct Finding {
  Failure failure = Failure::invalid;
  std::vector<event::Reason> reasons;
  std::string schema = {};  // that judged it
};

void quarantine(Run& run, std::size_t line, const event::Envelope& envelope, std::string type, Finding finding) {
  run.quarantined[line] = {.failure = finding.failure,
                           .stage = kFunction,
                           .schema = std::move(finding.schema),
                           .id = envelope.id,
                           .type = std::move(type),
                           .received_at = envelope.received_at,
                           .source = envelope.source,
                           .reasons = std::move(finding.reasons),
                           .raw_pointer = event::RawPointer{.bucket = run.bucket, .key = run.key, .line = line}};
}

std::string ulid_of(std::string_view key) {
  std::string_view name = key.substr(key.rfind('/') + 1);
  return std::string(name.substr(0, name.find('.')));
}

// The event of a line that was read before, as it was judged.
std::optional<event::Event> read_again(std::string_view line) {
  const auto envelope = event::read_envelope(line);
  auto event = envelope ? event::read_event(*envelope) : std::unexpected(event::Unreadable{});
  if (!event) return std::nullopt;
  event::normalize(*event);
  return *std::move(event);
}

void count_stored(Run& run, const Candidate& candidate) {
  ++run.stored;
  if (candidate.verdict == Verdict::Kind::observed) ++run.observed;
  if (candidate.verdict == Verdict::Kind::trimmed) ++run.trimmed;
}

// An id that is used again for something else is no duplicate: nothing of it may get lost.
Finding reused(std::string_view other) {
  return {.failure = Failure::id_reused,
          .reasons = {{"", "idReused",
                       fmt::format("an event of this user, time and id is stored, with other content: {}", other)}}};
}

// The second of two lines of one object with the same keys.
void settle_double(Run& run, std::size_t index, std::string_view line, std::string_view first) {
  const auto one = read_again(first);
  const auto other = read_again(line);
  if (one && other && (one->type != other->type || one->properties != other->properties)) {
    quarantine(run, index, *event::read_envelope(line), other->type, reused("a line of the same object"));
  } else {
    ++run.duplicate;
  }
}

}  // namespace

App::App(Config config, aws::Client& client, base::Timers& timers, base::Ids& ids)
    : config_(std::move(config)),
      client_(client),
      timers_(timers),
      ids_(ids),
      registry_({.bucket = config_.bucket,
                 .fresh_for = config_.cache_for,
                 .missing_for = std::min<base::Duration>(config_.cache_for, std::chrono::seconds(5))},
                client, timers.clock()),
      policies_({.bucket = config_.bucket,
                 .fresh_for = config_.cache_for,
                 .missing_for = config_.cache_for,
                 .unusable = cache::Settings::Unusable::leaves_last},
                &schema::Policies::parse, client, timers.clock()),
      privacy_({.bucket = config_.bucket, .fresh_for = config_.cache_for, .missing_for = config_.cache_for}, client,
               timers.clock()),
      enricher_({.bucket = config_.bucket, .fresh_for = config_.cache_for, .missing_for = config_.cache_for}, client,
                timers.clock()) {}

Task<lambda_runtime::Outcome> App::handle(const lambda_runtime::Invocation& invocation, telemetry::Lines& lines) {
  auto parsed = json::parse(invocation.payload);
  json::Value event = parsed ? *std::move(parsed) : json::Value();
  lambda_runtime::ValueOutcome outcome = co_await handle(std::move(event), invocation, lines);
  if (!outcome) co_return std::unexpected(std::move(outcome.error()));
  co_return json::write(*outcome);
}

Task<lambda_runtime::ValueOutcome> App::handle(json::Value event, const lambda_runtime::Invocation& invocation,
                                               telemetry::Lines& lines) {
  Run run{.request_id = invocation.request_id, .lines = lines};
  run.options.deadline = invocation.deadline - kMargin;
  const auto bucket = event.get_string("bucket");
  const auto key = event.get_string("key");
  if (!bucket || !key) co_return function_error("Pipeline.BadInput", "the input must be {\"bucket\", \"key\"}");
  const auto quarantine_key = event::quarantine_key(*key);
  if (*bucket != config_.bucket || !quarantine_key) {
    co_return function_error("Pipeline.BadInput", "the input must point to an object of raw/ in the pipeline's bucket");
  }
  run.bucket = *bucket;
  run.key = *key;
  run.quarantine_key = *quarantine_key;
  run.is_replay = event.get_bool("replay").value_or(false);
  run.takes_held = event.get_bool("take_held").value_or(false);
  const Result<Done> processed = co_await process(run);
  if (!processed) {
    telemetry::log(run.lines, telemetry::Level::error, "not processed", run.request_id,
                   {{"key", run.key}, {"code", processed.error().code}, {"reason", processed.error().message}});
    co_return function_error(processed.error());
  }
  report(run);
  json::Object answer{{"bucket", run.bucket},
                      {"key", run.key},
                      {"received", std::uint64_t{run.received}},
                      {"stored", std::uint64_t{run.stored}},
                      {"duplicate", std::uint64_t{run.duplicate}},
                      {"quarantined", std::uint64_t{run.quarantined.size()}}};
  if (!run.quarantined.empty()) answer.set("quarantine_key", run.quarantine_key);
  co_return answer;
}

Task<Result<Done>> App::process(Run& run) {
  aws::GetObject get{.bucket = run.bucket, .key = run.key};
  auto object = co_await client_.get_object(std::move(get), run.options);
  if (!object) co_return failure(object.error());
  run.body = std::move(object->body);
  const Result<Done> configured = co_await configure(run);
  if (!configured) co_return failure(configured.error());
  std::string_view rest = run.body;
  std::size_t index = 0;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (line.empty()) continue;
    const std::size_t here = index++;
    if (event::is_erased(line)) continue;
    const Result<Done> judged = co_await judge(run, line, here);
    if (!judged) co_return failure(judged.error());
    ++run.received;
    if (run.received % kEventsAtATime == 0) co_await yield();
  }
  const Result<Done> inserted = co_await insert(run);
  if (!inserted) co_return failure(inserted.error());
  const Result<Done> written = co_await write_quarantine(run);
  if (!written) co_return failure(written.error());
  CHECK(run.received == run.stored + run.duplicate + run.quarantined.size());
  co_return Done{};
}

Task<Result<Done>> App::configure(Run& run) {
  const Result<Done> read = co_await read_policies(run);
  if (!read) co_return failure(read.error());
  const auto rules = co_await privacy_.rules(run.options);
  if (!rules) co_return failure(rules.error());
  run.rules = *rules;
  run.sources = co_await enricher_.sources(run.options);
  for (const std::string& problem : run.sources.problems) {
    telemetry::log(run.lines, telemetry::Level::warning, "events are enriched in part", run.request_id,
                   {{"reason", problem}});
  }
  co_return Done{};
}

// Adds the event of one line to the candidates, to the quarantined or to the duplicates.
Task<Result<Done>> App::judge(Run& run, std::string_view line, std::size_t index) {
  auto envelope = event::read_envelope(line);
  if (!envelope) {
    // Not written by the collector: somebody put or changed the object by hand.
    const event::Envelope unknown{
        .id = event::derived_id(ulid_of(run.key), index), .received_at = {}, .source = {}, .raw = {}};
    quarantine(run, index, unknown, "", {.failure = Failure::foreign, .reasons = {{"", "envelope", envelope.error()}}});
    co_return Done{};
  }
  run.oldest_received_at = std::min(run.oldest_received_at, envelope->received_at);
  auto event = event::read_event(*envelope);
  if (!event) {
    quarantine(run, index, *envelope, std::move(event.error().type),
               {.failure = Failure::unreadable, .reasons = std::move(event.error().reasons)});
    co_return Done{};
  }
  if (!envelope->held.empty() && !run.takes_held) {
    quarantine(
        run, index, *envelope, event->type,
        {.failure = Failure::held, .reasons = {{"", envelope->held, "it is held back until an operator takes it in"}}});
    co_return Done{};
  }
  const schema::Policy policy = run.policies->of(envelope->source, event->type);
  Wanted wanted{.type = event->type, .version = event->schema_version, .formats = policy.formats};
  const auto entry = co_await schema_of(run, std::move(wanted));
  if (!entry) co_return failure(entry.error());
  const auto& schema = (*entry)->value;
  const privacy::Mask mask(run.rules.get(), schema ? &schema->treatments() : nullptr, envelope->source, event->type);
  Verdict verdict = judge_by(**entry, *event, policy.invalid);
  mask.shorten(verdict.reasons, *event);
  if (verdict.kind == Verdict::Kind::blocked) {
    quarantine(run, index, *envelope, event->type,
               {.failure = verdict.failure,
                .reasons = std::move(verdict.reasons),
                .schema = event->type + "/" + (*entry)->version});
    co_return Done{};
  }
  event::normalize(*event);
  Provenance provenance{.schema_version = (*entry)->version, .violations = brief(verdict.reasons)};
  if (mask.is_empty()) {
    provenance.omitted_properties = take_unknown(verdict, event->properties);
  } else {
    const Result<Done> hidden = co_await hide(run, mask, verdict, *event, provenance);
    if (!hidden) co_return failure(hidden.error());
  }
  propose(run, {.line = index, .text = line, .verdict = verdict.kind}, *std::move(event), *envelope,
          std::move(provenance));
  co_return Done{};
}

void App::propose(Run& run, Candidate candidate, event::Event event, const event::Envelope& envelope,
                  Provenance provenance) {
  candidate.type = event.type;
  candidate.source = envelope.source;
  candidate.id = event.id;
  candidate.received_at = envelope.received_at;
  candidate.raw_pointer = fmt::format("{}#{}", run.key, candidate.line);
  provenance.raw_pointer = candidate.raw_pointer;
  provenance.source = candidate.source;
  provenance.address = envelope.address;
  provenance.received_at = candidate.received_at;
  provenance.stored_at = timers_.clock().now();
  provenance.retention_days = config_.retention_days;
  provenance.shards = config_.shards;
  provenance.enriched = enrichment::enrich(run.sources, event, envelope);
  auto item = make_item(std::move(event), std::move(provenance));
  if (!item) {
    quarantine(run, candidate.line, envelope, std::move(candidate.type),
               {.failure = Failure::unstorable, .reasons = std::move(item.error())});
    return;
  }
  // DynamoDB refuses a batch that names a key twice.
  const auto [seen, is_new] = run.keys_seen.try_emplace(item->pk + '\0' + item->sk, candidate.text);
  if (!is_new) {
    settle_double(run, candidate.line, candidate.text, seen->second);
    return;
  }
  candidate.item = *std::move(item);
  run.candidates.push_back(std::move(candidate));
}

Task<Result<Done>> App::read_policies(Run& run) {
  const auto entry = co_await policies_.get(std::string(schema::kPoliciesKey), run.options);
  if (!entry) co_return failure(entry.error());
  run.policies = entry->value;
  if (!entry->problem.empty()) {
    const std::string_view instead = run.policies ? "what it said before counts" : "what a schema refuses is blocked";
    telemetry::log(run.lines, telemetry::Level::error, "the policies can't be used", run.request_id,
                   {{"key", schema::kPoliciesKey}, {"reason", entry->problem}, {"instead", instead}});
  }
  if (!run.policies) run.policies = std::make_shared<const schema::Policies>();
  co_return Done{};
}

Task<Result<const schema::Registry::Entry*>> App::schema_of(Run& run, Wanted wanted) {
  const auto known = run.schemas.find(wanted);
  if (known != run.schemas.end()) co_return &known->second;
  schema::Registry::Entry entry{.version = wanted.version.text(), .value = nullptr, .problem = {}};
  if (run.missing_schemas < kMissingSchemasMax) {
    auto found = co_await registry_.get(wanted.type, wanted.version, wanted.formats, run.options);
    if (!found) co_return failure(found.error());
    entry = *std::move(found);
    if (entry.is_missing()) ++run.missing_schemas;
  }
  co_return &run.schemas.emplace(std::move(wanted), std::move(entry)).first->second;
}

Task<Result<Done>> App::hide(const Run& run, const privacy::Mask& mask, const Verdict& verdict, event::Event& event,
                             Provenance& provenance) {
  const auto key = co_await privacy_.key(run.options);
  if (!key) co_return failure(key.error());
  std::string fingerprint = privacy::fingerprint(**key, event);
  provenance.omitted_properties = take_unknown(verdict, event.properties);
  const bool changes_omitted = mask.apply_by_pointer(provenance.omitted_properties, **key);
  if (mask.apply(event, **key) || changes_omitted) provenance.fingerprint = std::move(fingerprint);
  co_return Done{};
}

Task<Result<bool>> App::is_repeated(const Run& run, const event::Event& event, const json::Object& item) {
  const json::Value* const fingerprint = item.find("fingerprint");
  if (!fingerprint) co_return has_content_of(event, item);
  const auto key = co_await privacy_.key(run.options);
  if (!key) co_return failure(key.error());
  co_return fingerprint->get_string("S") == privacy::fingerprint(**key, event);
}

Task<Result<std::vector<aws::StatementOutput>>> App::execute(const Run& run, std::vector<aws::Statement> statements) {
  std::vector<aws::StatementOutput> outputs(statements.size());
  std::vector<std::size_t> places(statements.size());  // of each statement's output
  std::iota(places.begin(), places.end(), std::size_t{0});
  for (int round = 0; !statements.empty(); ++round) {
    if (round > 0) {
      const base::Duration limit = kBackoffFirst * (1 << round);
      const base::Time wake =
          timers_.clock().now() + base::Duration(ids_.below(static_cast<std::uint64_t>(limit.count())));
      co_await base::sleep_until(timers_, wake);
    }
    std::vector<aws::Statement> throttled;
    std::vector<std::size_t> throttled_places;
    for (std::size_t first = 0; first < statements.size(); first += kStatementsMax) {
      const std::size_t count = std::min(kStatementsMax, statements.size() - first);
      aws::BatchExecuteStatement batch{.statements = std::span(statements).subspan(first, count)};
      auto done = co_await client_.batch_execute_statement(std::move(batch), run.options);
      if (!done) co_return failure(done.error());
      CHECK(done->responses.size() == count);
      for (std::size_t i = first; i < first + count; ++i) {
        aws::StatementOutput& output = outputs[places[i]] = std::move(done->responses[i - first]);
        if (!output.error || !is_retryable(*output.error)) continue;
        throttled.push_back(std::move(statements[i]));
        throttled_places.push_back(places[i]);
      }
    }
    if (!throttled.empty() && round + 1 == kRounds) {
      co_return failure(service_error(*outputs[throttled_places[0]].error));
    }
    statements = std::move(throttled);
    places = std::move(throttled_places);
  }
  co_return outputs;
}

Task<Result<Done>> App::insert(Run& run) {
  if (run.candidates.empty()) co_return Done{};
  std::vector<aws::Statement> statements;
  statements.reserve(run.candidates.size());
  for (Candidate& candidate : run.candidates) statements.push_back(insert_statement(config_.table, candidate.item));
  const auto outputs = co_await execute(run, std::move(statements));
  if (!outputs) co_return failure(outputs.error());
  std::vector<std::size_t> there_already;
  for (std::size_t i = 0; i < outputs->size(); ++i) {
    const auto& error = (*outputs)[i].error;
    const Candidate& candidate = run.candidates[i];
    if (!error) {
      count_stored(run, candidate);
    } else if (error->code == "DuplicateItem") {
      there_already.push_back(i);
    } else if (error->code == "ValidationError") {
      const event::Envelope envelope{
          .id = candidate.id, .received_at = candidate.received_at, .source = candidate.source, .raw = {}};
      quarantine(run, candidate.line, envelope, candidate.type,
                 {.failure = Failure::unstorable, .reasons = {{"", "storable", error->message}}});
    } else {
      co_return failure(service_error(*error));
    }
  }
  Result<Done> told = co_await tell_retries_from_duplicates(run, std::move(there_already));
  co_return told;
}

// An item whose raw pointer is this very line was inserted by an earlier attempt at this object.
Task<Result<Done>> App::tell_retries_from_duplicates(Run& run, std::vector<std::size_t> candidates) {
  std::vector<aws::Statement> statements;
  for (const std::size_t i : candidates) statements.push_back(select_statement(config_.table, run.candidates[i].item));
  const auto outputs = co_await execute(run, std::move(statements));
  if (!outputs) co_return failure(outputs.error());
  for (std::size_t i = 0; i < outputs->size(); ++i) {
    const aws::StatementOutput& output = (*outputs)[i];
    if (output.error) co_return failure(service_error(*output.error));
    if (!output.item) {
      // It expired in between, or was deleted: the next attempt inserts it.
      ServiceError gone{.code = "ItemGone", .message = "an item vanished while it was looked at", .http_status = 503};
      co_return failure(std::move(gone));
    }
    const Candidate& candidate = run.candidates[candidates[i]];
    const json::Value* raw = output.item->find("raw");
    const std::string_view other = raw ? raw->get_string("S").value_or("") : "";
    if (other == candidate.raw_pointer) {
      count_stored(run, candidate);
      continue;
    }
    const auto event = read_again(candidate.text);
    CHECK(event);  // it was valid before
    const Result<bool> repeated = co_await is_repeated(run, *event, *output.item);
    if (!repeated) co_return failure(repeated.error());
    if (*repeated) {
      ++run.duplicate;
    } else {
      quarantine(run, candidate.line, *event::read_envelope(candidate.text), candidate.type, reused(other));
    }
  }
  co_return Done{};
}

Task<Result<Done>> App::write_quarantine(Run& run) {
  if (run.quarantined.empty()) co_return Done{};
  aws::PutObject put{
      .bucket = run.bucket, .key = run.quarantine_key, .body = {}, .content_type = "application/x-ndjson"};
  for (const auto& [line, quarantined] : run.quarantined) put.body += event::write_quarantined(quarantined) + "\n";
  const auto written = co_await client_.put_object(std::move(put), run.options);
  if (!written) co_return failure(written.error());
  co_return Done{};
}

void App::report(const Run& run) {
  const base::Time now = timers_.clock().now();
  const auto count = [](std::size_t number) { return static_cast<std::int64_t>(number); };
  std::vector<telemetry::Metric> metrics = {
      {"EventsStored", telemetry::Unit::count, count(run.stored)},
      {"EventsDuplicate", telemetry::Unit::count, count(run.duplicate)},
      {"EventsQuarantined", telemetry::Unit::count, count(run.quarantined.size())}};
  if (run.observed > 0) metrics.push_back({"EventsObserved", telemetry::Unit::count, count(run.observed)});
  if (run.trimmed > 0) metrics.push_back({"EventsTrimmed", telemetry::Unit::count, count(run.trimmed)});
  if (run.stored > 0) {
    const auto latency = std::chrono::floor<std::chrono::milliseconds>(now - run.oldest_received_at).count();
    metrics.push_back({"EndToEndLatency", telemetry::Unit::milliseconds, latency});
  }
  if (!run.is_replay) telemetry::emit(run.lines, now, kFunction, metrics);
  telemetry::log(run.lines, run.quarantined.empty() ? telemetry::Level::info : telemetry::Level::warning, "processed",
                 run.request_id,
                 {{"key", run.key},
                  {"received", std::uint64_t{run.received}},
                  {"stored", std::uint64_t{run.stored}},
                  {"duplicate", std::uint64_t{run.duplicate}},
                  {"quarantined", std::uint64_t{run.quarantined.size()}}});
}

}  // namespace pipeline::parse_validate
