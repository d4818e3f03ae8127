// Environment variables.

#include "pipeline/parse_validate/config.hpp"

#include <fmt/core.h>

#include "base/text.hpp"

namespace pipeline::parse_validate {

std::expected<Config, std::string> read_config(const Environment& environment) {
  Config config;
  config.bucket = environment("BUCKET").value_or("");
  config.table = environment("TABLE").value_or("");
  if (config.bucket.empty()) return std::unexpected("BUCKET is missing");
  if (config.table.empty()) return std::unexpected("TABLE is missing");
  struct Number {
    const char* name;
    std::int64_t min, max;
    std::function<void(std::int64_t)> take;
  };
  const Number numbers[] = {
      {"RETENTION_DAYS", 0, 1'000'000, [&](std::int64_t days) { config.retention_days = days; }},
      {"CACHE_SECONDS", 0, 1'000'000, [&](std::int64_t s) { config.cache_for = std::chrono::seconds(s); }},
      {"SHARDS", 1, kShardsMax, [&](std::int64_t shards) { config.shards = static_cast<unsigned>(shards); }}};
  for (const Number& wanted : numbers) {
    const auto text = environment(wanted.name);
    if (!text || text->empty()) continue;
    const auto number = base::to_number<std::int64_t>(*text);
    if (!number || *number < wanted.min || *number > wanted.max) {
      return std::unexpected(
          fmt::format("{} must be an integer from {} to {}, is \"{}\"", wanted.name, wanted.min, wanted.max, *text));
    }
    wanted.take(*number);
  }
  return config;
}

}  // namespace pipeline::parse_validate
