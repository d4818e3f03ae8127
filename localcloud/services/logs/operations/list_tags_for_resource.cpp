// ListTagsForResource gives the tags of a group.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListTagsForResource.html

#include "localcloud/services/logs/lookup.hpp"
#include "localcloud/services/logs/service.hpp"

namespace localcloud::logs {

Result<ListTagsForResource::Output> list_tags_for_resource(Logs& room, const wire::Caller& caller,
                                                           ListTagsForResource::Input input) {
  const Place place = place_of(caller);
  const std::string name = TRY(group_name_of_arn(place, input.resource_arn));
  const Group group = TRY(need_group(*room.store.snapshot(), place, name));
  return ListTagsForResource::Output{group.tags};
}

}  // namespace localcloud::logs
