#pragma once
// The environment that a function's process starts with: Lambda's reserved variables and the user's. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "localcloud/services/lambda/role_credentials.hpp"
#include "localcloud/services/lambda/runtime/function_version.hpp"

namespace localcloud::lambda {

struct Surroundings {
  std::string runtime_api;  // "127.0.0.1:9001"
  std::string endpoint_url;
  std::string task_root;
  std::string temp_root;
  std::string log_stream;
};

std::vector<std::string> function_environment(const FunctionVersion& version, const Credentials& credentials,
                                              const Surroundings& surroundings);

// Names that a user's variables may not take (CreateFunction refuses them).
bool is_reserved_variable(std::string_view name);

}  // namespace localcloud::lambda
