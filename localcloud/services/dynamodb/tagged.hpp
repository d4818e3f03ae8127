#pragma once
// The table that a tag operation's ResourceArn names.

#include "localcloud/services/dynamodb/lookup.hpp"

namespace localcloud::dynamodb {

Result<TableName> read_resource_arn(const std::string& arn);
Result<TablePtr> find_tagged(DynamoDb& room, const storage::Reader& reader, const wire::Caller& caller,
                             const TableName& name, const std::string& arn);

}  // namespace localcloud::dynamodb
