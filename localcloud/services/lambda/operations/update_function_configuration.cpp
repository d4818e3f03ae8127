// UpdateFunctionConfiguration: changes what a function runs with; what runs finishes as it was.
// https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

namespace {

void apply(FunctionRecord& record, const UpdateFunctionConfiguration::Input& input) {
  if (input.role) record.role = *input.role;
  if (input.handler) record.handler = *input.handler;
  if (input.description) record.description = *input.description;
  if (input.timeout) record.timeout_s = *input.timeout;
  if (input.memory_size) record.memory_mb = *input.memory_size;
  if (input.environment) record.variables = input.environment->variables;
  if (input.runtime) record.runtime = *input.runtime;
  if (input.ephemeral_storage) record.ephemeral_mb = input.ephemeral_storage->size;
}

}  // namespace

wire::Change<UpdateFunctionConfiguration::Output> update_function_configuration(
    Lambda& room, const wire::Caller& caller, UpdateFunctionConfiguration::Input input) {
  const FunctionId id = TRY(to_function_id(caller, input.function_name));
  TRY(check_runtime(input.runtime));
  TRY(check_variables(input.environment));
  TRY(check_tracing(input.tracing_config));
  if (input.role) TRY(check_role(room, *input.role));
  return [&room, id,
          input = std::move(input)](storage::Transaction& transaction) -> Result<UpdateFunctionConfiguration::Output> {
    FunctionRecord record = TRY(hold_function(transaction, id, input.revision_id));
    apply(record, input);
    record.modified = configuration_date(room.clock.now());
    record.revision_id = room.ids.uuid();
    record.instances = room.ids.uuid();
    write_function(transaction, record);
    room.pool.retire(record.arn());
    return describe(record);
  };
}

}  // namespace localcloud::lambda
