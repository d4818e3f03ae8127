// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html

#include "localcloud/joins/alarm_actions.hpp"

#include "aws/arn.hpp"
#include "base/text.hpp"

namespace localcloud {

Task<Result<Done>> AlarmActions::run(metrics::alarms::Action action) {
  const auto arn = aws::parse_arn(action.arn);
  // Unlike AWS: there is nothing to run but Lambda functions; SNS, EC2 and Auto Scaling are not here.
  if (!arn || arn->service != "lambda") {
    co_return failure({"ValidationError", "localcloud runs no other actions than Lambda functions."});
  }
  wire::Caller caller;
  caller.principal.kind = wire::Principal::Kind::service;
  caller.principal.account = action.place.account;
  caller.principal.service = "lambda.alarms.cloudwatch.amazonaws.com";
  caller.principal.source_arn = action.alarm_arn;
  caller.account = action.place.account;
  caller.region = action.place.region;
  caller.request_id = ids_.uuid();
  caller.time = clock_.now();
  json::Object input{
      {"FunctionName", action.arn}, {"InvocationType", "Event"}, {"Payload", base::to_base64(action.event)}};
  const Result<json::Value> accepted = co_await router_->call("lambda", "Invoke", std::move(input), std::move(caller));
  if (accepted) co_return Done{};
  if (accepted.error().code != "AccessDeniedException") co_return failure(accepted.error());
  co_return failure({"AccessDenied",
                     "CloudWatch Alarms is not authorized to perform: lambda:InvokeFunction on the resource because no "
                     "resource-based policy allows the lambda:InvokeFunction action",
                     403});
}

}  // namespace localcloud
