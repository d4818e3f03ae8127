#pragma once
// Parts that several of CloudWatch's requests and responses have in common. No behaviour.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "localcloud/services/metrics/units.hpp"
#include "localcloud/wire/access.hpp"
#include "localcloud/wire/shape.hpp"

namespace localcloud::metrics {

bool is_namespace(std::string_view text);  // doesn't begin with a colon

inline constexpr wire::Limits kNamespace = wire::pattern("[^:].*", is_namespace, 1, 255);

// A list of any length up to `count`.
constexpr wire::Limits at_most(std::int64_t count) {
  return wire::length(INT64_MIN, count);
}

// What a call must be allowed: on everything, on an alarm, on a dashboard.
std::vector<wire::Access> may(std::string_view action);
std::vector<wire::Access> may_on_alarms(std::string_view action, const wire::Caller& caller,
                                        const std::vector<std::string>& names);
std::vector<wire::Access> may_on_dashboards(std::string_view action, const wire::Caller& caller,
                                            const std::vector<std::string>& names);

struct Nothing {
  static constexpr auto members() { return wire::members(); }
};

enum class ScanBy { timestamp_descending, timestamp_ascending };
constexpr std::array<std::string_view, 2> wire_names(ScanBy) {
  return {"TimestampDescending", "TimestampAscending"};
}

enum class StatisticName { sample_count, average, sum, minimum, maximum };
constexpr std::array<std::string_view, 5> wire_names(StatisticName) {
  return {"SampleCount", "Average", "Sum", "Minimum", "Maximum"};
}

struct Dimension {
  std::string name;
  std::string value;
  static constexpr auto members() {
    return wire::members(wire::required("Name", &Dimension::name, wire::length(1, 255)),
                         wire::required("Value", &Dimension::value, wire::length(1, 1024)));
  }
};

struct Tag {
  std::string key;
  std::string value;
  static constexpr auto members() {
    return wire::members(wire::required("Key", &Tag::key, wire::length(1, 128)),
                         wire::required("Value", &Tag::value, wire::length(0, 256)));
  }
};

struct MessageData {
  std::string code;
  std::string value;
  static constexpr auto members() {
    return wire::members(wire::optional("Code", &MessageData::code), wire::optional("Value", &MessageData::value));
  }
};

// A metric on the wire; Metric (records.hpp) is the one that is counted.
struct NamedMetric {
  std::optional<std::string> name_space;
  std::optional<std::string> metric_name;
  std::optional<std::vector<Dimension>> dimensions;
  static constexpr auto members() {
    return wire::members(wire::optional("Namespace", &NamedMetric::name_space, kNamespace),
                         wire::optional("MetricName", &NamedMetric::metric_name, wire::length(1, 255)),
                         wire::optional("Dimensions", &NamedMetric::dimensions, at_most(30)));
  }
};

struct MetricStat {
  NamedMetric metric;
  std::int32_t period = 0;
  std::string stat;
  std::optional<Unit> unit;
  static constexpr auto members() {
    return wire::members(wire::required("Metric", &MetricStat::metric),
                         wire::required("Period", &MetricStat::period, wire::range(1, INT64_MAX)),
                         wire::required("Stat", &MetricStat::stat), wire::optional("Unit", &MetricStat::unit));
  }
};

struct MetricDataQuery {
  std::string id;
  std::optional<MetricStat> metric_stat;
  std::optional<std::string> expression;
  std::optional<std::string> label;
  std::optional<bool> return_data;
  std::optional<std::int32_t> period;
  static constexpr auto members() {
    return wire::members(
        wire::required("Id", &MetricDataQuery::id, wire::length(1, 255)),
        wire::optional("MetricStat", &MetricDataQuery::metric_stat),
        wire::optional("Expression", &MetricDataQuery::expression, wire::length(1, 2048)),
        wire::optional("Label", &MetricDataQuery::label), wire::optional("ReturnData", &MetricDataQuery::return_data),
        wire::optional("Period", &MetricDataQuery::period, wire::range(1, INT64_MAX)), wire::refused("AccountId"));
  }
};

}  // namespace localcloud::metrics
