// TagResource adds tags to an alarm, or replaces their values.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_TagResource.html

#include "localcloud/services/metrics/errors.hpp"
#include "localcloud/services/metrics/service.hpp"

namespace localcloud::metrics {

wire::Change<Nothing> tag_resource(Metrics&, const wire::Caller& caller, TagResource::Input input) {
  const Place place = place_of(caller);
  const std::string name = TRY(alarm_name_of_arn(place, input.resource_arn));

  return [place, name, input = std::move(input)](storage::Transaction& transaction) -> Result<Nothing> {
    std::optional<StoredAlarm> stored = find_alarm(transaction, place, name);
    if (!stored) return failure(resource_not_found(input.resource_arn));
    stored->tags = TRY(merge_tags(std::move(stored->tags), input.tags));
    write_alarm(transaction, place, *stored);
    return Nothing{};
  };
}

}  // namespace localcloud::metrics
