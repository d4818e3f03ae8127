// UntagResource: removes tags from a function.
// https://docs.aws.amazon.com/lambda/latest/api/API_UntagResource.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

wire::Change<Nothing> untag_resource(Lambda& room, const wire::Caller& caller, UntagResource::Input input) {
  const FunctionId id = TRY(to_function_id(caller, input.resource));
  return [&room, id, keys = std::move(input.tag_keys)](storage::Transaction& transaction) -> Result<Nothing> {
    FunctionRecord record = TRY(hold_function(transaction, id));
    for (const std::string& key : keys) record.tags.erase(key);
    record.revision_id = room.ids.uuid();
    write_function(transaction, record);
    return Nothing{};
  };
}

}  // namespace localcloud::lambda
