#pragma once
// Tables as responses describe them.

#include "localcloud/services/dynamodb/api_tables.hpp"
#include "localcloud/services/dynamodb/records.hpp"

namespace localcloud::dynamodb {

// No counts: nothing is in it.
TableDescription describe(const Table& table, const std::vector<Count>& counts, TableStatus status);
ContinuousBackupsDescription describe_backups(const Table& table, base::Time now);

}  // namespace localcloud::dynamodb
