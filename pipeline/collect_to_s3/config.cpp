// Environment variables.

#include "pipeline/collect_to_s3/config.hpp"

#include "base/text.hpp"

namespace pipeline::collect_to_s3 {

namespace {

// Sets `number` where the variable is there; says what is wrong with it.
std::string read_number(const Environment& environment, const std::string& name, std::int64_t& number) {
  const auto text = environment(name);
  if (!text || text->empty()) return {};
  const auto value = base::to_number<std::int64_t>(*text);
  if (!value || *value < 0) return name + " must be an integer from 0, is \"" + *text + "\"";
  number = *value;
  return {};
}

// Sets the policies where their variables are there; says what is wrong with one.
std::string read_policies(const Environment& environment, Config& config) {
  const std::string address = environment("ADDRESS").value_or("");
  const auto policy = address_policy_of(address.empty() ? "drop" : address);
  if (!policy) return "ADDRESS must be drop, truncate or keep, is \"" + address + "\"";
  config.address = *policy;
  const std::string user_agent = environment("USER_AGENT").value_or("");
  if (user_agent == "keep") {
    config.user_agent = UserAgentPolicy::keep;
  } else if (!user_agent.empty() && user_agent != "drop") {
    return "USER_AGENT must be drop or keep, is \"" + user_agent + "\"";
  }
  return {};
}

}  // namespace

std::expected<Config, std::string> read_config(const Environment& environment) {
  Config config;
  config.bucket = environment("BUCKET").value_or("");
  config.state_machine_arn = environment("STATE_MACHINE_ARN").value_or("");
  config.table = environment("TABLE").value_or("");
  if (config.bucket.empty()) return std::unexpected("BUCKET is missing");
  if (config.state_machine_arn.empty()) return std::unexpected("STATE_MACHINE_ARN is missing");
  std::int64_t answer_ms = 8000;
  std::int64_t body_bytes = static_cast<std::int64_t>(config.body_bytes_max);
  std::int64_t events = static_cast<std::int64_t>(config.events_max);
  std::int64_t cache_s = 30;
  for (const std::string& problem :
       {read_number(environment, "ANSWER_MS_MAX", answer_ms), read_number(environment, "BODY_BYTES_MAX", body_bytes),
        read_number(environment, "EVENTS_MAX", events), read_number(environment, "CACHE_SECONDS", cache_s)}) {
    if (!problem.empty()) return std::unexpected(problem);
  }
  if (const std::string problem = read_policies(environment, config); !problem.empty()) return std::unexpected(problem);
  config.answer_max = std::chrono::milliseconds(answer_ms);
  config.body_bytes_max = static_cast<std::size_t>(body_bytes);
  config.events_max = static_cast<std::size_t>(events);
  config.cache_for = std::chrono::seconds(cache_s);
  return config;
}

}  // namespace pipeline::collect_to_s3
