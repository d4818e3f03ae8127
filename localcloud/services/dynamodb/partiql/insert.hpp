#pragma once
// Carrying out INSERTs, one or several in one write.

#include <map>
#include <vector>

#include "localcloud/services/dynamodb/capacity.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"
#include "localcloud/services/dynamodb/partiql/statement.hpp"

namespace localcloud::dynamodb {

class Inserts {
 public:
  Inserts(DynamoDb& room, const wire::Caller& caller, storage::Transaction& transaction)
      : room_(room), caller_(caller), transaction_(transaction) {}

  // An error leaves nothing behind. DuplicateItemException carries the item that is there, where that is wanted.
  Result<Done> insert(const InsertStatement& statement, std::optional<ReturnOnFailure> wanted);
  // Must be called after the last one. What each table consumed, where the request asks for it.
  std::vector<ConsumedCapacity> finish(std::optional<ReturnCapacity> wanted);

 private:
  struct TableInserts {
    TablePtr table;
    ItemWriter writer;
    Consumed consumed;
  };
  Result<TableInserts*> find(const std::string& name);

  DynamoDb& room_;
  const wire::Caller& caller_;
  storage::Transaction& transaction_;
  std::map<std::string, TableInserts> tables_;
};

}  // namespace localcloud::dynamodb
