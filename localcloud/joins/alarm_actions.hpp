#pragma once
// What alarms set off: CloudWatch joined to Lambda.

#include "base/ids.hpp"
#include "localcloud/services/metrics/alarms/transition.hpp"
#include "localcloud/wire/router.hpp"

namespace localcloud {

// Runs Lambda functions, as the service that alarms are to them: the function's policy must let it. Thread-safe.
class AlarmActions final : public metrics::alarms::Actions {
 public:
  // `router` may be set later, before the first action: the front desk is built after the rooms.
  AlarmActions(const base::Clock& clock, base::Ids& ids) : clock_(clock), ids_(ids) {}
  void join(wire::Router& router) { router_ = &router; }
  Task<Result<Done>> run(metrics::alarms::Action action) override;

 private:
  const base::Clock& clock_;
  base::Ids& ids_;
  wire::Router* router_ = nullptr;
};

}  // namespace localcloud
