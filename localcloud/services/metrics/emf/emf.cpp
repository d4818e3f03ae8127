// Reading EMF documents.

#include "localcloud/services/metrics/emf/emf.hpp"

#include <cmath>

#include "json/parse.hpp"

namespace localcloud::metrics::emf {

namespace {

constexpr std::size_t kMetricsMax = 100;
constexpr std::size_t kValuesMax = 100;
constexpr std::size_t kDimensionsMax = 30;
constexpr std::size_t kDimensionSetsMax = 100;
constexpr std::size_t kDirectivesMax = 100;
constexpr std::size_t kNameBytesMax = 1024;
constexpr std::size_t kNamespaceBytesMax = 1024;
constexpr std::size_t kDimensionValueBytesMax = 1024;
constexpr std::int64_t kPastMaxMs = std::int64_t{14} * 86'400'000;
constexpr std::int64_t kFutureMaxMs = 2 * 3'600'000;

// The member at the root; names with dots are names, not paths.
std::optional<Aggregate> values_of(const json::Value& root, std::string_view name) {
  const json::Value* const value = root.find(name);
  if (!value) return std::nullopt;
  Aggregate aggregate;
  const auto add = [&aggregate](const json::Value& number) {
    if (!number.is_number() || !std::isfinite(number.as_number().as_double())) return false;
    aggregate.add(number.as_number().as_double());
    return true;
  };
  if (!value->is_array()) {
    if (!add(*value)) return std::nullopt;
    return aggregate;
  }
  const json::Array& numbers = value->as_array();
  if (numbers.empty() || numbers.size() > kValuesMax) return std::nullopt;
  for (const json::Value& number : numbers) {
    if (!add(number)) return std::nullopt;
  }
  return aggregate;
}

// The dimensions that one set of names makes, or nothing where a name has no string at the root.
std::optional<Dimensions> dimensions_of(const json::Value& root, const json::Value& names) {
  if (!names.is_array() || names.as_array().size() > kDimensionsMax) return std::nullopt;
  Dimensions dimensions;
  for (const json::Value& name : names.as_array()) {
    if (!name.is_string() || name.as_string().empty()) return std::nullopt;
    const json::Value* const value = root.find(name.as_string());
    if (!value || !value->is_string()) return std::nullopt;
    if (value->as_string().empty() || value->as_string().size() > kDimensionValueBytesMax) return std::nullopt;
    dimensions[name.as_string()] = value->as_string();
  }
  return dimensions;
}

std::vector<Dimensions> dimension_sets(const json::Value& root, const json::Value& directive) {
  std::vector<Dimensions> sets;
  const json::Value* const names = directive.find("Dimensions");
  // Without the member, or with an empty list, there is one set, with nothing in it.
  if (!names || (names->is_array() && names->as_array().empty())) return {Dimensions{}};
  if (!names->is_array() || names->as_array().size() > kDimensionSetsMax) return sets;
  for (const json::Value& set : names->as_array()) {
    if (auto dimensions = dimensions_of(root, set)) sets.push_back(*std::move(dimensions));
  }
  return sets;
}

void extract_directive(const json::Value& root, const json::Value& directive, const Place& place, base::Time time,
                       Increments& increments) {
  const auto name_space = directive.get_string("Namespace");
  const json::Value* const metrics = directive.find("Metrics");
  if (!name_space || name_space->empty() || name_space->size() > kNamespaceBytesMax) return;
  if (!metrics || !metrics->is_array() || metrics->as_array().size() > kMetricsMax) return;
  const std::vector<Dimensions> sets = dimension_sets(root, directive);
  for (const json::Value& metric : metrics->as_array()) {
    const auto name = metric.get_string("Name");
    if (!name || name->empty() || name->size() > kNameBytesMax) continue;
    const std::optional<Aggregate> values = values_of(root, *name);
    const std::optional<Unit> unit = parse_unit(metric.get_string("Unit").value_or("None"));
    const std::int64_t resolution_s = metric.get_int64("StorageResolution").value_or(60);
    if (!values || !unit || (resolution_s != 1 && resolution_s != 60)) continue;
    const std::int64_t start_s = start_of_point_s(time, static_cast<int>(resolution_s));
    for (const Dimensions& dimensions : sets) {
      const Metric stored{std::string(*name_space), std::string(*name), dimensions};
      increments.add(place, stored, *unit, start_s, *values);
    }
  }
}

// Cheap, for most lines aren't.
bool may_be_emf(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && line[first] == '{' && line.contains("\"_aws\"") &&
         line.contains("\"CloudWatchMetrics\"");
}

}  // namespace

void extract(std::string_view line, const Place& place, base::Time now, Increments& increments) {
  if (!may_be_emf(line)) return;
  const auto root = json::parse(line);
  if (!root) return;
  const json::Value* const metadata = root->find("_aws");
  if (!metadata) return;
  const auto timestamp_ms = metadata->get_int64("Timestamp");
  const json::Value* const directives = metadata->find("CloudWatchMetrics");
  if (!timestamp_ms || !directives || !directives->is_array() || directives->as_array().size() > kDirectivesMax) return;
  const std::int64_t now_ms = base::to_unix_ms(now);
  if (*timestamp_ms < now_ms - kPastMaxMs || *timestamp_ms > now_ms + kFutureMaxMs) return;
  for (const json::Value& directive : directives->as_array()) {
    extract_directive(*root, directive, place, base::from_unix_ms(*timestamp_ms), increments);
  }
}

}  // namespace localcloud::metrics::emf
