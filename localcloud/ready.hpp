#pragma once
// What is printed once everything runs: where to send events, how to query them, where the logs are.

#include <cstdint>
#include <string>

#include "localcloud/data_folder.hpp"
#include "localcloud/options.hpp"

namespace localcloud {

struct Ready {
  std::string bind;
  std::uint16_t port = 0;
  std::uint16_t events_port = 0;  // 0: no pipeline
};

std::string ready_text(const Ready& ready, const ServeOptions& options, const DataFolder& folder);
// One line; names the file with the credentials, never a secret of AWS's. The write key is for the collector only.
std::string ready_json(const Ready& ready, const ServeOptions& options, const DataFolder& folder);

}  // namespace localcloud
