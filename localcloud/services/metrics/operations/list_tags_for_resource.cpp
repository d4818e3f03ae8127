// ListTagsForResource gives the tags of an alarm.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListTagsForResource.html

#include "localcloud/services/metrics/errors.hpp"
#include "localcloud/services/metrics/service.hpp"

namespace localcloud::metrics {

Result<ListTagsForResource::Output> list_tags_for_resource(Metrics& room, const wire::Caller& caller,
                                                           ListTagsForResource::Input input) {
  const Place place = place_of(caller);
  const std::string name = TRY(alarm_name_of_arn(place, input.resource_arn));
  std::optional<StoredAlarm> stored = find_alarm(*room.store.snapshot(), place, name);
  if (!stored) return failure(resource_not_found(input.resource_arn));
  return ListTagsForResource::Output{std::move(stored->tags)};
}

}  // namespace localcloud::metrics
