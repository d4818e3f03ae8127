// PutDashboard stores a dashboard, whole, once its body has been checked.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html

#include "localcloud/services/metrics/dashboard_body.hpp"
#include "localcloud/services/metrics/errors.hpp"
#include "localcloud/services/metrics/service.hpp"

namespace localcloud::metrics {

namespace {

constexpr std::size_t kBodyBytesMax = 1024 * 1024;

bool is_dashboard_name(std::string_view name) {
  if (name.empty() || name.size() > 255) return false;
  return std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

}  // namespace

wire::Change<PutDashboard::Output> put_dashboard(Metrics& room, const wire::Caller& caller, PutDashboard::Input input) {
  if (!is_dashboard_name(input.dashboard_name)) {
    return failure(
        invalid_dashboard(fmt::format("The value {} for field DashboardName contains invalid characters. It can only "
                                      "contain alphanumerics, dash (-) and underscore (_).",
                                      input.dashboard_name)));
  }
  if (input.dashboard_body.size() > kBodyBytesMax) {
    return failure(
        invalid_dashboard(fmt::format("The field DashboardBody must not be longer than {} bytes.", kBodyBytesMax)));
  }
  DashboardVerdict verdict = check_dashboard(input.dashboard_body);
  if (!verdict.errors.empty()) return failure(invalid_dashboard(describe(verdict.errors), to_json(verdict.errors)));

  return [account = caller.account, now = room.clock.now(), input = std::move(input),
          warnings = std::move(verdict.warnings)](storage::Transaction& transaction) -> Result<PutDashboard::Output> {
    write_dashboard(transaction, account, {input.dashboard_name, input.dashboard_body, {now}});
    return PutDashboard::Output{warnings};
  };
}

}  // namespace localcloud::metrics
