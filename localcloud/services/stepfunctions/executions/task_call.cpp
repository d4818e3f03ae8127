// Task states' calls: how parameters become a request, and a reply a result or an error name.

#include "localcloud/services/stepfunctions/executions/task_call.hpp"

#include <algorithm>
#include <exception>

#include "base/log.hpp"
#include "base/text.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/services/stepfunctions/asl/limits.hpp"

namespace localcloud::stepfunctions {
namespace {

using asl::Command;
using asl::Delivery;
using asl::TaskResource;

constexpr std::string_view kSdkPrefix = "aws-sdk:";

struct ServiceNames {
  std::string_view resource;   // as a Resource has it
  std::string_view api;        // as Integrations knows it
  std::string_view error;      // before the dot of an error's name
  std::string_view client;     // in a cause: "(Service: …"
  std::string_view unmodeled;  // the error of a code that isn't in the API's model
};

constexpr ServiceNames kServices[] = {
    {"dynamodb", "dynamodb", "DynamoDB", "AmazonDynamoDBv2", "AmazonDynamoDBException"},
    {"lambda", "lambda", "Lambda", "Lambda", "AWSLambdaException"},
    {"states", "states", "StepFunctions", "AWSStepFunctions", "AWSStepFunctionsException"},
    {"aws-sdk:dynamodb", "dynamodb", "DynamoDb", "DynamoDb", "DynamoDbException"},
    {"aws-sdk:s3", "s3", "S3", "S3", "S3Exception"},
    {"aws-sdk:sfn", "states", "Sfn", "Sfn", "SfnException"},
    {"aws-sdk:cloudwatch", "cloudwatch", "CloudWatch", "CloudWatch", "CloudWatchException"},
    {"aws-sdk:cloudwatchlogs", "logs", "CloudWatchLogs", "CloudWatchLogs", "CloudWatchLogsException"},
    {"aws-sdk:iam", "iam", "Iam", "Iam", "IamException"},
    {"aws-sdk:sts", "sts", "Sts", "Sts", "StsException"},
    {"aws-sdk:lambda", "lambda", "Lambda", "Lambda", "LambdaException"},
};

// What an optimized integration may call; AWS SDK integrations may call all that Integrations knows.
constexpr std::pair<std::string_view, std::string_view> kOptimized[] = {
    {"dynamodb", "getItem"},    {"dynamodb", "putItem"}, {"dynamodb", "updateItem"},
    {"dynamodb", "deleteItem"}, {"lambda", "invoke"},    {"states", "startExecution"}};

// Codes that come from no API's model but from the protocol or from IAM.
constexpr std::string_view kUnmodeledCodes[] = {
    "ValidationException",         "AccessDeniedException",     "AccessDenied",       "SerializationException",
    "UnrecognizedClientException", "InvalidSignatureException", "ThrottlingException"};

const ServiceNames* find_service(std::string_view resource) {
  const auto* const found = std::ranges::find(kServices, resource, &ServiceNames::resource);
  return found == std::end(kServices) ? nullptr : found;
}

std::string with_first(std::string name, int (*change)(int)) {
  if (!name.empty()) name[0] = static_cast<char>(change(static_cast<unsigned char>(name[0])));
  return name;
}

bool is_sdk(const TaskResource& resource) {
  return resource.service.starts_with(kSdkPrefix);
}

std::string plain_code(const ServiceError& error) {
  return error.code.substr(error.code.rfind('#') + 1);
}

asl::Failure failure_of(const ServiceError& error, const ServiceNames& names, const std::string& request_id,
                        bool is_first_generation) {
  std::string code = plain_code(error);
  const bool is_unmodeled = std::ranges::find(kUnmodeledCodes, code) != std::end(kUnmodeledCodes);
  const std::string status = std::to_string(error.http_status);
  // The optimized integrations of older services speak through the first AWS SDK for Java, all others through the
  // second.
  const std::string cause = is_first_generation ? error.message + " (Service: " + std::string(names.client) +
                                                      "; Status Code: " + status + "; Error Code: " + code +
                                                      "; Request ID: " + request_id + "; Proxy: null)"
                                                : error.message + " (Service: " + std::string(names.client) +
                                                      ", Status Code: " + status + ", Request ID: " + request_id + ")";
  if (!code.ends_with("Exception")) code += "Exception";
  return {std::string(names.error) + "." + (is_unmodeled ? std::string(names.unmodeled) : code), cause};
}

// What the optimized integrations add to a result.
void add_metadata(json::Object& result, const std::string& request_id, int status) {
  json::Object headers{{"x-amzn-RequestId", request_id}, {"Content-Type", "application/x-amz-json-1.0"}};
  json::Object all_headers{{"x-amzn-RequestId", json::Array{request_id}},
                           {"Content-Type", json::Array{"application/x-amz-json-1.0"}}};
  result.set("SdkHttpMetadata", json::Object{{"AllHttpHeaders", std::move(all_headers)},
                                             {"HttpHeaders", std::move(headers)},
                                             {"HttpStatusCode", status}});
  result.set("SdkResponseMetadata", json::Object{{"RequestId", request_id}});
}

Delivery failed(std::string error, std::string cause) {
  Delivery delivery;
  delivery.kind = Delivery::Kind::failure;
  delivery.failure = {std::move(error), std::move(cause)};
  return delivery;
}

Delivery succeeded(json::Value result) {
  Delivery delivery;
  delivery.kind = Delivery::Kind::result;
  delivery.result = std::move(result);
  return delivery;
}

// A payload that isn't JSON is a string.
json::Value to_value(json::Document payload) {
  if (payload.empty()) return json::Value();
  if (payload.as_value()) return *std::move(payload).value();
  std::string text = std::move(payload).text();
  auto value = json::parse(text);
  return value ? std::move(*value) : json::Value(std::move(text));
}

// The error's name is the function's errorType; its cause the whole of what the function answered.
Delivery function_failed(const FunctionReply& reply) {
  const json::Value payload = to_value(reply.payload);
  const auto type = payload.get_string("errorType");
  return failed(type ? std::string(*type) : "Lambda.Unknown", reply.payload.text());
}

Acting acting_for(const Command& command, const MachineId& machine) {
  return {command.role_arn, machine.arn(), machine.account, machine.region};
}

Task<Delivery> call_function(Command command, MachineId machine, std::string request_id, LambdaInvoker& functions) {
  FunctionCall call;
  call.acting = acting_for(command, machine);
  const bool is_direct = command.resource.kind == TaskResource::Kind::lambda_function;
  if (is_direct) {
    call.function = command.resource.arn;
    call.payload = std::move(command.parameters);
  } else {
    json::Value& parameters = command.parameters;
    call.function = std::string(parameters.get_string("FunctionName").value_or(""));
    call.qualifier = std::string(parameters.get_string("Qualifier").value_or(""));
    call.invocation_type = std::string(parameters.get_string("InvocationType").value_or("RequestResponse"));
    json::Value* const payload = parameters.is_object() ? parameters.as_object().find("Payload") : nullptr;
    call.payload = payload != nullptr ? json::Document(std::move(*payload)) : json::Document("{}");
    if (const json::Value* context = parameters.find("ClientContext")) {
      call.client_context = context->is_string() ? context->as_string() : base::to_base64(json::write(*context));
    }
  }
  Result<FunctionReply> reply = co_await functions.invoke(std::move(call));
  if (!reply) {
    Delivery delivery;
    delivery.kind = Delivery::Kind::failure;
    delivery.failure = failure_of(reply.error(), *find_service("lambda"), request_id, false);
    co_return delivery;
  }
  if (!reply->function_error.empty()) co_return function_failed(*reply);
  if (is_direct) co_return succeeded(to_value(std::move(reply->payload)));
  json::Object result{{"ExecutedVersion", reply->executed_version}, {"Payload", to_value(std::move(reply->payload))}};
  add_metadata(result, request_id, reply->status);
  result.append("StatusCode", reply->status);
  co_return succeeded(json::Value(std::move(result)));
}

// Step Functions' own API has members in camel case, and takes its input as text.
json::Value to_states_members(const json::Value& parameters) {
  json::Object out;
  if (!parameters.is_object()) return parameters;
  for (const auto& [name, value] : parameters.as_object()) {
    if (value.is_null()) continue;
    const bool is_input = name == "Input" && !value.is_string();
    out.set(with_first(name, std::tolower), is_input ? json::Value(json::write(value)) : value);
  }
  return json::Value(std::move(out));
}

json::Value to_capital_members(json::Value result) {
  json::Object out;
  if (!result.is_object()) return result;
  for (auto& [name, value] : result.as_object()) out.set(with_first(name, std::toupper), std::move(value));
  return json::Value(std::move(out));
}

Task<Delivery> call_service(Command command, MachineId machine, std::string request_id, Integrations& integrations) {
  const ServiceNames* const names = find_service(command.resource.service);
  const bool sdk = is_sdk(command.resource);
  std::string action = with_first(command.resource.action, std::toupper);
  if (names == nullptr || !integrations.knows(names->api, action)) {
    co_return failed("States.TaskFailed",
                     "The resource " + command.resource.arn + " is not supported by this server yet");
  }
  const bool is_states = names->api == "states";
  json::Value parameters = is_states ? to_states_members(command.parameters) : std::move(command.parameters);
  Acting acting = acting_for(command, machine);
  Result<json::Value> result =
      co_await integrations.call(std::move(acting), std::string(names->api), std::move(action), std::move(parameters));
  if (!result) {
    Delivery delivery;
    delivery.kind = Delivery::Kind::failure;
    delivery.failure = failure_of(result.error(), *names, request_id, !sdk);
    co_return delivery;
  }
  json::Value answer = is_states ? to_capital_members(std::move(*result)) : std::move(*result);
  if (!sdk && answer.is_object()) add_metadata(answer.as_object(), request_id, 200);
  co_return succeeded(std::move(answer));
}

}  // namespace

std::optional<std::string> unknown_resource(const asl::Block& block, const Integrations& integrations) {
  for (const auto& [name, state] : block.states) {
    for (const auto& branch : state.branches) {
      if (auto unknown = unknown_resource(*branch, integrations)) return unknown;
    }
    if (state.type != asl::StateType::task || state.resource.kind == TaskResource::Kind::lambda_function) continue;
    const TaskResource& resource = state.resource;
    const ServiceNames* const service =
        resource.kind == TaskResource::Kind::integration ? find_service(resource.service) : nullptr;
    const bool is_function = service != nullptr && service->api == "lambda" && resource.action == "invoke";
    const bool is_known =
        service != nullptr &&
        (is_function ? !is_sdk(resource)
                     : (is_sdk(resource) || std::ranges::find(kOptimized, std::pair<std::string_view, std::string_view>(
                                                                              resource.service, resource.action)) !=
                                                std::end(kOptimized)) &&
                           integrations.knows(service->api, with_first(resource.action, std::toupper)));
    if (!is_known)
      return "SCHEMA_VALIDATION_FAILED: The resource " + resource.arn +
             " is not supported by this server yet at /States/" + name + "/Resource";
  }
  return std::nullopt;
}

Task<Delivery> call_task(Command command, MachineId machine, std::string request_id, Integrations& integrations,
                         LambdaInvoker& functions) {
  const std::string arn = command.resource.arn;
  const bool is_function = command.resource.kind == TaskResource::Kind::lambda_function ||
                           (command.resource.service == "lambda" && command.resource.action == "invoke");
  Delivery delivery;
  try {
    if (is_function) {
      delivery = co_await call_function(std::move(command), std::move(machine), std::move(request_id), functions);
    } else {
      delivery = co_await call_service(std::move(command), std::move(machine), std::move(request_id), integrations);
    }
  } catch (const std::exception& exception) {
    base::log(base::LogLevel::error, "a task's call failed", {{"resource", arn}, {"error", exception.what()}});
    delivery = failed(is_function ? "Lambda.ServiceException" : "States.TaskFailed",
                      "The service is unable to process the request because of an internal failure");
  }
  // What can't be kept is refused before it is journaled.
  if (delivery.kind == Delivery::Kind::result && !asl::fits_payload(delivery.result)) {
    delivery = failed("States.DataLimitExceeded",
                      "The state/task '" + arn +
                          "' returned a result with a size exceeding the maximum number of bytes service limit.");
  }
  co_return delivery;
}

}  // namespace localcloud::stepfunctions
