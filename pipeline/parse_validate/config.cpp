// Environment variables.

#include "pipeline/parse_validate/config.hpp"

#include <fmt/core.h>

#include "base/text.hpp"

namespace pipeline::parse_validate {

namespace {

struct Bounds {
  std::int64_t min, max;
};

// Sets `number` where the variable is there; says what is wrong with it.
std::string read_number(const Environment& environment, const std::string& name, Bounds bounds, std::int64_t& number) {
  const auto text = environment(name);
  if (!text || text->empty()) return {};
  const auto value = base::to_number<std::int64_t>(*text);
  if (!value || *value < bounds.min || *value > bounds.max)
    return fmt::format("{} must be an integer from {} to {}, is \"{}\"", name, bounds.min, bounds.max, *text);
  number = *value;
  return {};
}

}  // namespace

std::expected<Config, std::string> read_config(const Environment& environment) {
  Config config;
  config.bucket = environment("BUCKET").value_or("");
  config.table = environment("TABLE").value_or("");
  if (config.bucket.empty()) return std::unexpected("BUCKET is missing");
  if (config.table.empty()) return std::unexpected("TABLE is missing");
  std::int64_t cache_s = 30, shards = kShards;
  for (const std::string& problem : {read_number(environment, "RETENTION_DAYS", {0, 1'000'000}, config.retention_days),
                                     read_number(environment, "CACHE_SECONDS", {0, 1'000'000}, cache_s),
                                     read_number(environment, "SHARDS", {1, kShardsMax}, shards)}) {
    if (!problem.empty()) return std::unexpected(problem);
  }
  config.cache_for = std::chrono::seconds(cache_s);
  config.shards = static_cast<unsigned>(shards);
  return config;
}

}  // namespace pipeline::parse_validate
