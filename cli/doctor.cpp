// event-pipeline doctor: looks at each part of a deployed pipeline and says what is wrong and what to do about it.

#include <fmt/core.h>

#include <functional>
#include <iostream>

#include "cli/verbs.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/aws_client/blocking.hpp"
#include "pipeline/aws_client/connection.hpp"
#include "pipeline/enrichment/enricher.hpp"
#include "pipeline/privacy/policies.hpp"
#include "pipeline/schema/policies.hpp"
#include "pipeline/schema/registry.hpp"

namespace cli {

namespace {

using namespace pipeline::aws_client;
using pipeline::schema::Formats;

constexpr char kDeploy[] = "deploy it: `event-pipeline serve` does on one machine, deploy/up on AWS";

struct Finding {
  enum class Verdict { well, wrong } verdict = Verdict::well;
  std::string told;
  std::string advice = {};
};

Finding wrong(std::string told, std::string advice) {
  return {Finding::Verdict::wrong, std::move(told), std::move(advice)};
}

Finding look_at_bucket(Calls& calls) {
  if (!calls.head_bucket()) return wrong("there is no bucket " + calls.place().bucket(), kDeploy);
  return {.told = calls.place().bucket()};
}

Finding look_at_write_keys(Calls& calls) {
  const auto text = calls.get_object("config/write_keys.json");
  if (!text) return wrong("config/write_keys.json is missing: nobody may send", kDeploy);
  const auto parsed = json::parse(*text);
  const json::Value* keys = parsed ? parsed->find("keys") : nullptr;
  if (!keys || !keys->is_array())
    return wrong("config/write_keys.json isn't {\"keys\": […]}: nobody may send",
                 "put it right; pipeline/README.md shows it");
  if (keys->as_array().empty())
    return wrong("config/write_keys.json names no key: nobody may send", "add one; pipeline/README.md shows how");
  return {.told = fmt::format("{} in config/write_keys.json", keys->as_array().size())};
}

Finding look_at_schemas(Calls& calls) {
  constexpr std::string_view kPrefix = "schemas/";
  constexpr base::Duration kForNow = std::chrono::hours(1);
  pipeline::schema::Registry registry({.bucket = calls.place().bucket(), .fresh_for = kForNow, .missing_for = kForNow},
                                      calls.client(), calls.clock());
  std::size_t count = 0;
  std::string broken;
  for (const ListedObject& object : calls.list_objects(std::string(kPrefix), "", 1000)) {
    ++count;
    const auto version = pipeline::schema::version_of_key(object.key);
    const std::string type = object.key.substr(kPrefix.size(), object.key.rfind('/') - kPrefix.size());
    if (!version || pipeline::schema::schema_key(type, *version) != object.key) {
      broken += " " + object.key + " isn't schemas/<type>/<version, as 1-0-0>.json;";
      continue;
    }
    const auto entry =
        run_blocking(registry.get(type, {.model = version->model, .exact = version}, Formats::asserted, {}));
    if (!entry) throw Failed(object.key + ": " + entry.error().code);
    if (!entry->problem.empty()) broken += " " + object.key + ": " + entry->problem + ";";
  }
  if (!broken.empty())
    return wrong("can't be used:" + broken, "events of these types are quarantined; add a version that compiles");
  if (count == 0)
    return wrong("there are none: every event is quarantined as of an unknown type", "event-pipeline schema add");
  return {.told = fmt::format("{} compile", count)};
}

Finding look_at_policies(Calls& calls) {
  const std::string key(pipeline::schema::kPoliciesKey);
  const auto text = calls.get_object(key);
  if (!text) return {.told = "no " + key + ": what a schema refuses is quarantined"};
  const auto policies = pipeline::schema::Policies::parse(*text);
  if (!policies)
    return wrong(key + ": " + policies.error(), "put it right; until then what it said before counts, or nothing");
  return {.told = fmt::format("{} rules in {}", policies->size(), key)};
}

Finding look_at_function(Calls& calls, const std::string& name) {
  const auto configuration = calls.function_configuration(name);
  if (!configuration) return wrong("there is no function " + calls.place().function(name), kDeploy);
  const std::string state(configuration->get_string("State").value_or("?"));
  if (state != "Active")
    return wrong("it is " + state + ": " + std::string(configuration->get_string("StateReason").value_or("")),
                 "see its log group");
  return {.told = fmt::format("{}, {} MB, {} s", configuration->get_string("Runtime").value_or("?"),
                              configuration->get_int64("MemorySize").value_or(0),
                              configuration->get_int64("Timeout").value_or(0))};
}

Finding look_at_state_machine(Calls& calls) {
  const json::Value machine =
      calls.states("DescribeStateMachine", json::Object{{"stateMachineArn", calls.place().state_machine_arn()}});
  const std::string status(machine.get_string("status").value_or("?"));
  if (status != "ACTIVE") return wrong("it is " + status, kDeploy);
  return {.told = std::string(machine.get_string("type").value_or("?"))};
}

Finding look_at_table(Calls& calls) {
  const json::Value answer = calls.dynamodb("DescribeTable", json::Object{{"TableName", calls.place().table()}});
  const json::Value* table = answer.find("Table");
  const std::string status(table ? table->get_string("TableStatus").value_or("?") : "?");
  if (status != "ACTIVE") return wrong("it is " + status, "wait until it is ACTIVE");
  return {.told = fmt::format("{}, about {} items", calls.place().table(), table->get_int64("ItemCount").value_or(0))};
}

bool is_there(Calls& calls, std::string_view key) {
  const auto found = calls.list_objects(std::string(key), "", 1);
  return !found.empty() && found[0].key == key;
}

// The key itself isn't read: it is for parse_validate alone.
Finding look_at_privacy(Calls& calls) {
  namespace privacy = pipeline::privacy;
  if (!is_there(calls, privacy::kPseudonymKey))
    return wrong(fmt::format("{} is missing: what has something to hide isn't stored", privacy::kPseudonymKey),
                 kDeploy);
  const auto text = calls.get_object(std::string(privacy::kRulesKey));
  if (!text) return {.told = fmt::format("no {}: only what a schema marks is hidden", privacy::kRulesKey)};
  const auto rules = privacy::parse_rules(*text);
  if (!rules)
    return wrong(fmt::format("{}: {}: nothing is stored", privacy::kRulesKey, rules.error()),
                 "put it right; pipeline/privacy/README.md shows it. Then replay what failed");
  return {.told = fmt::format("{} rules in {}", rules->size(), privacy::kRulesKey)};
}

Finding look_at_enrichment(Calls& calls) {
  namespace enrichment = pipeline::enrichment;
  constexpr char kMend[] = "put it right; pipeline/enrichment/README.md shows it";
  const auto text = calls.get_object(std::string(enrichment::kSettingsKey));
  if (!text) return {.told = fmt::format("no {}: nothing is added to events", enrichment::kSettingsKey)};
  const auto settings = enrichment::parse_settings(*text);
  if (!settings)
    return wrong(fmt::format("{}: {}: nothing is added", enrichment::kSettingsKey, settings.error()), kMend);
  for (const std::string& key : {settings->user_agent_rules, settings->geo_database}) {
    if (!key.empty() && !is_there(calls, key)) return wrong(key + " is missing", kMend);
  }
  return {.told = std::string(enrichment::kSettingsKey)};
}

Finding look_at_collector(Calls& calls) {
  const std::string url = calls.events_url();
  const auto endpoint = parse_endpoint(url);
  if (!endpoint) return wrong(url + " is no address", "say --events-url http(s)://host[:port]");
  Trust trust(calls.place().settings.ca_file);
  const base::Time deadline = calls.clock().now() + std::chrono::seconds(10);
  auto connection = Connection::open(*endpoint, trust, deadline);
  if (!connection)
    return wrong(url + ": " + connection.error().message, "is it running? `event-pipeline serve`, or --events-url");
  const auto response =
      (*connection)
          ->exchange(
              {.method = "GET", .target = "/v1/health", .headers = {{"host", endpoint->authority()}}, .body = {}},
              deadline);
  if (!response) return wrong(url + ": " + response.error().message, "see the log of collect_to_s3");
  if (response->status != 200)
    return wrong(fmt::format("{} answers {}", url, response->status), "see the log of collect_to_s3");
  return {.told = url};
}

}  // namespace

int doctor(Calls& calls, Form form) {
  const std::vector<std::pair<std::string, std::function<Finding()>>> looks = {
      {"credentials", [&]() -> Finding { return {.told = calls.caller_arn()}; }},
      {"bucket", [&] { return look_at_bucket(calls); }},
      {"write keys", [&] { return look_at_write_keys(calls); }},
      {"schemas", [&] { return look_at_schemas(calls); }},
      {"policies", [&] { return look_at_policies(calls); }},
      {"privacy", [&] { return look_at_privacy(calls); }},
      {"enrichment", [&] { return look_at_enrichment(calls); }},
      {"collect_to_s3", [&] { return look_at_function(calls, "collect_to_s3"); }},
      {"parse_validate", [&] { return look_at_function(calls, "parse_validate"); }},
      {"state machine", [&] { return look_at_state_machine(calls); }},
      {"table", [&] { return look_at_table(calls); }},
      {"collector", [&] { return look_at_collector(calls); }},
  };
  int wrongs = 0;
  for (const auto& [name, look] : looks) {
    Finding finding;
    try {
      finding = look();
    } catch (const Failed& failed) {
      finding = wrong(failed.what(), "see that the place and the permissions are right");
    }
    const bool is_well = finding.verdict == Finding::Verdict::well;
    wrongs += is_well ? 0 : 1;
    if (form == Form::json) {
      json::Object line{{"part", name}, {"well", is_well}, {"told", finding.told}};
      if (!is_well) line.set("advice", finding.advice);
      std::cout << json::write(line) << "\n";
      continue;
    }
    fmt::print("{} {:15} {}\n", is_well ? in_colour(Colour::green, "ok   ") : in_colour(Colour::red, "wrong"), name,
               printable(finding.told, 400));
    if (!is_well) fmt::print("      {:15} {}\n", "", in_colour(Colour::yellow, finding.advice));
  }
  return wrongs == 0 ? 0 : 1;
}

}  // namespace cli
