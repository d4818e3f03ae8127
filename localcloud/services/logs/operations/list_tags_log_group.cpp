// ListTagsLogGroup is the older ListTagsForResource, by the name of the group.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListTagsLogGroup.html

#include "localcloud/services/logs/lookup.hpp"
#include "localcloud/services/logs/service.hpp"

namespace localcloud::logs {

Result<ListTagsLogGroup::Output> list_tags_log_group(Logs& room, const wire::Caller& caller,
                                                     ListTagsLogGroup::Input input) {
  return list_tags_for_resource(room, caller, {group_arn(place_of(caller), input.log_group_name)});
}

}  // namespace localcloud::logs
