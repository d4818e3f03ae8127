#pragma once
// Where alarms, their history and dashboards live in the store.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "localcloud/services/metrics/api.hpp"
#include "localcloud/services/metrics/records.hpp"

namespace localcloud::metrics {

struct StoredAlarm {
  MetricAlarm alarm;
  std::vector<Tag> tags;
  static constexpr auto members() {
    return wire::members(wire::required("alarm", &StoredAlarm::alarm), wire::required("tags", &StoredAlarm::tags));
  }
};

// "Sum", "p99"; empty where the alarm has queries of its own.
std::string statistic_of(const MetricAlarm& alarm);
// What the alarm watches: its queries, or its one metric as a query.
std::vector<MetricDataQuery> queries_of(const MetricAlarm& alarm);

std::optional<StoredAlarm> find_alarm(const storage::Reader& reader, const Place& place, std::string_view name);
void write_alarm(storage::Transaction& transaction, const Place& place, const StoredAlarm& stored);
void erase_alarm(storage::Transaction& transaction, const Place& place, std::string_view name);
// Visits the place's alarms whose name is not below `from`, by name.
void scan_alarms(const storage::Reader& reader, const Place& place, std::string_view from,
                 const std::function<storage::Step(StoredAlarm)>& visit);
// Visits every alarm of every account.
void scan_all_alarms(const storage::Reader& reader, const std::function<void(const Place&, StoredAlarm)>& visit);

using HistoryItem = DescribeAlarmHistory::AlarmHistoryItem;
// History is kept this long; older items go when newer ones of their alarm come.
inline constexpr std::int64_t kHistoryRetentionMs = std::int64_t{30} * 86'400'000;
void add_history(storage::Transaction& transaction, const Place& place, const HistoryItem& item);
// Visits the history of one alarm, or of all, oldest first within each.
void scan_history(const storage::Reader& reader, const Place& place, const std::optional<std::string>& alarm,
                  const std::function<void(HistoryItem)>& visit);

// Dashboards belong to the account, not to a region.
struct StoredDashboard {
  std::string name;
  std::string body;
  wire::Timestamp modified;
  static constexpr auto members() {
    return wire::members(wire::required("name", &StoredDashboard::name), wire::required("body", &StoredDashboard::body),
                         wire::required("modified", &StoredDashboard::modified));
  }
};
std::optional<StoredDashboard> find_dashboard(const storage::Reader& reader, std::string_view account,
                                              std::string_view name);
void write_dashboard(storage::Transaction& transaction, std::string_view account, const StoredDashboard& dashboard);
void erase_dashboard(storage::Transaction& transaction, std::string_view account, std::string_view name);
void scan_dashboards(const storage::Reader& reader, std::string_view account, std::string_view from,
                     const std::function<storage::Step(StoredDashboard)>& visit);

}  // namespace localcloud::metrics
