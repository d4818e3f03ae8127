// DeleteLogGroup removes a group with all its streams; its name is free at once.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html

#include "localcloud/services/logs/lookup.hpp"
#include "localcloud/services/logs/service.hpp"

namespace localcloud::logs {

wire::Change<Nothing> delete_log_group(Logs&, const wire::Caller& caller, DeleteLogGroup::Input input) {
  return [place = place_of(caller), name = input.log_group_name](storage::Transaction& transaction) -> Result<Nothing> {
    const Group group = TRY(need_group(transaction, place, name));
    erase_group(transaction, place, group);
    return Nothing{};
  };
}

}  // namespace localcloud::logs
