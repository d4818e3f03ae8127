// DescribeLogGroups lists groups by name, at most 50 at a time.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html

#include "base/text.hpp"
#include "localcloud/services/logs/errors.hpp"
#include "localcloud/services/logs/lookup.hpp"
#include "localcloud/services/logs/service.hpp"

namespace localcloud::logs {

Result<DescribeLogGroups::Output> describe_log_groups(Logs& room, const wire::Caller& caller,
                                                      DescribeLogGroups::Input input) {
  if (input.log_group_name_prefix && input.log_group_name_pattern) return failure(prefix_and_pattern());
  const std::string prefix = input.log_group_name_prefix.value_or("");
  const std::string part = input.log_group_name_pattern.value_or("");
  std::string from = prefix;
  if (input.next_token) {
    const std::optional<std::string> name = base::from_base64(*input.next_token);
    if (!name || !is_group_name(*name)) return failure(invalid_next_token());
    from = std::max(from, *name);
  }
  const auto limit = static_cast<std::size_t>(input.limit.value_or(50));
  const Place place = place_of(caller);
  const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
  DescribeLogGroups::Output output;
  scan_groups(*reader, place, from, [&](const Group& group) {
    if (!group.name.starts_with(prefix)) return storage::Step::stop;
    if (!group.name.contains(part)) return storage::Step::go_on;
    if (input.log_group_class && wire::to_wire(*input.log_group_class) != group.log_group_class) {
      return storage::Step::go_on;
    }
    if (output.log_groups.size() == limit) {
      output.next_token = base::to_base64(group.name);
      return storage::Step::stop;
    }
    const std::string arn = group_arn(place, group.name);
    output.log_groups.push_back({.log_group_name = group.name,
                                 .creation_time = group.created_ms,
                                 .retention_in_days = group.retention_days,
                                 .arn = arn + ":*",
                                 .stored_bytes = stored_bytes(*reader, group.id),
                                 .log_group_class = group.log_group_class,
                                 .log_group_arn = arn});
    return storage::Step::go_on;
  });
  return output;
}

}  // namespace localcloud::logs
