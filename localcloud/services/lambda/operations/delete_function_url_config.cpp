// DeleteFunctionUrlConfig: takes a function's address away.
// https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionUrlConfig.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

wire::Change<Nothing> delete_function_url_config(Lambda& room, const wire::Caller& caller,
                                                 DeleteFunctionUrlConfig::Input input) {
  const FunctionId id = TRY(to_function_id(caller, input.function_name, input.qualifier));
  return [&room, id](storage::Transaction& transaction) -> Result<Nothing> {
    auto record = find_function(transaction, id);
    if (!record || !record->url) return failure(url_not_found());
    erase_url(transaction, record->url->id);
    record->url.reset();
    record->revision_id = room.ids.uuid();
    write_function(transaction, *record);
    return Nothing{};
  };
}

}  // namespace localcloud::lambda
