// ListTagsOfResource answers a table's tags.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTagsOfResource.html

#include "localcloud/services/dynamodb/tagged.hpp"

namespace localcloud::dynamodb {

// At most 50 tags fit on a table, so there is one page only, and a NextToken means nothing.
Result<ListTagsOfResource::Output> list_tags_of_resource(DynamoDb& room, const wire::Caller& caller,
                                                         ListTagsOfResource::Input input) {
  const TableName name = TRY(read_resource_arn(input.resource_arn));
  const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
  const TablePtr table = TRY(find_tagged(room, *reader, caller, name, input.resource_arn));
  ListTagsOfResource::Output output;
  for (const auto& [key, value] : table->tags) output.tags.push_back({key, value});
  return output;
}

}  // namespace localcloud::dynamodb
