#pragma once
// DynamoDB: tables of items over the store. Start at service.cpp for the list of operations.

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "localcloud/services/dynamodb/api.hpp"
#include "localcloud/services/dynamodb/partiql/form_cache.hpp"
#include "localcloud/services/dynamodb/table_cache.hpp"
#include "localcloud/storage/store.hpp"
#include "localcloud/wire/operation.hpp"

namespace localcloud::dynamodb {

// What every operation may use. All state is in the store.
struct DynamoDb {
  DynamoDb(storage::Store& the_store, const base::Clock& the_clock, base::Ids& the_ids)
      : store(the_store), clock(the_clock), ids(the_ids) {}

  storage::Store& store;
  const base::Clock& clock;
  base::Ids& ids;
  TableCache tables;
  FormCache forms;
};

wire::Service front_desk(DynamoDb& room);

// The work that no request waits for: expired items go, the items of deleted tables go, new expiry attributes are
// looked up in old items. Does some of it, in writes of bounded size, and answers whether there is more to do at once;
// where there isn't, it should be called again within half a minute.
Task<bool> sweep(DynamoDb& room);

// Each in operations/<name>.cpp.
wire::Change<CreateTable::Output> create_table(DynamoDb&, const wire::Caller&, CreateTable::Input);
Result<DescribeTable::Output> describe_table(DynamoDb&, const wire::Caller&, DescribeTable::Input);
Result<ListTables::Output> list_tables(DynamoDb&, const wire::Caller&, ListTables::Input);
wire::Change<UpdateTable::Output> update_table(DynamoDb&, const wire::Caller&, UpdateTable::Input);
wire::Change<DeleteTable::Output> delete_table(DynamoDb&, const wire::Caller&, DeleteTable::Input);
wire::Change<UpdateTimeToLive::Output> update_time_to_live(DynamoDb&, const wire::Caller&, UpdateTimeToLive::Input);
Result<DescribeTimeToLive::Output> describe_time_to_live(DynamoDb&, const wire::Caller&, DescribeTimeToLive::Input);
wire::Change<UpdateContinuousBackups::Output> update_continuous_backups(DynamoDb&, const wire::Caller&,
                                                                        UpdateContinuousBackups::Input);
Result<DescribeContinuousBackups::Output> describe_continuous_backups(DynamoDb&, const wire::Caller&,
                                                                      DescribeContinuousBackups::Input);
wire::Change<TagResource::Output> tag_resource(DynamoDb&, const wire::Caller&, TagResource::Input);
wire::Change<UntagResource::Output> untag_resource(DynamoDb&, const wire::Caller&, UntagResource::Input);
Result<ListTagsOfResource::Output> list_tags_of_resource(DynamoDb&, const wire::Caller&, ListTagsOfResource::Input);

wire::Change<PutItem::Output> put_item(DynamoDb&, const wire::Caller&, PutItem::Input);
Result<GetItem::Output> get_item(DynamoDb&, const wire::Caller&, GetItem::Input);
wire::Change<UpdateItem::Output> update_item(DynamoDb&, const wire::Caller&, UpdateItem::Input);
wire::Change<DeleteItem::Output> delete_item(DynamoDb&, const wire::Caller&, DeleteItem::Input);
Result<Query::Output> query(DynamoDb&, const wire::Caller&, Query::Input);
Result<Scan::Output> scan(DynamoDb&, const wire::Caller&, Scan::Input);
wire::Change<BatchWriteItem::Output> batch_write_item(DynamoDb&, const wire::Caller&, BatchWriteItem::Input);
Result<BatchGetItem::Output> batch_get_item(DynamoDb&, const wire::Caller&, BatchGetItem::Input);
wire::Change<TransactWriteItems::Output> transact_write_items(DynamoDb&, const wire::Caller&,
                                                              TransactWriteItems::Input);
Result<TransactGetItems::Output> transact_get_items(DynamoDb&, const wire::Caller&, TransactGetItems::Input);
Task<Result<ExecuteStatement::Output>> execute_statement(DynamoDb&, const wire::Caller&, ExecuteStatement::Input);
Task<Result<BatchExecuteStatement::Output>> batch_execute_statement(DynamoDb&, const wire::Caller&,
                                                                    BatchExecuteStatement::Input);

// What each request must be allowed to do. In access.cpp.
using Accesses = std::vector<wire::Access>;
Accesses access(DynamoDb&, const wire::Caller&, const CreateTable::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const DescribeTable::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const ListTables::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const UpdateTable::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const DeleteTable::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const UpdateTimeToLive::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const DescribeTimeToLive::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const UpdateContinuousBackups::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const DescribeContinuousBackups::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const TagResource::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const UntagResource::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const ListTagsOfResource::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const PutItem::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const GetItem::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const UpdateItem::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const DeleteItem::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const Query::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const Scan::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const BatchWriteItem::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const BatchGetItem::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const TransactWriteItems::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const TransactGetItems::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const ExecuteStatement::Input&);
Accesses access(DynamoDb&, const wire::Caller&, const BatchExecuteStatement::Input&);

}  // namespace localcloud::dynamodb
