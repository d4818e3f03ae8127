// PutRetentionPolicy says how many days a group keeps its events.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html

#include "localcloud/services/logs/errors.hpp"
#include "localcloud/services/logs/lookup.hpp"
#include "localcloud/services/logs/service.hpp"

namespace localcloud::logs {

namespace {

constexpr int kDays[] = {1,   3,   5,   7,   14,   30,   60,   90,   120,  150,  180,
                         365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653};

}  // namespace

wire::Change<Nothing> put_retention_policy(Logs&, const wire::Caller& caller, PutRetentionPolicy::Input input) {
  const int days = input.retention_in_days;
  if (std::ranges::find(kDays, days) == std::end(kDays)) return failure(invalid_retention(days));

  return [place = place_of(caller), name = input.log_group_name,
          days](storage::Transaction& transaction) -> Result<Nothing> {
    Group group = TRY(need_group(transaction, place, name));
    group.retention_days = days;
    write_group(transaction, place, group);
    return Nothing{};
  };
}

}  // namespace localcloud::logs
