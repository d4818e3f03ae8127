// UntagLogGroup is the older UntagResource, by the name of the group.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_UntagLogGroup.html

#include "localcloud/services/logs/lookup.hpp"
#include "localcloud/services/logs/service.hpp"

namespace localcloud::logs {

wire::Change<Nothing> untag_log_group(Logs& room, const wire::Caller& caller, UntagLogGroup::Input input) {
  return untag_resource(room, caller, {group_arn(place_of(caller), input.log_group_name), std::move(input.tags)});
}

}  // namespace localcloud::logs
