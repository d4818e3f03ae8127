// TagLogGroup is the older TagResource, by the name of the group.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagLogGroup.html

#include "localcloud/services/logs/lookup.hpp"
#include "localcloud/services/logs/service.hpp"

namespace localcloud::logs {

wire::Change<Nothing> tag_log_group(Logs& room, const wire::Caller& caller, TagLogGroup::Input input) {
  return tag_resource(room, caller, {group_arn(place_of(caller), input.log_group_name), std::move(input.tags)});
}

}  // namespace localcloud::logs
