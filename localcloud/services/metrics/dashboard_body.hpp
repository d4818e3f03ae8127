#pragma once
// What PutDashboard makes of a dashboard's body. Pure.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html

#include <string_view>
#include <vector>

#include "localcloud/services/metrics/api.hpp"

namespace localcloud::metrics {

// What is wrong with the body; errors keep it from being stored, warnings don't.
struct DashboardVerdict {
  std::vector<PutDashboard::DashboardValidationMessage> errors;
  std::vector<PutDashboard::DashboardValidationMessage> warnings;
};
DashboardVerdict check_dashboard(std::string_view body);

// The errors as the JSON of an error's dashboardValidationMessages, and as AWS lists them in its message.
std::string to_json(const std::vector<PutDashboard::DashboardValidationMessage>& errors);
std::string describe(const std::vector<PutDashboard::DashboardValidationMessage>& errors);

}  // namespace localcloud::metrics
