// https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html, under "Errors" of each.

#include "localcloud/services/lambda/errors.hpp"

#include <algorithm>

#include <fmt/ranges.h>

#include "json/write.hpp"

namespace localcloud::lambda {

namespace {

// What AWS takes for a runtime, in the order of its service model.
constexpr std::string_view kRuntimes[] = {
    "nodejs",         "nodejs4.3",     "nodejs6.10",    "nodejs8.10",      "nodejs10.x", "nodejs12.x", "nodejs14.x",
    "nodejs16.x",     "nodejs18.x",    "nodejs20.x",    "nodejs22.x",      "nodejs24.x", "java8",      "java8.al2",
    "java11",         "java17",        "java21",        "java25",          "python2.7",  "python3.6",  "python3.7",
    "python3.8",      "python3.9",     "python3.10",    "python3.11",      "python3.12", "python3.13", "python3.14",
    "dotnetcore1.0",  "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1",   "dotnet6",    "dotnet8",    "dotnet10",
    "nodejs4.3-edge", "go1.x",         "ruby2.5",       "ruby2.7",         "ruby3.2",    "ruby3.3",    "ruby3.4",
    "ruby4.0",        "provided",      "provided.al2",  "provided.al2023", "nodejs26.x", "python3.15", "java8.al2023",
    "java11.al2023",  "java17.al2023", "custom"};

ServiceError error(std::string code, std::string message, int status) {
  return {.code = std::move(code), .message = std::move(message), .http_status = status};
}
ServiceError not_found(std::string message) {
  return error("ResourceNotFoundException", std::move(message), 404);
}
ServiceError conflict(std::string message) {
  return error("ResourceConflictException", std::move(message), 409);
}

ServiceError throttled(std::string reason) {
  ServiceError throttled = error("TooManyRequestsException", "Rate Exceeded.", 429);
  std::string text;
  json::write_string(text, reason);
  throttled.members.emplace_back("Reason", text);
  return throttled;
}

}  // namespace

ServiceError invalid_parameter(std::string message) {
  return error("InvalidParameterValueException", std::move(message), 400);
}
ServiceError not_supported(std::string_view what) {
  return invalid_parameter(fmt::format("{} is not supported by localcloud.", what));
}

ServiceError function_not_found(std::string_view arn) {
  return not_found(fmt::format("Function not found: {}", arn));
}
ServiceError function_exists(std::string_view name) {
  return conflict(fmt::format("Function already exist: {}", name));
}
ServiceError role_cannot_be_assumed() {
  return invalid_parameter("The role defined for the function cannot be assumed by Lambda.");
}
ServiceError unsupported_runtime(std::string_view runtime) {
  if (std::ranges::find(kRuntimes, runtime) != std::end(kRuntimes)) {
    return not_supported(fmt::format("The runtime {}", runtime));
  }
  return invalid_parameter(
      fmt::format("Value {} at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: [{}] or be "
                  "a valid ARN",
                  runtime, fmt::join(kRuntimes, ", ")));
}
ServiceError reserved_variables(std::string_view names) {
  return invalid_parameter(
      fmt::format("Lambda was unable to configure your environment variables because the environment "
                  "variables you have provided contains reserved keys that are currently not supported "
                  "for modification. Reserved keys used in this request: {}",
                  names));
}
ServiceError variables_too_large(std::string_view json) {
  return invalid_parameter(
      fmt::format("Lambda was unable to configure your environment variables because the environment "
                  "variables you have provided exceeded the 4KB limit. String measured: {}",
                  json));
}
ServiceError wrong_region(std::string_view of_function, std::string_view of_request) {
  return not_found(fmt::format("Functions from '{}' are not reachable in this region ('{}')", of_function, of_request));
}
ServiceError invalid_variable_name() {
  return error(
      "ValidationException",
      "1 validation error detected: Value at 'environment.variables' failed to satisfy constraint: Map keys must "
      "satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]",
      400);
}
ServiceError runtime_and_handler_needed() {
  return invalid_parameter(
      "Runtime and Handler are mandatory parameters for functions created with deployment packages.");
}

ServiceError could_not_unzip() {
  return invalid_parameter("Could not unzip uploaded file. Please check your file, then try to upload again.");
}
ServiceError empty_zip() {
  return invalid_parameter("Uploaded file must be a non-empty zip");
}
ServiceError unzipped_too_large() {
  return invalid_parameter("Unzipped size must be smaller than 262144000 bytes");
}
ServiceError zip_too_large(std::string_view operation) {
  return error("RequestEntityTooLargeException",
               fmt::format("Request must be smaller than 70167211 bytes for the {} operation", operation), 413);
}
ServiceError no_code_given() {
  return invalid_parameter("Please provide a source for function code.");
}
ServiceError code_not_found(std::string_view code, std::string_view message) {
  return invalid_parameter(
      fmt::format("Error occurred while GetObject. S3 Error Code: {}. S3 Error Message: {}", code, message));
}

ServiceError revision_mismatch() {
  return error("PreconditionFailedException",
               "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to "
               "retrieve the latest Revision Id",
               412);
}
ServiceError policy_not_found() {
  return not_found("The resource you requested does not exist.");
}
ServiceError no_policy_for(std::string_view arn) {
  return not_found(fmt::format("No policy is associated with the given resource: {}", arn));
}
ServiceError statement_exists(std::string_view id) {
  return conflict(
      fmt::format("The statement id ({}) provided already exists. Please provide a new statement id, or remove "
                  "the existing statement.",
                  id));
}
ServiceError statement_not_found(std::string_view id) {
  return not_found(fmt::format("Statement {} is not found in resource policy.", id));
}
ServiceError policy_too_long(std::size_t bytes) {
  return error("PolicyLengthExceededException",
               fmt::format("The final policy size ({}) is bigger than the limit (20480).", bytes), 400);
}
ServiceError url_not_found() {
  return not_found("The resource you requested does not exist.");
}
ServiceError invalid_principal() {
  return invalid_parameter("The provided principal was invalid. Please check the principal and try again.");
}
ServiceError invalid_cors_method(std::string_view method) {
  return error(
      "ValidationException",
      fmt::format("1 validation error detected: Value '[{}]' at 'cors.allowMethods' failed to satisfy constraint: "
                  "Member must satisfy constraint: [Member must have length less than or equal to 6, Member must "
                  "have length greater than or equal to 0, Member must satisfy regular expression pattern: .*]",
                  method),
      400);
}
ServiceError url_exists(std::string_view arn) {
  return conflict(fmt::format(
      "Failed to create function url config for [functionArn = {}]. Error message:  FunctionUrlConfig exists "
      "for this Lambda function",
      arn));
}
ServiceError concurrency_too_high(int unreserved_min) {
  return invalid_parameter(
      fmt::format("Specified ReservedConcurrentExecutions for function decreases account's "
                  "UnreservedConcurrentExecution below its minimum value of [{}].",
                  unreserved_min));
}

ServiceError payload_too_large() {
  return error("RequestTooLargeException",
               "Request must be smaller than 6291456 bytes for the InvokeFunction operation", 413);
}
ServiceError event_too_large(std::size_t bytes) {
  return error("RequestTooLargeException",
               fmt::format("{} byte payload is too large for the Event invocation type (limit 1048576 bytes)", bytes),
               413);
}
ServiceError payload_not_json(std::string_view reason) {
  return error("InvalidRequestContentException", fmt::format("Could not parse request body into json: {}", reason),
               400);
}
ServiceError throttled_by_function() {
  return throttled("ReservedFunctionConcurrentInvocationLimitExceeded");
}
ServiceError throttled_by_account() {
  return throttled("ConcurrentInvocationLimitExceeded");
}
ServiceError too_many_events() {
  return throttled("CallerRateLimitExceeded");
}
ServiceError cannot_run(std::string_view reason) {
  return error("ServiceException", std::string(reason), 500);
}

}  // namespace localcloud::lambda
