// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html

#include "localcloud/services/lambda/runtime/environment.hpp"

namespace localcloud::lambda {

namespace {

constexpr std::string_view kReserved[] = {"_HANDLER",
                                          "_X_AMZN_TRACE_ID",
                                          "AWS_DEFAULT_REGION",
                                          "AWS_REGION",
                                          "AWS_EXECUTION_ENV",
                                          "AWS_LAMBDA_FUNCTION_NAME",
                                          "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                                          "AWS_LAMBDA_FUNCTION_VERSION",
                                          "AWS_LAMBDA_INITIALIZATION_TYPE",
                                          "AWS_LAMBDA_LOG_GROUP_NAME",
                                          "AWS_LAMBDA_LOG_STREAM_NAME",
                                          "AWS_ACCESS_KEY",
                                          "AWS_ACCESS_KEY_ID",
                                          "AWS_SECRET_ACCESS_KEY",
                                          "AWS_SESSION_TOKEN",
                                          "AWS_LAMBDA_RUNTIME_API",
                                          "LAMBDA_TASK_ROOT",
                                          "LAMBDA_RUNTIME_DIR"};

}  // namespace

bool is_reserved_variable(std::string_view name) {
  return std::find(std::begin(kReserved), std::end(kReserved), name) != std::end(kReserved);
}

std::vector<std::string> function_environment(const FunctionVersion& version, const Credentials& credentials,
                                              const Surroundings& surroundings) {
  std::map<std::string, std::string> variables = version.variables;
  // A user's own value wins where Lambda lets it.
  variables.emplace("PATH", "/usr/local/bin:/usr/bin/:/bin:/opt/bin");
  variables.emplace("LANG", "en_US.UTF-8");
  variables.emplace("TZ", ":UTC");
  // Unlike AWS: the SDKs find localcloud instead of AWS, and a scratch folder that may not be /tmp.
  variables.emplace("AWS_ENDPOINT_URL", surroundings.endpoint_url);
  variables.emplace("TMPDIR", surroundings.temp_root);
  variables["_HANDLER"] = version.handler;
  variables["AWS_REGION"] = version.region;
  variables["AWS_DEFAULT_REGION"] = version.region;
  variables["AWS_ACCESS_KEY_ID"] = credentials.access_key_id;
  variables["AWS_SECRET_ACCESS_KEY"] = credentials.secret_access_key;
  variables["AWS_SESSION_TOKEN"] = credentials.session_token;
  variables["AWS_LAMBDA_FUNCTION_NAME"] = version.name;
  variables["AWS_LAMBDA_FUNCTION_VERSION"] = "$LATEST";
  variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] = std::to_string(version.memory_mb);
  variables["AWS_LAMBDA_INITIALIZATION_TYPE"] = "on-demand";
  variables["AWS_LAMBDA_LOG_GROUP_NAME"] = version.log_group;
  variables["AWS_LAMBDA_LOG_STREAM_NAME"] = surroundings.log_stream;
  variables["AWS_LAMBDA_RUNTIME_API"] = surroundings.runtime_api;
  variables["LAMBDA_TASK_ROOT"] = surroundings.task_root;
  variables["LAMBDA_RUNTIME_DIR"] = "/var/runtime";

  std::vector<std::string> environment;
  for (const auto& [name, value] : variables) environment.push_back(name + "=" + value);
  return environment;
}

}  // namespace localcloud::lambda
