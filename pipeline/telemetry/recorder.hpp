#pragma once
// Log lines kept for a test to look at. Not thread-safe.

#include <string>
#include <vector>

#include "json/parse.hpp"
#include "pipeline/telemetry/telemetry.hpp"

namespace pipeline::telemetry {

class Recorder final : public Lines {
 public:
  void write(std::string line) override { lines.push_back(std::move(line)); }

  // The sum of a metric over all EMF lines.
  std::int64_t sum(std::string_view metric) const {
    std::int64_t sum = 0;
    for (const std::string& line : lines) {
      const auto parsed = json::parse(line);
      if (parsed && parsed->find("_aws")) sum += parsed->get_int64(metric).value_or(0);
    }
    return sum;
  }

  std::vector<std::string> lines;
};

}  // namespace pipeline::telemetry
