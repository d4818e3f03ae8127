// GetDashboard gives the body of a dashboard as it was put.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetDashboard.html

#include "localcloud/services/metrics/errors.hpp"
#include "localcloud/services/metrics/service.hpp"

namespace localcloud::metrics {

Result<GetDashboard::Output> get_dashboard(Metrics& room, const wire::Caller& caller, GetDashboard::Input input) {
  std::optional<StoredDashboard> dashboard =
      find_dashboard(*room.store.snapshot(), caller.account, input.dashboard_name);
  if (!dashboard) return failure(dashboard_not_found(input.dashboard_name));
  return GetDashboard::Output{dashboard_arn(caller.account, dashboard->name), std::move(dashboard->body),
                              dashboard->name};
}

}  // namespace localcloud::metrics
