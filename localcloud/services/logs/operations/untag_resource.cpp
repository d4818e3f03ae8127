// UntagResource removes tags from a group; those that it lacks are no error.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_UntagResource.html

#include "localcloud/services/logs/lookup.hpp"
#include "localcloud/services/logs/service.hpp"

namespace localcloud::logs {

wire::Change<Nothing> untag_resource(Logs&, const wire::Caller& caller, UntagResource::Input input) {
  const Place place = place_of(caller);
  const std::string name = TRY(group_name_of_arn(place, input.resource_arn));

  return [place, name, keys = std::move(input.tag_keys)](storage::Transaction& transaction) -> Result<Nothing> {
    Group group = TRY(need_group(transaction, place, name));
    for (const std::string& key : keys) group.tags.erase(key);
    write_group(transaction, place, group);
    return Nothing{};
  };
}

}  // namespace localcloud::logs
