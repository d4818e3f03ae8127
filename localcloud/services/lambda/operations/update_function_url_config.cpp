// UpdateFunctionUrlConfig: changes who may use a function's address, and how.
// https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionUrlConfig.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

wire::Change<UrlDescription> update_function_url_config(Lambda& room, const wire::Caller& caller,
                                                        UpdateFunctionUrlConfig::Input input) {
  const FunctionId id = TRY(to_function_id(caller, input.function_name, input.qualifier));
  if (input.invoke_mode == InvokeMode::response_stream) return failure(not_supported("InvokeMode RESPONSE_STREAM"));
  TRY(check_cors(input.cors));
  return [&room, id, input = std::move(input)](storage::Transaction& transaction) -> Result<UrlDescription> {
    auto record = find_function(transaction, id);
    if (!record || !record->url) return failure(url_not_found());
    if (input.auth_type) record->url->auth_type = *input.auth_type;
    if (input.cors) record->url->cors = input.cors;
    record->url->modified = url_date(room.clock.now());
    record->revision_id = room.ids.uuid();
    write_function(transaction, *record);
    return describe_url(*record, room.endpoint_url);
  };
}

}  // namespace localcloud::lambda
