// TagResource adds tags to a group, or replaces their values.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagResource.html

#include "localcloud/services/logs/lookup.hpp"
#include "localcloud/services/logs/service.hpp"

namespace localcloud::logs {

wire::Change<Nothing> tag_resource(Logs&, const wire::Caller& caller, TagResource::Input input) {
  const Place place = place_of(caller);
  const std::string name = TRY(group_name_of_arn(place, input.resource_arn));

  return [place, name, tags = std::move(input.tags)](storage::Transaction& transaction) -> Result<Nothing> {
    Group group = TRY(need_group(transaction, place, name));
    TRY(add_tags(group, tags));
    write_group(transaction, place, group);
    return Nothing{};
  };
}

}  // namespace localcloud::logs
