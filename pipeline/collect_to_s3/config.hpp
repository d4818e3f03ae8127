#pragma once
// What collect_to_s3 is told by its environment (pipeline/README.md lists the variables).

#include <cstddef>
#include <expected>
#include <functional>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "pipeline/collect_to_s3/address.hpp"

namespace pipeline::collect_to_s3 {

enum class UserAgentPolicy { drop, keep };

struct Config {
  std::string bucket;
  std::string state_machine_arn;
  std::string table = {};  // where the shares of write keys with a rate are claimed; empty: each instance for itself
  base::Duration answer_max = std::chrono::seconds(8);
  std::size_t body_bytes_max = 10 << 20;
  std::size_t events_max = 10'000;
  base::Duration cache_for = std::chrono::seconds(30);
  // What a raw line says of the connection that its event came by.
  AddressPolicy address = AddressPolicy::drop;
  UserAgentPolicy user_agent = UserAgentPolicy::drop;
};

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// What is wrong with the environment, where it can't be used.
std::expected<Config, std::string> read_config(const Environment& environment);

}  // namespace pipeline::collect_to_s3
