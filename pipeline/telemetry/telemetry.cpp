// Log lines and EMF lines.

#include "pipeline/telemetry/telemetry.hpp"

#include <unistd.h>

#include "json/write.hpp"

namespace pipeline::telemetry {

namespace {

std::string_view unit_name(Unit unit) {
  switch (unit) {
    case Unit::bytes:
      return "Bytes";
    case Unit::milliseconds:
      return "Milliseconds";
    case Unit::count:
      break;
  }
  return "Count";
}

std::string_view level_name(Level level) {
  switch (level) {
    case Level::warning:
      return "WARN";
    case Level::error:
      return "ERROR";
    case Level::info:
      break;
  }
  return "INFO";
}

}  // namespace

void StandardOutput::write(std::string line) {
  line += '\n';
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, rest.data(), rest.size());
    if (written <= 0) return;  // nobody reads: a function doesn't fail for that
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
}

void log(Lines& lines, Level level, std::string_view message, std::string_view request_id,
         std::initializer_list<std::pair<std::string_view, json::Value>> fields) {
  json::Object line{{"level", level_name(level)}, {"message", message}};
  if (!request_id.empty()) line.set("request_id", request_id);
  for (const auto& [name, value] : fields) line.set(name, value);
  lines.write(json::write(line));
}

void emit(Lines& lines, base::Time now, std::string_view function, const std::vector<Metric>& metrics) {
  json::Array definitions;
  for (const Metric& metric : metrics) {
    definitions.push_back(json::Object{{"Name", metric.name}, {"Unit", unit_name(metric.unit)}});
  }
  const json::Array dimensions{json::Array{}, json::Array{json::Value("Function")}};
  const json::Object directive{
      {"Namespace", "EventPipeline"}, {"Dimensions", dimensions}, {"Metrics", std::move(definitions)}};
  json::Object line{
      {"_aws", json::Object{{"Timestamp", base::to_unix_ms(now)}, {"CloudWatchMetrics", json::Array{directive}}}},
      {"Function", function}};
  for (const Metric& metric : metrics) line.set(metric.name, metric.value);
  lines.write(json::write(line));
}

}  // namespace pipeline::telemetry
