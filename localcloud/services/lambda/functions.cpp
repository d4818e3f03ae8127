#include "localcloud/services/lambda/functions.hpp"

namespace localcloud::lambda {

namespace {

Function load(std::string_view stored, const CodeStore& code) {
  Function function{.record = read_function(stored), .policy = {}, .version = {}};
  function.policy = function.record.policy();
  const FunctionRecord& record = function.record;
  function.version = std::make_shared<const FunctionVersion>(
      FunctionVersion{.account = record.account,
                      .region = record.region,
                      .name = record.name,
                      .arn = record.arn(),
                      .revision = record.instances,
                      .code_sha256 = record.code_sha256,
                      .code_folder = code.folder_of(record.code_sha256),
                      .handler = record.handler,
                      .memory_mb = record.memory_mb,
                      .timeout = std::chrono::seconds(record.timeout_s),
                      .variables = record.variables.value_or(std::map<std::string, std::string>{}),
                      .role_arn = record.role,
                      .log_group = "/aws/lambda/" + record.name});
  return function;
}

}  // namespace

std::shared_ptr<const Function> Functions::find(const FunctionId& id) {
  return functions_.find(store_.current(), function_key(id),
                         [this](std::string_view stored) { return load(stored, code_); });
}

std::shared_ptr<const Function> Functions::find_by_url(std::string_view url_id) {
  const auto id = urls_.find(store_.current(), url_key(url_id), &read_url);
  std::shared_ptr<const Function> function = id ? find(*id) : nullptr;
  const bool is_its = function && function->record.url && function->record.url->id == url_id;
  return is_its ? function : nullptr;
}

}  // namespace localcloud::lambda
