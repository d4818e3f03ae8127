// UpdateFunctionCode: replaces a function's code; what runs finishes with the old one.
// https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

Task<Result<UpdateFunctionCode::Output>> update_function_code(Lambda& room, const wire::Caller& caller,
                                                              UpdateFunctionCode::Input input) {
  const Result<FunctionId> id = to_function_id(caller, input.function_name);
  if (!id) co_return failure(id.error());
  if (input.publish.value_or(false)) co_return failure(not_supported("Publish"));
  const Result<FunctionRecord> held = hold_function(*room.store.snapshot(), *id, input.revision_id);
  if (!held) co_return failure(held.error());

  FunctionCode code_of_request{std::move(input.zip_file), std::move(input.s3_bucket), std::move(input.s3_key)};
  Result<StoredCode> code = co_await store_code(room, caller, std::move(code_of_request), "UpdateFunctionCode");
  if (!code) co_return failure(code.error());
  storage::WriteFunction<UpdateFunctionCode::Output> update =
      [&room, id = *id, input = std::move(input),
       code = *std::move(code)](storage::Transaction& transaction) -> Result<UpdateFunctionCode::Output> {
    FunctionRecord record = TRY(hold_function(transaction, id, input.revision_id));
    if (input.architectures) record.architecture = input.architectures->front();
    record.code_sha256 = code.sha256;
    record.code_bytes = code.bytes;
    record.modified = configuration_date(room.clock.now());
    record.revision_id = room.ids.uuid();
    record.instances = room.ids.uuid();
    if (!input.dry_run.value_or(false)) {
      write_function(transaction, record);
      room.pool.retire(record.arn());
    }
    return describe(record);
  };
  Result<UpdateFunctionCode::Output> updated = co_await room.store.write<UpdateFunctionCode::Output>(std::move(update));
  co_return updated;
}

}  // namespace localcloud::lambda
