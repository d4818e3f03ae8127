// Keys and bytes of metrics and datapoints.
//
//   metrics | metric | account | region | namespace | name | dimension | value | …    id and time of the last datapoint
//   metrics | point  | metric id | start in s | unit                                 the aggregate
//   metrics | next id

#include "localcloud/services/metrics/records.hpp"

#include "localcloud/storage/keys.hpp"

namespace localcloud::metrics {

namespace {

using storage::Key;
using storage::KeyReader;
using storage::Step;
using storage::Transaction;

// The time of the last datapoint is written anew only when it has moved this far.
constexpr std::int64_t kLastStepS = 300;
constexpr std::size_t kSliceMax = 1000;

Key metrics_key() {
  return Key("metrics").add("metric");
}
Key place_key(const Place& place) {
  return metrics_key().add(place.account).add(place.region);
}
std::string metric_key(const Place& place, const Metric& metric) {
  Key key = place_key(place).add(metric.name_space).add(metric.name);
  for (const auto& [name, value] : metric.dimensions) key.add(name).add(value);
  return std::move(key).bytes();
}
Key points_key(std::uint64_t metric_id) {
  return Key("metrics").add("point").add(metric_id);
}

std::string pair_of(std::uint64_t first, std::uint64_t second) {
  std::string bytes(16, '\0');
  for (int i = 0; i < 8; ++i) {
    bytes[i] = static_cast<char>(first >> (56 - 8 * i));
    bytes[8 + i] = static_cast<char>(second >> (56 - 8 * i));
  }
  return bytes;
}

// A record is read by its metric's key, which begins with `prefix` (the place) and ends with the dimensions.
StoredMetric decode(std::string_view key, std::size_t prefix_size, std::string_view bytes) {
  StoredMetric stored;
  KeyReader parts(key.substr(prefix_size));
  stored.metric.name_space = parts.text();
  stored.metric.name = parts.text();
  while (!parts.rest().empty()) {
    std::string name = parts.text();
    stored.metric.dimensions[std::move(name)] = parts.text();
  }
  KeyReader numbers(bytes);
  stored.id = numbers.number();
  stored.last_s = static_cast<std::int64_t>(numbers.number());
  return stored;
}

// The metric's number; a new metric gets the next one.
std::uint64_t hold_metric(Transaction& transaction, const Place& place, const Metric& metric, std::int64_t now_s) {
  const std::string key = metric_key(place, metric);
  if (const std::optional<std::string> bytes = transaction.get(key)) {
    KeyReader numbers(*bytes);
    const std::uint64_t id = numbers.number();
    if (static_cast<std::int64_t>(numbers.number()) + kLastStepS <= now_s) {
      transaction.put(key, pair_of(id, static_cast<std::uint64_t>(now_s)));
    }
    return id;
  }
  const std::string next_key = Key("metrics").add("next id").bytes();
  const std::optional<std::string> last = transaction.get(next_key);
  const std::uint64_t id = (last ? KeyReader(*last).number() : 0) + 1;
  transaction.put(next_key, pair_of(id, 0));
  transaction.put(key, pair_of(id, static_cast<std::uint64_t>(now_s)));
  return id;
}

// One slice of a metric's old datapoints, and the metric once nothing is left of it.
std::size_t erase_before(Transaction& transaction, const std::string& metric_key, std::uint64_t id,
                         std::int64_t before_s) {
  std::vector<std::string> keys;
  const Key prefix = points_key(id);
  transaction.scan(prefix, Key(prefix).add(static_cast<std::uint64_t>(before_s)),
                   [&](std::string_view key, std::string_view) {
                     keys.emplace_back(key);
                     return keys.size() < kSliceMax ? Step::go_on : Step::stop;
                   });
  for (const std::string& key : keys) transaction.erase(key);
  bool any_left = false;
  transaction.scan_prefix(prefix, [&](std::string_view, std::string_view) {
    any_left = true;
    return Step::stop;
  });
  if (!any_left) transaction.erase(metric_key);
  return keys.size();
}

}  // namespace

void Increments::add(const Place& place, const Metric& metric, Unit unit, std::int64_t start_s,
                     const Aggregate& aggregate) {
  // Nearly always there already, so it is looked for without being copied.
  const auto point = std::tie(place, metric, start_s, unit);
  auto at = points_.lower_bound(point);
  if (at == points_.end() || at->first != point) at = points_.emplace_hint(at, point, Aggregate());
  at->second.merge(aggregate);
}

void Increments::merge(Increments other) {
  if (points_.empty()) {
    points_ = std::move(other.points_);
    return;
  }
  for (auto& [point, aggregate] : other.points_) points_[point].merge(aggregate);
}

void Increments::apply(Transaction& transaction, base::Time now) const {
  const Place* place_before = nullptr;
  const Metric* metric_before = nullptr;
  std::uint64_t id = 0;
  for (const auto& [point, aggregate] : points_) {
    const auto& [place, metric, start_s, unit] = point;
    if (!metric_before || *metric_before != metric || *place_before != place) {
      id = hold_metric(transaction, place, metric, base::to_unix_s(now));
      metric_before = &metric;
      place_before = &place;
    }
    const Key key =
        std::move(points_key(id).add(static_cast<std::uint64_t>(start_s)).add(static_cast<std::uint64_t>(unit)));
    if (const std::optional<std::string> bytes = transaction.get(key)) {
      Aggregate whole = Aggregate::decode(*bytes);
      whole.merge(aggregate);
      transaction.put(key, whole.encode());
    } else {
      transaction.put(key, aggregate.encode());
    }
  }
}

std::int64_t start_of_point_s(base::Time time, int resolution_s) {
  const std::int64_t second = base::to_unix_s(time);
  return resolution_s < 60 ? second : second - second % 60;
}

std::optional<StoredMetric> find_metric(const storage::Reader& reader, const Place& place, const Metric& metric) {
  const std::string key = metric_key(place, metric);
  const std::optional<std::string> bytes = reader.get(key);
  if (!bytes) return std::nullopt;
  return decode(key, place_key(place).bytes().size(), *bytes);
}

void scan_metrics(const storage::Reader& reader, const Place& place, const MetricFilter& filter, std::string_view after,
                  const std::function<Step(std::string_view, StoredMetric)>& visit) {
  Key prefix = place_key(place);
  const std::size_t place_size = prefix.bytes().size();
  if (filter.name_space) prefix.add(*filter.name_space);
  if (filter.name_space && filter.name) prefix.add(*filter.name);
  // The least key that is greater than `after` is `after` and a zero byte.
  const std::string from = std::max(prefix.bytes(), after.empty() ? std::string() : std::string(after) + '\0');
  reader.scan(from, storage::after_prefix(prefix), [&](std::string_view key, std::string_view value) {
    StoredMetric stored = decode(key, place_size, value);
    if (filter.name && stored.metric.name != *filter.name) return Step::go_on;
    return visit(key, std::move(stored));
  });
}

void scan_points(const storage::Reader& reader, std::uint64_t metric_id, std::int64_t from_s, std::int64_t to_s,
                 const std::function<void(std::int64_t, Unit, Aggregate)>& visit) {
  from_s = std::max<std::int64_t>(from_s, 0);
  if (from_s >= to_s) return;
  const Key prefix = points_key(metric_id);
  const std::size_t prefix_size = prefix.bytes().size();
  reader.scan(Key(prefix).add(static_cast<std::uint64_t>(from_s)), Key(prefix).add(static_cast<std::uint64_t>(to_s)),
              [&](std::string_view key, std::string_view value) {
                KeyReader parts(key.substr(prefix_size));
                const auto start_s = static_cast<std::int64_t>(parts.number());
                visit(start_s, static_cast<Unit>(parts.number()), Aggregate::decode(value));
                return Step::go_on;
              });
}

std::size_t sweep_metrics(storage::Store& store, base::Time now) {
  const std::int64_t before_s = base::to_unix_s(now) - kRetentionS;
  const std::unique_ptr<storage::Reader> reader = store.snapshot();
  std::vector<std::pair<std::string, std::uint64_t>> old;  // metrics whose first datapoint is past its time
  reader->scan_prefix(metrics_key(), [&](std::string_view key, std::string_view value) {
    const std::uint64_t id = KeyReader(value).number();
    bool has_any = false;
    bool has_old = false;
    reader->scan_prefix(points_key(id), [&](std::string_view point, std::string_view) {
      has_any = true;
      KeyReader parts(point.substr(points_key(id).bytes().size()));
      has_old = static_cast<std::int64_t>(parts.number()) < before_s;
      return Step::stop;
    });
    if (has_old || !has_any) old.emplace_back(key, id);
    return Step::go_on;
  });
  std::size_t erased = 0;
  for (const auto& [key, id] : old) {
    while (true) {
      const Result<std::size_t> slice =
          store.write_and_wait<std::size_t>([&](Transaction& transaction) -> Result<std::size_t> {
            return erase_before(transaction, key, id, before_s);
          });
      erased += *slice;
      if (*slice < kSliceMax) break;
    }
  }
  return erased;
}

}  // namespace localcloud::metrics
