#pragma once
// The event that a Lambda function gets from an alarm. Pure.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html

#include <string>

#include "localcloud/services/metrics/alarm_records.hpp"

namespace localcloud::metrics::alarms {

// A time as alarms write it: 2026-11-22T14:00:00.000+0000
std::string moment(base::Time time);

// The event as JSON, of an alarm that was `before` and is `after`.
std::string event_of(const Place& place, const MetricAlarm& before, const MetricAlarm& after);

}  // namespace localcloud::metrics::alarms
