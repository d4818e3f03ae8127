// Lambda function 1 as a process: what it needs is built here by hand, from the environment.

#include <csignal>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "pipeline/aws_client/aws_client.hpp"
#include "pipeline/aws_client/blocking.hpp"
#include "pipeline/aws_client/settings.hpp"
#include "pipeline/collect_to_s3/app.hpp"
#include "pipeline/collect_to_s3/config.hpp"
#include "pipeline/lambda_runtime/lambda_runtime.hpp"
#include "pipeline/telemetry/telemetry.hpp"

int main() {
  using namespace pipeline;
  std::signal(SIGPIPE, SIG_IGN);  // a connection that the peer has closed is an error to handle, not an end
  const auto config = collect_to_s3::read_config(aws_client::process_environment);
  if (!config) return lambda_runtime::report_init_error({"Pipeline.Configuration", config.error()});
  const auto settings = aws_client::read_settings(aws_client::process_environment);
  if (!settings) return lambda_runtime::report_init_error({"Pipeline.Configuration", settings.error()});

  const base::SystemClock clock;
  base::RandomIds ids;
  telemetry::StandardOutput lines;
  aws_client::AwsClient client(*settings, clock, ids);
  collect_to_s3::App app(*config, client, clock, ids);
  return lambda_runtime::run([&](const lambda_runtime::Invocation& invocation) {
    return aws_client::run_blocking(app.handle(invocation, lines));
  });
}
