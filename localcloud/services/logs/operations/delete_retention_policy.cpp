// DeleteRetentionPolicy lets a group keep its events for ever.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteRetentionPolicy.html

#include "localcloud/services/logs/lookup.hpp"
#include "localcloud/services/logs/service.hpp"

namespace localcloud::logs {

wire::Change<Nothing> delete_retention_policy(Logs&, const wire::Caller& caller, DeleteRetentionPolicy::Input input) {
  return [place = place_of(caller), name = input.log_group_name](storage::Transaction& transaction) -> Result<Nothing> {
    Group group = TRY(need_group(transaction, place, name));
    group.retention_days = std::nullopt;
    write_group(transaction, place, group);
    return Nothing{};
  };
}

}  // namespace localcloud::logs
