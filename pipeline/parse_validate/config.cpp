// Environment variables.

#include "pipeline/parse_validate/config.hpp"

#include "base/text.hpp"

namespace pipeline::parse_validate {

std::expected<Config, std::string> read_config(const Environment& environment) {
  Config config;
  config.bucket = environment("BUCKET").value_or("");
  config.table = environment("TABLE").value_or("");
  if (config.bucket.empty()) return std::unexpected("BUCKET is missing");
  if (config.table.empty()) return std::unexpected("TABLE is missing");
  for (const std::string name : {"RETENTION_DAYS", "CACHE_SECONDS"}) {
    const auto text = environment(name);
    if (!text || text->empty()) continue;
    const auto number = base::to_number<std::int64_t>(*text);
    constexpr std::int64_t kMax = 1'000'000;
    if (!number || *number < 0 || *number > kMax) {
      return std::unexpected(name + " must be an integer from 0 to 1000000, is \"" + *text + "\"");
    }
    if (name == "RETENTION_DAYS") {
      config.retention_days = *number;
    } else {
      config.cache_for = std::chrono::seconds(*number);
    }
  }
  return config;
}

}  // namespace pipeline::parse_validate
