// CreateLogGroup adds an empty group.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html

#include "localcloud/services/logs/errors.hpp"
#include "localcloud/services/logs/lookup.hpp"
#include "localcloud/services/logs/service.hpp"

namespace localcloud::logs {

wire::Change<Nothing> create_log_group(Logs& room, const wire::Caller& caller, CreateLogGroup::Input input) {
  Group group;
  group.name = input.log_group_name;
  group.created_ms = base::to_unix_ms(room.clock.now());
  if (input.log_group_class) {
    // Unlike AWS: a delivery group, which forgets its lines after two days, is refused.
    if (*input.log_group_class == GroupClass::delivery) return failure(class_not_here("DELIVERY"));
    group.log_group_class = wire::to_wire(*input.log_group_class);
  }
  if (input.tags) TRY(add_tags(group, *input.tags));

  return [place = place_of(caller), group](storage::Transaction& transaction) -> Result<Nothing> {
    if (find_group(transaction, place, group.name)) return failure(group_already_exists());
    create_group(transaction, place, group);
    return Nothing{};
  };
}

}  // namespace localcloud::logs
