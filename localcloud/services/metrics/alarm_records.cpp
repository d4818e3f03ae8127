// Keys and bytes of alarms, history and dashboards: JSON documents.
//
//   metrics | alarm     | account | region | name
//   metrics | history   | account | region | alarm | time in ms | number
//   metrics | dashboard | account | name

#include "localcloud/services/metrics/alarm_records.hpp"

#include "base/check.hpp"
#include "json/parse.hpp"
#include "localcloud/storage/keys.hpp"
#include "localcloud/wire/codec.hpp"
#include "localcloud/wire/json_writer.hpp"
#include "localcloud/wire/operation.hpp"

namespace localcloud::metrics {

namespace {

using storage::Key;
using storage::KeyReader;
using storage::Reader;
using storage::Step;
using storage::Transaction;

Key alarms_key() {
  return Key("metrics").add("alarm");
}
Key alarms_key(const Place& place) {
  return alarms_key().add(place.account).add(place.region);
}
Key history_key(const Place& place) {
  return Key("metrics").add("history").add(place.account).add(place.region);
}
Key dashboards_key(std::string_view account) {
  return Key("metrics").add("dashboard").add(account);
}

// Records are shapes, written as awsJson writes them.
template <class T>
std::string encode(const T& record) {
  wire::JsonWriter writer;
  wire::write_value(writer, record, wire::Limits{});
  return writer.take();
}

template <class T>
T decode(std::string_view bytes) {
  static const wire::Service kNobody{};
  auto document = json::parse(bytes);
  CHECK(document);
  wire::Encoded encoded;
  encoded.service = &kNobody;
  encoded.document = *std::move(document);
  Result<T> record = wire::decode<T>(encoded);
  CHECK(record);
  return *std::move(record);
}

std::uint64_t to_ms(wire::Timestamp timestamp) {
  return static_cast<std::uint64_t>(base::to_unix_ms(timestamp.time));
}

}  // namespace

std::string statistic_of(const MetricAlarm& alarm) {
  if (alarm.statistic) return std::string(wire::to_wire(*alarm.statistic));
  return alarm.extended_statistic.value_or("");
}

std::vector<MetricDataQuery> queries_of(const MetricAlarm& alarm) {
  if (alarm.metrics) return *alarm.metrics;
  MetricDataQuery query{.id = "m1"};
  query.metric_stat = MetricStat{
      {alarm.name_space, alarm.metric_name, alarm.dimensions}, *alarm.period, statistic_of(alarm), alarm.unit};
  return {std::move(query)};
}

std::optional<StoredAlarm> find_alarm(const Reader& reader, const Place& place, std::string_view name) {
  const std::optional<std::string> bytes = reader.get(alarms_key(place).add(name));
  if (!bytes) return std::nullopt;
  return decode<StoredAlarm>(*bytes);
}

void write_alarm(Transaction& transaction, const Place& place, const StoredAlarm& stored) {
  transaction.put(alarms_key(place).add(stored.alarm.alarm_name), encode(stored));
}

void erase_alarm(Transaction& transaction, const Place& place, std::string_view name) {
  transaction.erase(alarms_key(place).add(name));
}

void scan_alarms(const Reader& reader, const Place& place, std::string_view from,
                 const std::function<Step(StoredAlarm)>& visit) {
  const Key prefix = alarms_key(place);
  reader.scan(Key(prefix).add_raw(from), storage::after_prefix(prefix),
              [&](std::string_view, std::string_view value) { return visit(decode<StoredAlarm>(value)); });
}

void scan_all_alarms(const Reader& reader, const std::function<void(const Place&, StoredAlarm)>& visit) {
  const Key prefix = alarms_key();
  reader.scan_prefix(prefix, [&](std::string_view key, std::string_view value) {
    KeyReader parts(key.substr(prefix.bytes().size()));
    Place place;
    place.account = parts.text();
    place.region = parts.text();
    visit(place, decode<StoredAlarm>(value));
    return Step::go_on;
  });
}

void add_history(Transaction& transaction, const Place& place, const HistoryItem& item) {
  const Key prefix = std::move(history_key(place).add(item.alarm_name));
  const std::uint64_t time_ms = to_ms(item.timestamp);
  for (std::uint64_t number = 0;; ++number) {
    const Key key = std::move(Key(prefix).add(time_ms).add(number));
    if (transaction.get(key)) continue;
    transaction.put(key, encode(item));
    break;
  }
  const auto oldest_ms =
      static_cast<std::uint64_t>(std::max<std::int64_t>(static_cast<std::int64_t>(time_ms) - kHistoryRetentionMs, 0));
  std::vector<std::string> old;
  transaction.scan(prefix, Key(prefix).add(oldest_ms), [&](std::string_view key, std::string_view) {
    old.emplace_back(key);
    return old.size() < 100 ? Step::go_on : Step::stop;
  });
  for (const std::string& key : old) transaction.erase(key);
}

void scan_history(const Reader& reader, const Place& place, const std::optional<std::string>& alarm,
                  const std::function<void(HistoryItem)>& visit) {
  Key prefix = history_key(place);
  if (alarm) prefix.add(*alarm);
  reader.scan_prefix(prefix, [&](std::string_view, std::string_view value) {
    visit(decode<HistoryItem>(value));
    return Step::go_on;
  });
}

std::optional<StoredDashboard> find_dashboard(const Reader& reader, std::string_view account, std::string_view name) {
  const std::optional<std::string> bytes = reader.get(dashboards_key(account).add(name));
  if (!bytes) return std::nullopt;
  return decode<StoredDashboard>(*bytes);
}

void write_dashboard(Transaction& transaction, std::string_view account, const StoredDashboard& dashboard) {
  transaction.put(dashboards_key(account).add(dashboard.name), encode(dashboard));
}

void erase_dashboard(Transaction& transaction, std::string_view account, std::string_view name) {
  transaction.erase(dashboards_key(account).add(name));
}

void scan_dashboards(const Reader& reader, std::string_view account, std::string_view from,
                     const std::function<Step(StoredDashboard)>& visit) {
  const Key prefix = dashboards_key(account);
  reader.scan(Key(prefix).add_raw(from), storage::after_prefix(prefix),
              [&](std::string_view, std::string_view value) { return visit(decode<StoredDashboard>(value)); });
}

}  // namespace localcloud::metrics
