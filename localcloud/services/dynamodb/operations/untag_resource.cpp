// UntagResource takes tags from a table.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UntagResource.html

#include "localcloud/services/dynamodb/tagged.hpp"

namespace localcloud::dynamodb {

wire::Change<UntagResource::Output> untag_resource(DynamoDb& room, const wire::Caller& caller,
                                                   UntagResource::Input input) {
  const TableName name = TRY(read_resource_arn(input.resource_arn));
  return [&room, caller, name,
          input = std::move(input)](storage::Transaction& transaction) -> Result<UntagResource::Output> {
    Table table = *TRY(find_tagged(room, transaction, caller, name, input.resource_arn));
    for (const std::string& key : input.tag_keys) table.tags.erase(key);
    put_table(transaction, table);
    return UntagResource::Output{};
  };
}

}  // namespace localcloud::dynamodb
