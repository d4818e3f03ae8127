// ListTables answers the names of the account's tables in the region, in order.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ListTables.html

#include "localcloud/services/dynamodb/records.hpp"
#include "localcloud/services/dynamodb/service.hpp"

namespace localcloud::dynamodb {

Result<ListTables::Output> list_tables(DynamoDb& room, const wire::Caller& caller, ListTables::Input input) {
  const auto limit = static_cast<std::size_t>(input.limit.value_or(100));
  const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
  ListTables::Output output;
  for_each_table_name(*reader, caller.account, caller.region, input.exclusive_start_table_name.value_or(""),
                      [&](std::string name) {
                        if (output.table_names.size() == limit) {
                          output.last_evaluated_table_name = output.table_names.back();
                          return storage::Step::stop;
                        }
                        output.table_names.push_back(std::move(name));
                        return storage::Step::go_on;
                      });
  return output;
}

}  // namespace localcloud::dynamodb
