// ARNs to tables.

#include "localcloud/services/dynamodb/tagged.hpp"

#include "localcloud/services/dynamodb/errors.hpp"

namespace localcloud::dynamodb {

Result<TableName> read_resource_arn(const std::string& arn) {
  Result<TableName> name = read_table_name(arn);
  if (name && !name->account.empty()) return name;
  return failure(validation("Invalid TableArn: Invalid ResourceArn provided as input " + arn));
}

Result<TablePtr> find_tagged(DynamoDb& room, const storage::Reader& reader, const wire::Caller& caller,
                             const TableName& name, const std::string& arn) {
  Result<TablePtr> table = find_named_table(room, reader, caller, name);
  if (!table) return failure(tag_resource_not_found(arn));
  return table;
}

}  // namespace localcloud::dynamodb
