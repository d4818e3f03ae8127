#pragma once
// What the functions say: JSON log lines, and metrics as log lines in CloudWatch's embedded metric format.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "json/value.hpp"

namespace pipeline::telemetry {

// Where log lines go. Thread-safe.
class Lines {
 public:
  virtual ~Lines() = default;
  virtual void write(std::string line) = 0;  // without its newline
};

// Standard output, as Lambda reads it: one write for each line.
class StandardOutput final : public Lines {
 public:
  void write(std::string line) override;
};

enum class Level { info, warning, error };

// One line: level, message, request_id, then the fields. Never give it a body, a key or what a user wrote.
void log(Lines& lines, Level level, std::string_view message, std::string_view request_id,
         std::initializer_list<std::pair<std::string_view, json::Value>> fields = {});

enum class Unit { count, bytes, milliseconds };
struct Metric {
  std::string_view name;
  Unit unit;
  std::int64_t value;
};

// One EMF line in the namespace EventPipeline: each metric without dimensions, and by Function.
void emit(Lines& lines, base::Time now, std::string_view function, const std::vector<Metric>& metrics);

}  // namespace pipeline::telemetry
