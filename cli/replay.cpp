// event-pipeline replay: raw objects once more through parse_validate, with today's code and schemas.
//
// Doing it twice changes nothing: events that are in the table already stay as they are, the quarantine object is
// written anew, and goes where nothing of its raw object is quarantined any more. --dry-run runs this program's own
// parse_validate, reads only, and shows what would change.

#include <fmt/core.h>

#include <iostream>

#include "cli/balance_sheet.hpp"
#include "cli/dry_client.hpp"
#include "cli/items.hpp"
#include "cli/quarantine_lines.hpp"
#include "cli/verbs.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/aws_client/blocking.hpp"
#include "pipeline/event/envelope.hpp"
#include "pipeline/parse_validate/app.hpp"

namespace cli {

namespace {

using pipeline::event::kQuarantinePrefix, pipeline::event::kRawPrefix;

constexpr std::size_t kAtATime = 64;

// What became of one object, or would.
struct Outcome {
  std::int64_t received = 0, stored = 0, duplicate = 0;
  std::map<std::size_t, QuarantineLine> before, after;
  std::string failure;
};

class NoLines final : public pipeline::telemetry::Lines {
 public:
  void write(std::string) override {}
};

// What the function answered.
void read_answer(const json::Value& answer, Outcome& outcome) {
  if (!answer.is_object()) {
    outcome.failure = "parse_validate answered no object";
    return;
  }
  const json::Object& members = answer.as_object();
  outcome.received = number_of(members, "received");
  outcome.stored = number_of(members, "stored");
  outcome.duplicate = number_of(members, "duplicate");
}

// What parse_validate is asked for.
json::Object payload_of(Calls& calls, const std::string& key, const ReplayOptions& options) {
  json::Object payload{{"bucket", calls.place().bucket()}, {"key", key}, {"replay", true}};
  if (options.held == ReplayOptions::Held::go_in) payload.set("take_held", true);
  return payload;
}

Outcome replay_object(Calls& calls, const std::string& key, const ReplayOptions& options) {
  Outcome outcome;
  outcome.before = quarantine_of(calls, key);
  const auto invoked = calls.invoke("parse_validate", payload_of(calls, key, options));
  if (invoked.has_failed) {
    outcome.failure = std::string(invoked.payload.get_string("errorType").value_or("")) + ": " +
                      std::string(invoked.payload.get_string("errorMessage").value_or(""));
    return outcome;
  }
  read_answer(invoked.payload, outcome);
  if (invoked.payload.get_string("quarantine_key")) {
    outcome.after = quarantine_of(calls, key);
  } else if (!outcome.before.empty()) {
    calls.delete_object(quarantine_key_of(key));
  }
  return outcome;
}

Outcome rehearse_object(Calls& calls, const std::string& key, const ReplayOptions& options) {
  Outcome outcome;
  outcome.before = quarantine_of(calls, key);
  DryClient client(calls.client());
  pipeline::aws_client::BlockingTimers timers(calls.clock());
  NoLines lines;
  pipeline::parse_validate::App app({.bucket = calls.place().bucket(), .table = calls.place().table()}, client, timers,
                                    calls.ids());
  const pipeline::lambda_runtime::Invocation invocation{.payload = json::write(payload_of(calls, key, options)),
                                                        .request_id = "replay",
                                                        .deadline = calls.clock().now() + std::chrono::minutes(1),
                                                        .function_arn = {},
                                                        .trace_id = {}};
  const auto answer = pipeline::aws_client::run_blocking(app.handle(invocation, lines));
  if (!answer) {
    outcome.failure = answer.error().type + ": " + answer.error().message;
    return outcome;
  }
  const auto parsed = json::parse(*answer);
  read_answer(parsed ? *parsed : json::Value(), outcome);
  for (const aws::PutObject& put : client.written) outcome.after = read_quarantine(put.body);
  return outcome;
}

// Over all objects.
struct Sum {
  std::int64_t objects = 0, received = 0, stored = 0, duplicate = 0, before = 0, after = 0, freed = 0, caught = 0;
  std::map<std::pair<std::string, std::string>, std::pair<std::int64_t, std::int64_t>> by_reason;  // before, after
  std::vector<std::pair<std::string, std::string>> failures;                                       // key, why
};

void add(Sum& sum, const std::string& key, const Outcome& outcome) {
  ++sum.objects;
  if (!outcome.failure.empty()) {
    sum.failures.emplace_back(key, outcome.failure);
    return;
  }
  sum.received += outcome.received;
  sum.stored += outcome.stored;
  sum.duplicate += outcome.duplicate;
  for (const auto& [line, one] : outcome.before) {
    ++sum.before;
    ++sum.by_reason[{one.type, one.reason}].first;
    if (!outcome.after.contains(line)) ++sum.freed;
  }
  for (const auto& [line, one] : outcome.after) {
    ++sum.after;
    ++sum.by_reason[{one.type, one.reason}].second;
    if (!outcome.before.contains(line)) ++sum.caught;
  }
}

void print(const Sum& sum, const ReplayOptions& options, Form form) {
  if (form == Form::json) {
    json::Array reasons;
    for (const auto& [what, counts] : sum.by_reason) {
      reasons.push_back(json::Object{
          {"type", what.first}, {"reason", what.second}, {"before", counts.first}, {"after", counts.second}});
    }
    json::Array failures;
    for (const auto& [key, why] : sum.failures) failures.push_back(json::Object{{"key", key}, {"error", why}});
    std::cout << json::write(json::Object{{"dry_run", options.run == ReplayOptions::Run::dry},
                                          {"objects", sum.objects},
                                          {"received", sum.received},
                                          {"stored", sum.stored},
                                          {"duplicate", sum.duplicate},
                                          {"quarantined", sum.after},
                                          {"quarantined_before", sum.before},
                                          {"freed", sum.freed},
                                          {"newly_quarantined", sum.caught},
                                          {"reasons", std::move(reasons)},
                                          {"failures", std::move(failures)}})
              << "\n";
    return;
  }
  fmt::print("{}{} objects, {} events: {} stored, {} duplicates, {} quarantined ({} before)\n",
             options.run == ReplayOptions::Run::dry ? "This would be: " : "", sum.objects, sum.received, sum.stored,
             sum.duplicate, sum.after, sum.before);
  fmt::print("{} out of quarantine, {} newly quarantined\n", in_colour(Colour::green, std::to_string(sum.freed)),
             in_colour(sum.caught > 0 ? Colour::red : Colour::dim, std::to_string(sum.caught)));
  if (!sum.by_reason.empty()) {
    std::vector<std::vector<std::string>> rows = {{"quarantined for", "type", "before", "after"}};
    for (const auto& [what, counts] : sum.by_reason) {
      rows.push_back({printable(what.second, 60), printable(what.first.empty() ? "?" : what.first, 40),
                      std::to_string(counts.first), std::to_string(counts.second)});
    }
    fmt::print("\n{}", columns(rows));
  }
  for (const auto& [key, why] : sum.failures)
    fmt::print("{} {}: {}\n", in_colour(Colour::red, "failed"), key, printable(why, 300));
}

}  // namespace

int replay(Calls& calls, const ReplayOptions& options, Form form) {
  const Span span = read_span(options.span, calls.clock().now());
  Progress progress(options.run == ReplayOptions::Run::dry ? "rehearsing" : "replaying");
  Sum sum;
  std::vector<std::string> keys;
  const auto run = [&] {
    std::vector<Outcome> outcomes(keys.size());
    if (options.run == ReplayOptions::Run::real) forget_sheets(calls, keys);
    in_parallel(keys.size(), [&](std::size_t i) {
      outcomes[i] = options.run == ReplayOptions::Run::dry ? rehearse_object(calls, keys[i], options)
                                                           : replay_object(calls, keys[i], options);
    });
    for (std::size_t i = 0; i < keys.size(); ++i) add(sum, keys[i], outcomes[i]);
    keys.clear();
    progress.at(static_cast<std::uint64_t>(sum.objects), 0, "objects");
  };
  const bool is_quarantine = options.what == ReplayOptions::What::quarantined;
  for_each_key(calls, is_quarantine ? kQuarantinePrefix : kRawPrefix, span, [&](const ListedObject& object) {
    if (is_quarantine) {
      // A body that couldn't be decoded has no raw object: its bytes stay where they are.
      if (!calls.get_object(raw_key_of(object.key))) return;
      keys.push_back(raw_key_of(object.key));
    } else {
      keys.push_back(object.key);
    }
    if (keys.size() == kAtATime) run();
  });
  run();
  progress.clear();
  print(sum, options, form);
  return sum.failures.empty() ? 0 : 1;
}

}  // namespace cli
