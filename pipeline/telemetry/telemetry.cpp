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

// Lines are written as text at once: there are several for each event.
void log(Lines& lines, Level level, std::string_view message, std::string_view request_id,
         std::initializer_list<std::pair<std::string_view, json::Value>> fields) {
  std::string line = R"({"level":")";
  line += level_name(level);
  line += R"(","message":)";
  json::write_string(line, message);
  if (!request_id.empty()) {
    line += R"(,"request_id":)";
    json::write_string(line, request_id);
  }
  for (const auto& [name, value] : fields) {
    line += ',';
    json::write_string(line, name);
    line += ':';
    json::write(line, value);
  }
  lines.write(std::move(line += '}'));
}

void emit(Lines& lines, base::Time now, std::string_view function, const std::vector<Metric>& metrics) {
  std::string line = R"({"_aws":{"Timestamp":)" + std::to_string(base::to_unix_ms(now));
  line += R"(,"CloudWatchMetrics":[{"Namespace":"EventPipeline","Dimensions":[[],["Function"]],"Metrics":[)";
  for (const Metric& metric : metrics) {
    if (&metric != &metrics.front()) line += ',';
    line += R"({"Name":)";
    json::write_string(line, metric.name);
    line += R"(,"Unit":")";
    line += unit_name(metric.unit);
    line += R"("})";
  }
  line += R"(]}]},"Function":)";
  json::write_string(line, function);
  for (const Metric& metric : metrics) {
    line += ',';
    json::write_string(line, metric.name);
    line += ':';
    line += std::to_string(metric.value);
  }
  lines.write(std::move(line += '}'));
}

}  // namespace pipeline::telemetry
