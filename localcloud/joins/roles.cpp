#include "localcloud/joins/roles.hpp"

#include "base/text.hpp"
#include "json/write.hpp"

namespace localcloud {

namespace {

constexpr std::int64_t kFunctionSessionS = 6 * 3600;

iam::RoleSessions::ServiceRequest for_lambda(const std::string& role_arn, const std::string& session_name) {
  return {.role_arn = role_arn,
          .service = "lambda.amazonaws.com",
          .session_name = session_name,
          .source_arn = {},
          .source_account = {},
          .duration_s = kFunctionSessionS};
}

}  // namespace

bool LambdaRoles::can_assume(const std::string& role_arn) {
  return sessions_.principal_for_service(for_lambda(role_arn, "create-function")).has_value();
}

Task<Result<lambda::Credentials>> LambdaRoles::mint(std::string role_arn, std::string session_name) {
  const auto session = sessions_.mint_for_service(for_lambda(role_arn, session_name));
  if (!session) co_return failure(session.error());
  lambda::Credentials credentials{session->access_key_id, session->secret_access_key, session->session_token,
                                  session->expires};
  co_return credentials;
}

Result<wire::Caller> StateMachineRoles::assume(const stepfunctions::Acting& acting) {
  wire::Caller caller;
  caller.principal = TRY(sessions_.principal_for_service({.role_arn = acting.role_arn,
                                                          .service = "states.amazonaws.com",
                                                          .session_name = "states",
                                                          .source_arn = acting.state_machine_arn,
                                                          .source_account = acting.account}));
  caller.account = acting.account;
  caller.region = acting.region;
  caller.request_id = ids_.uuid();
  caller.source_ip = "states.amazonaws.com";
  caller.user_agent = "states.amazonaws.com";
  caller.time = clock_.now();
  return caller;
}

bool ServiceCalls::knows(std::string_view service, std::string_view action) const {
  return router_ && router_->knows(service, action);
}

Task<Result<json::Value>> ServiceCalls::call(stepfunctions::Acting acting, std::string service, std::string action,
                                             json::Value parameters) {
  const Result<wire::Caller> caller = roles_.assume(acting);
  if (!caller) co_return failure(caller.error());
  // A blob is given as a document, which AWS's SDK integrations write as its JSON text.
  if (service == "s3" && action == "PutObject" && parameters.find("Body")) {
    parameters.as_object().set("Body", base::to_base64(json::write(*parameters.find("Body"))));
  }
  co_return co_await router_->call(std::move(service), std::move(action), std::move(parameters), *caller);
}

bool ServiceCalls::may(const stepfunctions::Acting& acting, std::string_view action, std::string_view resource) {
  const Result<wire::Caller> caller = roles_.assume(acting);
  return caller && !authorizer_.denial(*caller, {.action = std::string(action), .resource = std::string(resource)});
}

void FunctionCalls::join(lambda::Lambda& room, wire::Router& router) {
  room_ = &room;
  desk_ = lambda::front_desk(room);
  router_ = &router;
}

namespace {

// What a machine's definition nearly always says. Anything else is Lambda's to judge, as a client's request.
bool is_plain(const stepfunctions::FunctionCall& call) {
  return call.invocation_type == "RequestResponse" && call.client_context.empty() && call.qualifier.empty() &&
         call.function.size() <= static_cast<std::size_t>(lambda::kFunctionReference.max) &&
         lambda::is_function_name(call.function);
}

}  // namespace

Task<Result<stepfunctions::FunctionReply>> FunctionCalls::invoke(stepfunctions::FunctionCall call) {
  Result<wire::Caller> caller = roles_.assume(call.acting);
  if (!caller) co_return failure(caller.error());
  if (!is_plain(call)) co_return co_await invoke_as_client(std::move(call), *std::move(caller));
  lambda::InvokeWithin::Input input;
  input.function_name = std::move(call.function);
  input.payload = std::move(call.payload);
  Result<lambda::InvokeWithin::Output> output = co_await wire::carry_out<lambda::InvokeWithin, &lambda::invoke_within>(
      *room_, desk_, authorizer_, *caller, std::move(input));
  if (!output) co_return failure(std::move(output.error()));
  stepfunctions::FunctionReply reply{.status = output->status_code,
                                     .payload = std::move(output->payload),
                                     .executed_version = output->executed_version.value_or("$LATEST"),
                                     .function_error = output->function_error.value_or("")};
  co_return reply;
}

Task<Result<stepfunctions::FunctionReply>> FunctionCalls::invoke_as_client(stepfunctions::FunctionCall call,
                                                                           wire::Caller caller) {
  json::Object input{{"FunctionName", call.function},
                     {"InvocationType", call.invocation_type},
                     {"Payload", base::to_base64(call.payload.text())}};
  if (!call.qualifier.empty()) input.set("Qualifier", call.qualifier);
  if (!call.client_context.empty()) input.set("ClientContext", call.client_context);
  const Result<json::Value> output = co_await router_->call("lambda", "Invoke", std::move(input), std::move(caller));
  if (!output) co_return failure(output.error());
  stepfunctions::FunctionReply reply;
  reply.status = static_cast<int>(output->get_int64("StatusCode").value_or(200));
  reply.payload = base::from_base64(output->get_string("Payload").value_or("")).value_or(std::string());
  reply.executed_version = output->get_string("ExecutedVersion").value_or("$LATEST");
  reply.function_error = output->get_string("FunctionError").value_or("");
  co_return reply;
}

}  // namespace localcloud
