// TagResource: adds tags to a function.
// https://docs.aws.amazon.com/lambda/latest/api/API_TagResource.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

wire::Change<Nothing> tag_resource(Lambda& room, const wire::Caller& caller, TagResource::Input input) {
  const FunctionId id = TRY(to_function_id(caller, input.resource));
  TRY(check_tags(input.tags));
  return [&room, id, tags = std::move(input.tags)](storage::Transaction& transaction) -> Result<Nothing> {
    FunctionRecord record = TRY(hold_function(transaction, id));
    for (const auto& [key, value] : tags) record.tags[key] = value;
    TRY(check_tags(record.tags));
    record.revision_id = room.ids.uuid();
    write_function(transaction, record);
    return Nothing{};
  };
}

}  // namespace localcloud::lambda
