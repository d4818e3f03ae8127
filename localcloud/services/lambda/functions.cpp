// A record's bytes are compared with those last parsed: the store is the only truth.

#include "localcloud/services/lambda/functions.hpp"

namespace localcloud::lambda {

namespace {

std::shared_ptr<const Function> load(std::string stored, const CodeStore& code) {
  auto function = std::make_shared<Function>();
  function->record = read_function(stored);
  function->stored = std::move(stored);
  function->policy = function->record.policy();
  const FunctionRecord& record = function->record;
  function->version = std::make_shared<const FunctionVersion>(
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
  const std::string key = function_key(id);
  std::optional<std::string> stored = store_.snapshot()->get(key);
  std::lock_guard lock(mutex_);
  if (!stored) {
    by_key_.erase(key);
    return nullptr;
  }
  std::shared_ptr<const Function>& known = by_key_[key];
  if (!known || known->stored != *stored) known = load(*std::move(stored), code_);
  return known;
}

}  // namespace localcloud::lambda
