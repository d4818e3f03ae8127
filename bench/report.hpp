#pragma once
// What a benchmark found: a table for people, a JSON object a line with --json.

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "bench/load.hpp"
#include "bench/server.hpp"

namespace bench {

// What a figure is held against.
struct Limit {
  std::string name;
  double value = 0;
};

struct Row {
  std::string name;
  double value = 0;
  std::string unit;  // "/s", "ms", "MiB"
  std::optional<Limit> limit = {};
  std::optional<double> goal = {};
  std::optional<Measured> answers = {};  // where requests were answered: their times at 80 % of the rate
  double server_cpu_us = 0;              // for one of what is counted; 0: not measured
  double client_cpu_us = 0;              // the load generator's
};

struct Settings {
  double seconds = 3;  // of each measurement
  int connections = 64;
  std::string only;             // what a figure's name must hold to be measured
  long items_max = 20'000'000;  // of the largest store that growth makes
  enum class Print { table, json } print = Print::table;
};

// Reads the command line and runs `measure`; what it throws is said, and the exit status 1.
int measure_and_report(int argc, char** argv, std::string_view question,
                       const std::function<void(const Settings&)>& measure);

void print(const Settings& settings, const Row& row);

// As fast as answers come, then at 80 % of that for the times.
Row rate_of(const Server& server, Load load, std::string name);

}  // namespace bench
