// sign ▶ send ▶ try again where that helps ▶ read

#include "pipeline/aws_client/aws_client.hpp"

#include <fmt/core.h>

#include <thread>
#include <utility>

#include "aws/attribute.hpp"
#include "aws/crypto.hpp"
#include "base/text.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/aws_client/errors.hpp"
#include "pipeline/aws_client/xml.hpp"

namespace pipeline::aws_client {

namespace {

constexpr int kAttemptsMax = 4;
constexpr base::Duration kBackoffFirst = std::chrono::milliseconds(100);
constexpr base::Duration kBackoffMax = std::chrono::seconds(5);
constexpr base::Duration kRetryAfterMax = std::chrono::seconds(20);
constexpr base::Duration kAttemptMax = std::chrono::seconds(10);
constexpr base::Duration kCallMax = std::chrono::seconds(60);  // without a deadline of the caller's
constexpr std::size_t kIdleMax = 8;                            // of an endpoint

ServiceError broken_error(const Broken& broken) {
  return {.code = "RequestTimeout", .message = broken.message, .http_status = 503};
}

ServiceError not_understood(std::string_view what) {
  return {
      .code = "UnreadableAnswer", .message = fmt::format("the answer's {} can't be read", what), .http_status = 502};
}

// What the service asks to wait for; nothing where it doesn't say.
std::optional<base::Duration> retry_after(const HttpResponse& response) {
  const auto seconds = base::to_number<std::int64_t>(response.header("retry-after"));
  if (!seconds || *seconds < 0) return std::nullopt;
  return std::min<base::Duration>(std::chrono::seconds(std::min<std::int64_t>(*seconds, 3600)), kRetryAfterMax);
}

}  // namespace

AwsClient::AwsClient(Settings settings, const base::Clock& clock, base::Ids& ids)
    : settings_(std::move(settings)), clock_(clock), ids_(ids), trust_(settings_.ca_file) {}
AwsClient::~AwsClient() = default;

HttpRequest AwsClient::sign(const Call& call) {
  HttpRequest request{
      .method = std::string(call.method), .target = call.address.path, .headers = call.headers, .body = call.body};
  if (!call.query.empty()) request.target += "?" + call.query;
  request.headers.emplace_back("host", call.address.endpoint.authority());
  const std::string hash = aws::sha256_hex(call.body);
  const aws::RequestToSign to_sign{.method = request.method,
                                   .path = call.address.path,
                                   .query = call.query,
                                   .headers = request.headers,
                                   .payload_hash = hash};
  const std::string_view service = service_name(call.service);
  const aws::SigningContext context{.region = settings_.region,
                                    .service = std::string(service),
                                    .time = clock_.now(),
                                    .options = aws::signing_options_for(service)};
  const aws::Headers added = aws::sign(to_sign, settings_.credentials, context, keys_);
  request.headers.insert(request.headers.end(), added.begin(), added.end());
  // Not signed: what carries the request may rewrite it.
  request.headers.emplace_back("content-length", std::to_string(call.body.size()));
  return request;
}

std::unique_ptr<Connection> AwsClient::take_idle(const std::string& authority) {
  const std::lock_guard lock(mutex_);
  auto& idle = idle_[authority];
  if (idle.empty()) return nullptr;
  auto connection = std::move(idle.back());
  idle.pop_back();
  return connection;
}

void AwsClient::give_back(const std::string& authority, std::unique_ptr<Connection> connection) {
  if (!connection->is_reusable()) return;
  const std::lock_guard lock(mutex_);
  auto& idle = idle_[authority];
  if (idle.size() < kIdleMax) idle.push_back(std::move(connection));
}

std::expected<HttpResponse, Broken> AwsClient::attempt(const Call& call, base::Time deadline) {
  const std::string authority = call.address.endpoint.authority();
  const HttpRequest request = sign(call);
  // A connection that lay idle may have been closed meanwhile, above all while Lambda had the process frozen. Then the
  // request was not read, and another connection is tried at once.
  while (auto connection = take_idle(authority)) {
    auto response = connection->exchange(request, deadline);
    if (!response && response.error().is_stale) continue;
    if (response) give_back(authority, std::move(connection));
    return response;
  }
  auto connection = Connection::open(call.address.endpoint, trust_, deadline);
  if (!connection) return std::unexpected(connection.error());
  auto response = (*connection)->exchange(request, deadline);
  if (response) give_back(authority, *std::move(connection));
  return response;
}

Result<HttpResponse> AwsClient::send(const Call& call, aws::CallOptions options) {
  // Sockets and sleeps go by the kernel's clock; what is left of the caller's time is carried over to it.
  const base::SystemClock system;
  const base::Duration rest = options.deadline ? *options.deadline - clock_.now() : kCallMax;
  const base::Time deadline = system.now() + std::min(rest, kCallMax);
  ServiceError last{.code = "RequestTimeout", .message = "no time was left for the call", .http_status = 503};
  for (int attempts = 0; attempts < kAttemptsMax && system.now() < deadline; ++attempts) {
    const base::Duration limit = std::min(kBackoffMax, kBackoffFirst * (1 << attempts));
    base::Duration pause(ids_.below(static_cast<std::uint64_t>(limit.count())));
    auto response = attempt(call, std::min(deadline, system.now() + kAttemptMax));
    if (response) {
      if (response->status < 300 || response->status == 304) return *std::move(response);
      last = read_error(*response);
      if (!aws::is_retryable(last)) return failure(last);
      if (const auto asked = retry_after(*response)) pause += *asked;
    } else {
      last = broken_error(response.error());
    }
    if (system.now() + pause >= deadline) break;
    if (attempts + 1 < kAttemptsMax) std::this_thread::sleep_for(pause);
  }
  return failure(last);
}

Task<Result<aws::PutObjectOutput>> AwsClient::put_object(aws::PutObject input, aws::CallOptions options) {
  const Call call{.service = Service::s3,
                  .method = "PUT",
                  .address = address_of_object(settings_, input.bucket, input.key),
                  .headers = {{"content-type", input.content_type}},
                  .body = std::move(input.body)};
  const Result<HttpResponse> response = send(call, options);
  if (!response) co_return failure(response.error());
  aws::PutObjectOutput output{.etag = std::string(response->header("etag"))};
  co_return output;
}

Task<Result<aws::GetObjectOutput>> AwsClient::get_object(aws::GetObject input, aws::CallOptions options) {
  Call call{.service = Service::s3,
            .method = "GET",
            .address = address_of_object(settings_, input.bucket, input.key),
            .headers = {},
            .body = {}};
  if (!input.if_none_match.empty()) call.headers.emplace_back("if-none-match", input.if_none_match);
  Result<HttpResponse> response = send(call, options);
  if (!response) co_return failure(response.error());
  aws::GetObjectOutput output;
  output.etag = response->header("etag");
  if (response->status == 304) {
    output.found = aws::GetObjectOutput::Found::not_modified;
  } else {
    output.body = std::move(response->body);
  }
  co_return output;
}

Task<Result<aws::ListObjectsV2Output>> AwsClient::list_objects_v2(aws::ListObjectsV2 input, aws::CallOptions options) {
  Call call{.service = Service::s3,
            .method = "GET",
            .address = address_of_object(settings_, input.bucket, ""),
            .query = "list-type=2&prefix=" + aws::uri_encode(input.prefix)};
  if (!input.start_after.empty()) call.query += "&start-after=" + aws::uri_encode(input.start_after);
  const Result<HttpResponse> response = send(call, options);
  if (!response) co_return failure(response.error());
  // No delimiter was given, so every key is that of an object.
  aws::ListObjectsV2Output output{.keys = xml_elements(response->body, "Key"),
                                  .is_truncated = xml_element(response->body, "IsTruncated") == "true"};
  co_return output;
}

Result<json::Value> AwsClient::send_json(Service service, std::string_view target, std::string body,
                                         aws::CallOptions options) {
  const Call call{.service = service,
                  .method = "POST",
                  .address = address_of(settings_, service),
                  .headers = {{"content-type", "application/x-amz-json-1.0"}, {"x-amz-target", std::string(target)}},
                  .body = std::move(body)};
  const HttpResponse response = TRY(send(call, options));
  auto parsed = json::parse(response.body);
  if (!parsed || !parsed->is_object()) return failure(not_understood("JSON"));
  return *std::move(parsed);
}

Task<Result<aws::StartExecutionOutput>> AwsClient::start_execution(aws::StartExecution input,
                                                                   aws::CallOptions options) {
  json::Object body{{"stateMachineArn", input.state_machine_arn}, {"input", input.input}};
  if (!input.name.empty()) body.set("name", input.name);
  const Result<json::Value> answer =
      send_json(Service::states, "AWSStepFunctions.StartExecution", json::write(body), options);
  if (!answer) co_return failure(answer.error());
  aws::StartExecutionOutput output{.execution_arn = std::string(answer->get_string("executionArn").value_or(""))};
  co_return output;
}

namespace {

void append_statement(std::string& body, const aws::Statement& statement) {
  body += R"({"Statement":)";
  json::write_string(body, statement.text);
  // A read must see what an earlier attempt has just inserted.
  if (statement.text.starts_with("SELECT")) body += R"(,"ConsistentRead":true)";
  for (bool first = true; const json::Value& parameter : statement.parameters) {
    body += std::exchange(first, false) ? R"(,"Parameters":[)" : ",";
    aws::append_attribute(body, parameter);
  }
  body += statement.parameters.empty() ? "}" : "]}";
}

aws::StatementOutput read_statement(const json::Value& response) {
  aws::StatementOutput output;
  if (const json::Value* error = response.find("Error"); error && error->is_object()) {
    output.error = aws::StatementError{.code = std::string(error->get_string("Code").value_or("")),
                                       .message = std::string(error->get_string("Message").value_or(""))};
  }
  if (const json::Value* item = response.find("Item"); item && item->is_object()) output.item = item->as_object();
  return output;
}

}  // namespace

Task<Result<aws::BatchExecuteStatementOutput>> AwsClient::batch_execute_statement(aws::BatchExecuteStatement input,
                                                                                  aws::CallOptions options) {
  std::string body = R"({"Statements":[)";
  for (bool first = true; const aws::Statement& statement : input.statements) {
    if (!std::exchange(first, false)) body += ',';
    append_statement(body, statement);
  }
  body += "]}";
  const Result<json::Value> answer =
      send_json(Service::dynamodb, "DynamoDB_20120810.BatchExecuteStatement", std::move(body), options);
  if (!answer) co_return failure(answer.error());
  const json::Value* responses = answer->find("Responses");
  if (!responses || !responses->is_array() || responses->as_array().size() != input.statements.size()) {
    co_return failure(not_understood("list of responses"));
  }
  aws::BatchExecuteStatementOutput output;
  for (const json::Value& response : responses->as_array()) output.responses.push_back(read_statement(response));
  co_return output;
}

}  // namespace pipeline::aws_client
