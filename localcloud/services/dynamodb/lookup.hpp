#pragma once
// A request's table, and its checks of items and keys against it.

#include <memory>
#include <string_view>

#include "localcloud/services/dynamodb/records.hpp"
#include "localcloud/services/dynamodb/service.hpp"

namespace localcloud::dynamodb {

using TablePtr = std::shared_ptr<const Table>;

// For operations on items: ResourceNotFoundException without the name, as AWS words it there.
Result<TablePtr> find_table(DynamoDb& room, const storage::Reader& reader, const wire::Caller& caller,
                            const TableName& name);
// For operations on tables.
Result<TablePtr> find_named_table(DynamoDb& room, const storage::Reader& reader, const wire::Caller& caller,
                                  const TableName& name);

// Whether the item may stand in the table: its keys, of the table and of its indexes, and its size. Answers the size.
Result<std::size_t> check_item(const Table& table, const Item& item);
// The same for an item that an update made.
Result<std::size_t> check_updated_item(const Table& table, const Item& item);
// Whether these are the table's key attributes, all of them and nothing else.
Result<Done> check_key(const Table& table, const Item& key);

}  // namespace localcloud::dynamodb
