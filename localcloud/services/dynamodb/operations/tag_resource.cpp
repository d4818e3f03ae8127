// TagResource gives a table tags.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TagResource.html

#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/new_table.hpp"
#include "localcloud/services/dynamodb/tagged.hpp"

namespace localcloud::dynamodb {

wire::Change<TagResource::Output> tag_resource(DynamoDb& room, const wire::Caller& caller, TagResource::Input input) {
  const TableName name = TRY(read_resource_arn(input.resource_arn));
  return [&room, caller, name,
          input = std::move(input)](storage::Transaction& transaction) -> Result<TagResource::Output> {
    Table table = *TRY(find_tagged(room, transaction, caller, name, input.resource_arn));
    TRY(add_tags(input.tags, table.tags));
    put_table(transaction, table);
    return TagResource::Output{};
  };
}

}  // namespace localcloud::dynamodb
