// DescribeAlarmHistory tells what happened to alarms in the last 30 days, the latest first unless asked otherwise.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html

#include "base/text.hpp"
#include "localcloud/services/metrics/errors.hpp"
#include "localcloud/services/metrics/service.hpp"

namespace localcloud::metrics {

Result<DescribeAlarmHistory::Output> describe_alarm_history(Metrics& room, const wire::Caller& caller,
                                                            DescribeAlarmHistory::Input input) {
  std::size_t given = 0;
  if (input.next_token) {
    const std::optional<std::string> text = base::from_base64(*input.next_token);
    const std::optional<std::size_t> number = text ? base::to_number<std::size_t>(*text) : std::nullopt;
    if (!number) return failure(invalid_next_token());
    given = *number;
  }
  DescribeAlarmHistory::Output output;
  std::vector<HistoryItem> items;
  scan_history(*room.store.snapshot(), place_of(caller), input.alarm_name, [&](HistoryItem item) {
    if (input.history_item_type && item.history_item_type != *input.history_item_type) return;
    if (input.start_date && item.timestamp.time < input.start_date->time) return;
    if (input.end_date && item.timestamp.time > input.end_date->time) return;
    items.push_back(std::move(item));
  });
  std::ranges::stable_sort(items, {}, [](const HistoryItem& item) { return item.timestamp.time; });
  if (input.scan_by.value_or(ScanBy::timestamp_descending) == ScanBy::timestamp_descending) std::ranges::reverse(items);

  const auto limit = static_cast<std::size_t>(input.max_records.value_or(100));
  for (std::size_t i = given; i < items.size() && i - given < limit; ++i) {
    output.alarm_history_items.push_back(std::move(items[i]));
  }
  if (items.size() > given && items.size() - given > limit)
    output.next_token = base::to_base64(std::to_string(given + limit));
  return output;
}

}  // namespace localcloud::metrics
