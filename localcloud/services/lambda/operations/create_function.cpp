// CreateFunction: makes a function of a zip with a `bootstrap`, ready to be invoked when it answers.
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

namespace {

Result<Done> check(Lambda& room, const wire::Caller& caller, const CreateFunction::Input& input) {
  const FunctionId id = TRY(to_function_id(caller, input.function_name));
  if (id.account != caller.account) {
    return failure(invalid_parameter("The account in the function name is not the account of the request."));
  }
  if (id.name.size() > 64) {
    return failure(invalid_parameter("The function name must be at most 64 characters long."));
  }
  if (input.package_type == PackageType::image) return failure(not_supported("PackageType Image"));
  if (!input.runtime || !input.handler) return failure(runtime_and_handler_needed());
  TRY(check_runtime(input.runtime));
  if (input.publish.value_or(false)) return failure(not_supported("Publish"));
  TRY(check_variables(input.environment));
  TRY(check_tracing(input.tracing_config));
  TRY(check_tags(input.tags.value_or(std::map<std::string, std::string>{})));
  if (room.functions.find(id)) return failure(function_exists(id.name));
  return check_role(room, input.role);
}

FunctionRecord to_record(Lambda& room, FunctionId id, CreateFunction::Input input, StoredCode code) {
  FunctionRecord record;
  record.account = id.account;
  record.region = id.region;
  record.name = id.name;
  record.runtime = *input.runtime;
  record.role = std::move(input.role);
  record.handler = *input.handler;
  record.description = input.description.value_or("");
  record.timeout_s = input.timeout.value_or(3);
  record.memory_mb = input.memory_size.value_or(128);
  if (input.ephemeral_storage) record.ephemeral_mb = input.ephemeral_storage->size;
  if (input.environment) record.variables = std::move(input.environment->variables);
  if (input.architectures) record.architecture = input.architectures->front();
  if (input.tags) record.tags = *std::move(input.tags);
  record.code_sha256 = std::move(code.sha256);
  record.code_bytes = code.bytes;
  record.modified = configuration_date(room.clock.now());
  record.revision_id = room.ids.uuid();
  record.instances = room.ids.uuid();
  return record;
}

}  // namespace

Task<Result<CreateFunction::Output>> create_function(Lambda& room, const wire::Caller& caller,
                                                     CreateFunction::Input input) {
  const Result<Done> checked = check(room, caller, input);
  if (!checked) co_return failure(checked.error());
  Result<StoredCode> code = co_await store_code(room, caller, std::move(input.code), "CreateFunction");
  if (!code) co_return failure(code.error());
  const FunctionId id = *to_function_id(caller, input.function_name);
  FunctionRecord record = to_record(room, id, std::move(input), *std::move(code));
  storage::WriteFunction<CreateFunction::Output> create =
      [id, record = std::move(record)](storage::Transaction& transaction) -> Result<CreateFunction::Output> {
    if (find_function(transaction, id)) return failure(function_exists(id.name));
    write_function(transaction, record);
    return describe(record);
  };
  Result<CreateFunction::Output> created = co_await room.store.write<CreateFunction::Output>(std::move(create));
  co_return created;
}

}  // namespace localcloud::lambda
