// What a function's main.cpp builds from its environment, built from its version.

#include "localcloud/joins/linked_functions.hpp"

#include "base/text.hpp"
#include "localcloud/package_hashes.hpp"
#include "pipeline/collect_to_s3/app.hpp"
#include "pipeline/parse_validate/app.hpp"

namespace localcloud {

namespace {

namespace collect_to_s3 = pipeline::collect_to_s3;
namespace parse_validate = pipeline::parse_validate;
namespace lambda_runtime = pipeline::lambda_runtime;

lambda::LinkedError to_error(const lambda_runtime::FunctionError& error) {
  return {error.type, lambda_runtime::error_body(error)};
}

template <class Outcome>
lambda::LinkedFunction::Handled to_handled(Outcome outcome) {
  if (!outcome) return std::unexpected(to_error(outcome.error()));
  return *std::move(outcome);
}

class Lines final : public pipeline::telemetry::Lines {
 public:
  explicit Lines(lambda::LinkedOutput& output) : output_(output) {}
  void write(std::string line) override { output_.write(std::move(line)); }

 private:
  lambda::LinkedOutput& output_;
};

// One of the functions, its client first: the app refers to it.
template <class App>
class Linked final : public lambda::LinkedFunction {
 public:
  template <class Config, class... More>
  Linked(CalledRooms rooms, wire::Principal principal, const lambda::FunctionVersion& version, Config config,
         More&... more)
      : arn_(version.arn),
        client_(rooms, std::move(principal), version.region),
        app_(std::move(config), client_, more...) {}

  Task<Handled> handle(lambda::LinkedEvent& event, lambda::LinkedOutput& output) override {
    lambda_runtime::Invocation invocation{.payload = {},
                                          .request_id = event.request_id,
                                          .deadline = event.deadline,
                                          .function_arn = arn_,
                                          .trace_id = event.trace_id};
    Lines lines(output);
    Handled handled;
    try {
      if (event.payload.as_value()) {
        json::Value value = *std::move(event.payload).value();
        lambda_runtime::ValueOutcome outcome = co_await app_.handle(std::move(value), invocation, lines);
        handled = to_handled(std::move(outcome));
      } else {
        invocation.payload = std::move(event.payload).text();
        lambda_runtime::Outcome outcome = co_await app_.handle(invocation, lines);
        handled = to_handled(std::move(outcome));
      }
    } catch (const std::exception& error) {  // as lambda_runtime's loop reports it
      handled = std::unexpected(to_error({"UnhandledException", error.what()}));
    }
    co_return handled;
  }

 private:
  const std::string arn_;
  DirectClient client_;
  App app_;
};

// As Lambda tells it.
std::string code_sha256(std::string_view hex) {
  return base::to_base64(*base::from_hex(hex));
}

bool names_endpoint(const lambda::FunctionVersion& version) {
  return std::ranges::any_of(version.variables, [](const auto& entry) { return entry.first.starts_with("AWS_"); });
}

}  // namespace

LinkedFunctions::LinkedFunctions(CalledRooms rooms, iam::RoleSessions& sessions, base::Timers& timers)
    : rooms_(rooms),
      sessions_(sessions),
      timers_(timers),
      collect_to_s3_(code_sha256(kCollectToS3Hash)),
      parse_validate_(code_sha256(kParseValidateHash)) {}

// A function whose variables lead its calls elsewhere (AWS_ENDPOINT_URL_S3, AWS_CA_BUNDLE) needs its own client for it.
bool LinkedFunctions::has(const lambda::FunctionVersion& version) const {
  const std::string& package = version.code_sha256;
  return (package == collect_to_s3_ || package == parse_validate_) && !names_endpoint(version);
}

Result<lambda::LinkedCode::Started> LinkedFunctions::start(const lambda::FunctionVersion& version) {
  wire::Principal principal = TRY(sessions_.principal_for_service({.role_arn = version.role_arn,
                                                                   .service = "lambda.amazonaws.com",
                                                                   .session_name = version.name,
                                                                   .source_arn = {},
                                                                   .source_account = {}}));
  const auto environment = [&](const std::string& name) -> std::optional<std::string> {
    const auto found = version.variables.find(name);
    return found == version.variables.end() ? std::nullopt : std::optional(found->second);
  };
  const auto refused = [](const std::string& problem) {
    return Started(std::unexpected(to_error({"Pipeline.Configuration", problem})));
  };
  if (version.code_sha256 == collect_to_s3_) {
    const auto config = collect_to_s3::read_config(environment);
    if (!config) return refused(config.error());
    return Started(std::make_shared<Linked<collect_to_s3::App>>(rooms_, std::move(principal), version, *config,
                                                                rooms_.clock, rooms_.ids));
  }
  const auto config = parse_validate::read_config(environment);
  if (!config) return refused(config.error());
  return Started(std::make_shared<Linked<parse_validate::App>>(rooms_, std::move(principal), version, *config, timers_,
                                                               rooms_.ids));
}

}  // namespace localcloud
