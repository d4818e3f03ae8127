#pragma once
// Embedded Metric Format: metrics inside log lines.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html

#include <string_view>

#include "base/clock.hpp"
#include "localcloud/services/metrics/records.hpp"

namespace localcloud::metrics::emf {

// Whether a line can be an EMF document; cheap, so that other lines cost nothing.
bool may_be_emf(std::string_view line);

// Adds the metrics in `line` to `increments`. A line that isn't EMF, or isn't as the format wants it, adds nothing: AWS
// ignores what it can't read, metric by metric.
void extract(std::string_view line, const Place& place, base::Time now, Increments& increments);

}  // namespace localcloud::metrics::emf
