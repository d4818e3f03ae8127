// UntagResource removes tags from an alarm; those that it lacks are no error.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_UntagResource.html

#include "localcloud/services/metrics/errors.hpp"
#include "localcloud/services/metrics/service.hpp"

namespace localcloud::metrics {

wire::Change<Nothing> untag_resource(Metrics&, const wire::Caller& caller, UntagResource::Input input) {
  const Place place = place_of(caller);
  const std::string name = TRY(alarm_name_of_arn(place, input.resource_arn));

  return [place, name, input = std::move(input)](storage::Transaction& transaction) -> Result<Nothing> {
    std::optional<StoredAlarm> stored = find_alarm(transaction, place, name);
    if (!stored) return failure(resource_not_found(input.resource_arn));
    std::erase_if(stored->tags, [&input](const Tag& tag) {
      return std::ranges::find(input.tag_keys, tag.key) != input.tag_keys.end();
    });
    write_alarm(transaction, place, *stored);
    return Nothing{};
  };
}

}  // namespace localcloud::metrics
