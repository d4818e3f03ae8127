#pragma once
// What parse_validate is told by its environment (pipeline/README.md lists the variables).

#include <expected>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.hpp"

namespace pipeline::parse_validate {

// Into how many parts a day of a type is divided in the index by type, unless said. DynamoDB writes 1,000 items a
// second to a part.
inline constexpr unsigned kShards = 4;
inline constexpr unsigned kShardsMax = 100;

struct Config {
  std::string bucket;
  std::string table;
  std::int64_t retention_days = 365;  // 0: kept for good
  unsigned shards = kShards;          // 1 to kShardsMax
  base::Duration cache_for = std::chrono::seconds(30);
};

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// What is wrong with the environment, where it can't be used.
std::expected<Config, std::string> read_config(const Environment& environment);

}  // namespace pipeline::parse_validate
