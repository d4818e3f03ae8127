// DeleteDashboards removes dashboards: all of them, or none where one is missing.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteDashboards.html

#include "localcloud/services/metrics/errors.hpp"
#include "localcloud/services/metrics/service.hpp"

namespace localcloud::metrics {

wire::Change<Nothing> delete_dashboards(Metrics&, const wire::Caller& caller, DeleteDashboards::Input input) {
  return [account = caller.account,
          names = std::move(input.dashboard_names)](storage::Transaction& transaction) -> Result<Nothing> {
    std::string missing;
    for (const std::string& name : names) {
      if (!find_dashboard(transaction, account, name)) missing += (missing.empty() ? "" : ", ") + name;
    }
    if (!missing.empty()) return failure(dashboards_not_found(missing));
    for (const std::string& name : names) erase_dashboard(transaction, account, name);
    return Nothing{};
  };
}

}  // namespace localcloud::metrics
