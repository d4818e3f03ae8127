// ListDashboards names the dashboards of the account, at most 1,000 at a time.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListDashboards.html

#include "base/text.hpp"
#include "localcloud/services/metrics/errors.hpp"
#include "localcloud/services/metrics/service.hpp"

namespace localcloud::metrics {

namespace {

constexpr std::size_t kPageMax = 1000;

}  // namespace

Result<ListDashboards::Output> list_dashboards(Metrics& room, const wire::Caller& caller, ListDashboards::Input input) {
  const std::string prefix = input.dashboard_name_prefix.value_or("");
  std::string from = prefix;
  if (input.next_token) {
    const std::optional<std::string> name = base::from_base64(*input.next_token);
    if (!name) return failure(invalid_value("The next token specified is invalid."));
    from = std::max(from, *name);
  }
  ListDashboards::Output output;
  scan_dashboards(*room.store.snapshot(), caller.account, from, [&](const StoredDashboard& dashboard) {
    if (!dashboard.name.starts_with(prefix)) return storage::Step::stop;
    if (output.dashboard_entries.size() == kPageMax) {
      output.next_token = base::to_base64(dashboard.name);
      return storage::Step::stop;
    }
    output.dashboard_entries.push_back({dashboard.name, dashboard_arn(caller.account, dashboard.name),
                                        dashboard.modified, static_cast<std::int64_t>(dashboard.body.size())});
    return storage::Step::go_on;
  });
  return output;
}

}  // namespace localcloud::metrics
