#pragma once
// Embedded Metric Format: metrics inside log lines.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html

#include <string_view>

#include "base/clock.hpp"
#include "localcloud/services/metrics/records.hpp"

namespace localcloud::metrics::emf {

// Adds the metrics in `line` to `increments`. A line that isn't EMF adds nothing and costs next to nothing; one that
// isn't as the format wants it adds what is: AWS ignores what it can't read, metric by metric.
void extract(std::string_view line, const Place& place, base::Time now, Increments& increments);

}  // namespace localcloud::metrics::emf
