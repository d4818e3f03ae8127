// The table, the JSON lines, and the command line that every benchmark has.

#include "bench/report.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "json/write.hpp"

namespace bench {

namespace {

// Six digits are more than a benchmark knows.
json::Value number(double value) {
  return std::stod(fmt::format("{:.6g}", value));
}

void print_json(const Row& row) {
  json::Object object{{"name", row.name}, {"value", number(row.value)}, {"unit", row.unit}};
  if (row.limit) {
    object.set("limit", json::Object{{"name", row.limit->name}, {"value", number(row.limit->value)}});
    object.set("ratio", number(row.value / row.limit->value));
  }
  if (row.goal) object.set("goal", number(*row.goal));
  if (row.answers) {
    object.set("p50_ms", number(row.answers->p50_ms));
    object.set("p99_ms", number(row.answers->p99_ms));
    object.set("p999_ms", number(row.answers->p999_ms));
    object.set("failed", row.answers->failed);
  }
  if (row.server_cpu_us > 0) object.set("server_cpu_us", number(row.server_cpu_us));
  if (row.client_cpu_us > 0) object.set("client_cpu_us", number(row.client_cpu_us));
  fmt::print("{}\n", json::write(object));
}

}  // namespace

void print(const Settings& settings, const Row& row) {
  if (settings.print == Settings::Print::json) {
    print_json(row);
  } else {
    std::string line = fmt::format("{:<34} {:>11.{}f} {:<5}", row.name, row.value, row.value < 100 ? 1 : 0, row.unit);
    if (row.limit)
      line += fmt::format("  {:.2f} of {} ({:.0f})", row.value / row.limit->value, row.limit->name, row.limit->value);
    if (row.goal) line += fmt::format("  goal {:.0f}", *row.goal);
    if (row.answers)
      line += fmt::format("  p50 {:.1f}  p99 {:.1f}  p99.9 {:.1f} ms", row.answers->p50_ms, row.answers->p99_ms,
                          row.answers->p999_ms);
    if (row.server_cpu_us > 0) line += fmt::format("  {:.1f} µs CPU", row.server_cpu_us);
    if (row.client_cpu_us > 0) line += fmt::format(" (the client {:.1f})", row.client_cpu_us);
    if (row.answers && row.answers->failed > 0)
      line += fmt::format("  {} failed, the first: {}", row.answers->failed, row.answers->failure);
    fmt::print("{}\n", line);
  }
  std::fflush(stdout);
}

int measure_and_report(int argc, char** argv, std::string_view question,
                       const std::function<void(const Settings&)>& measure) {
  CLI::App app{std::string(question)};
  Settings settings;
  bool json = false;
  app.add_option("--seconds", settings.seconds, "of each measurement")
      ->check(CLI::Range(0.1, 600.0))
      ->capture_default_str();
  app.add_option("--connections", settings.connections, "that send at once")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  app.add_option("--only", settings.only, "measures only what holds this in its name");
  app.add_option("--items", settings.items_max, "in the largest store, where a benchmark has several")
      ->check(CLI::Range(10'000, 1'000'000'000))
      ->capture_default_str();
  app.add_flag("--json", json, "a JSON object a line");
  CLI11_PARSE(app, argc, argv);
  if (json) settings.print = Settings::Print::json;
  try {
    measure(settings);
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}

Row rate_of(const Server& server, Load load, std::string name) {
  const double cpu_before = server.cpu_s();
  const Measured fastest = run(load);
  const double cpu_s = server.cpu_s() - cpu_before;
  load.rate_per_s = 0.8 * fastest.per_s();
  Measured answers = run(load);
  if (fastest.failed > 0) {
    answers.failed += fastest.failed;
    answers.failure = fastest.failure;
  }
  const double answered = std::max(1.0, static_cast<double>(fastest.answered));
  return {.name = std::move(name),
          .value = fastest.per_s(),
          .unit = "/s",
          .answers = answers,
          .server_cpu_us = cpu_s * 1e6 / answered,
          .client_cpu_us = fastest.client_cpu_s * 1e6 / answered};
}

}  // namespace bench
