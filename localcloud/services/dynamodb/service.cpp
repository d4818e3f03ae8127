// DynamoDB's operations.

#include "localcloud/services/dynamodb/service.hpp"

namespace localcloud::dynamodb {

namespace {

constexpr wire::Operation kOperations[] = {
    wire::operation<CreateTable, &create_table>(),
    wire::operation<DescribeTable, &describe_table>(),
    wire::operation<ListTables, &list_tables>(),
    wire::operation<UpdateTable, &update_table>(),
    wire::operation<DeleteTable, &delete_table>(),
    wire::operation<UpdateTimeToLive, &update_time_to_live>(),
    wire::operation<DescribeTimeToLive, &describe_time_to_live>(),
    wire::operation<UpdateContinuousBackups, &update_continuous_backups>(),
    wire::operation<DescribeContinuousBackups, &describe_continuous_backups>(),
    wire::operation<TagResource, &tag_resource>(),
    wire::operation<UntagResource, &untag_resource>(),
    wire::operation<ListTagsOfResource, &list_tags_of_resource>(),
    wire::operation<PutItem, &put_item>(),
    wire::operation<GetItem, &get_item>(),
    wire::operation<UpdateItem, &update_item>(),
    wire::operation<DeleteItem, &delete_item>(),
    wire::operation<Query, &query>(),
    wire::operation<Scan, &scan>(),
    wire::operation<BatchWriteItem, &batch_write_item>(),
    wire::operation<BatchGetItem, &batch_get_item>(),
    wire::operation<TransactWriteItems, &transact_write_items>(),
    wire::operation<TransactGetItems, &transact_get_items>(),
    wire::operation<ExecuteStatement, &execute_statement>(),
    wire::operation<BatchExecuteStatement, &batch_execute_statement>(),
};

// The errors that write `Message` with a capital.
constexpr wire::ErrorShape kErrorShapes[] = {
    {.name = "TransactionCanceledException", .message = "Message"},
    {.name = "IdempotentParameterMismatchException", .message = "Message"},
};

// As for a table on demand, whatever its billing.
constexpr wire::Throttling kThrottling = {
    .message =
        "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table "
        "or index so please try again shortly. If exceptions persist, check if you have a hot key: "
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html"};

}  // namespace

wire::Service front_desk(DynamoDb& room) {
  return {.name = "dynamodb",
          .signing_name = "dynamodb",
          .target_prefix = "DynamoDB_20120810",
          .json_version = "1.0",
          .throttling = kThrottling,
          .body_max = 16 * 1024 * 1024,
          .operations = kOperations,
          .error_shapes = kErrorShapes,
          .room = &room};
}

}  // namespace localcloud::dynamodb
