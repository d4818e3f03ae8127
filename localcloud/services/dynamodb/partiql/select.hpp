#pragma once
// Carrying out SELECTs.

#include <optional>
#include <string>
#include <vector>

#include "localcloud/services/dynamodb/capacity.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"
#include "localcloud/services/dynamodb/partiql/statement.hpp"

namespace localcloud::dynamodb {

struct SelectOptions {
  Consistency consistency = Consistency::eventual;
  std::optional<std::int32_t> limit;
  std::optional<std::string> next_token;
  std::optional<ReturnCapacity> return_capacity;
  // one_item: the condition must name a whole primary key, as AWS wants it within a batch.
  enum class Extent { any, one_item } extent = Extent::any;
};

struct Selected {
  std::vector<Item> items;
  std::optional<Item> last_key;
  std::optional<std::string> next_token;
  std::optional<ConsumedCapacity> consumed_capacity;
};

Result<Selected> run_select(DynamoDb& room, const storage::Reader& reader, const wire::Caller& caller,
                            const SelectStatement& select, const SelectOptions& options);

// The values of the index's or the table's partition key that the condition admits, where it names them.
std::optional<std::vector<AttributeValue>> find_partitions(const std::optional<Condition>& where,
                                                           const KeySchema& keys);

}  // namespace localcloud::dynamodb
