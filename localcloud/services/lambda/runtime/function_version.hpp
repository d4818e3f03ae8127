#pragma once
// What the machine knows of a function: one immutable revision of its code and configuration.

#include <filesystem>
#include <map>
#include <string>

#include "base/clock.hpp"

namespace localcloud::lambda {

struct FunctionVersion {
  std::string account;
  std::string region;
  std::string name;
  std::string arn;          // without a qualifier
  std::string revision;     // changes with the code and the configuration: instances of another one are retired
  std::string code_sha256;  // of its package, in base64
  std::filesystem::path code_folder;
  std::string handler;
  int memory_mb = 128;
  base::Duration timeout = std::chrono::seconds(3);
  std::map<std::string, std::string> variables;
  std::string role_arn;
  std::string log_group;
};

}  // namespace localcloud::lambda
