// How many events a second does one core validate, parsing included and not? And how many does valijson, where it is
// installed (libvalijson-dev, rapidjson-dev)? bench/validate makes the events and runs ajv beside it.

#include <fmt/core.h>
#include <time.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <sstream>

#include "bench/report.hpp"
#include "json/parse.hpp"
#include "pipeline/schema/schema.hpp"

#if __has_include(<valijson/validator.hpp>) && __has_include(<rapidjson/document.h>)
#define HAS_VALIJSON
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wall"
#pragma GCC diagnostic ignored "-Wextra"
#include <rapidjson/document.h>

#include <valijson/adapters/rapidjson_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>
#pragma GCC diagnostic pop
#endif

namespace {

struct Options {
  std::string schema;
  std::vector<std::string> events;
  double seconds = 3;
  bench::Settings settings = {};
};

// Of this thread: what else runs on the machine doesn't count.
double cpu_s() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// Every one must be as expected, else the figure would mean nothing.
template <class Events, class Judge>
void measure(const Options& options, const std::string& name, const Events& events, const Judge& is_as_expected) {
  if (name.find(options.settings.only) == std::string::npos) return;
  const auto round = [&] {
    for (const auto& event : events) {
      if (!is_as_expected(event)) throw std::runtime_error(name + ": an event is not judged as it should be");
    }
  };
  const double warm = cpu_s() + options.seconds / 4;
  while (cpu_s() < warm) round();
  std::size_t count = 0;
  const double began = cpu_s();
  double spent = 0;
  while ((spent = cpu_s() - began) < options.seconds) {
    round();
    count += events.size();
  }
  bench::print(options.settings,
               {.name = "validate: " + name, .value = static_cast<double>(count) / spent, .unit = "/s"});
}

json::Value parse(const std::string& text) {
  auto value = json::parse(text);
  if (!value) throw std::runtime_error(value.error().describe());
  return *std::move(value);
}

void measure_ours(const Options& options) {
  const auto schema = pipeline::schema::Schema::compile(parse(options.schema));
  if (!schema) throw std::runtime_error(schema.error());
  std::vector<json::Value> valid, invalid;
  for (const std::string& event : options.events) valid.push_back(parse(event));
  for (const json::Value& event : valid) {
    json::Object bad = event.as_object();
    bad.erase("session_id");
    bad.set("consent", "yes");
    bad.set("total", -1);
    invalid.emplace_back(std::move(bad));
  }
  measure(options, "ours, event parsed", valid, [&](const json::Value& event) { return schema->is_valid(event); });
  measure(options, "ours, parse included", options.events,
          [&](const std::string& text) { return schema->is_valid(*json::parse(text)); });
  measure(options, "json::parse alone", options.events,
          [&](const std::string& text) { return json::parse(text).has_value(); });
  measure(options, "ours, three errors told", invalid,
          [&](const json::Value& event) { return schema->validate(event).size() == 3; });
}

#ifdef HAS_VALIJSON
void measure_valijson(const Options& options) {
  using Adapter = valijson::adapters::RapidJsonAdapter;
  rapidjson::Document document;
  document.Parse(options.schema.c_str());
  valijson::Schema schema;
  valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(Adapter(document), schema);
  valijson::Validator validator;
  std::vector<rapidjson::Document> parsed(options.events.size());
  for (std::size_t i = 0; i < parsed.size(); ++i) parsed[i].Parse(options.events[i].c_str());
  measure(options, "valijson, event parsed", parsed,
          [&](const rapidjson::Document& event) { return validator.validate(schema, Adapter(event), nullptr); });
  measure(options, "valijson, parse included", options.events, [&](const std::string& text) {
    rapidjson::Document event;
    event.Parse(text.c_str());
    return validator.validate(schema, Adapter(event), nullptr);
  });
}
#else
void measure_valijson(const Options&) {
  fmt::print(stderr, "valijson isn't measured: libvalijson-dev and rapidjson-dev aren't installed\n");
}
#endif

std::string read(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("can't read " + path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Events a second that one core validates. bench/validate makes the events and adds ajv."};
  std::string schema_path, events_path;
  bool json = false;
  Options options;
  app.add_option("schema", schema_path, "a file")->required();
  app.add_option("events", events_path, "a file, a valid event a line")->required();
  app.add_option("--seconds", options.seconds, "of each measurement")->capture_default_str();
  app.add_option("--only", options.settings.only, "measures only what holds this in its name");
  app.add_flag("--json", json, "a JSON object a line");
  CLI11_PARSE(app, argc, argv);
  if (json) options.settings.print = bench::Settings::Print::json;
  try {
    options.schema = read(schema_path);
    std::istringstream lines(read(events_path));
    for (std::string line; std::getline(lines, line);) options.events.push_back(line);
    measure_ours(options);
    measure_valijson(options);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
