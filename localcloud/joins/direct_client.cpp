// Inputs and outputs, from one shape into the other.

#include "localcloud/joins/direct_client.hpp"

#include "base/check.hpp"
#include "base/log.hpp"
#include "json/parse.hpp"
#include "localcloud/wire/unavailable.hpp"

namespace localcloud {

namespace {

ServiceError broken(std::string_view operation, const std::exception& exception) {
  base::log(base::LogLevel::error, "a function's call failed",
            {{"operation", std::string(operation)}, {"reason", exception.what()}});
  return {"InternalFailure", "The request processing has failed because of an internal error.", 500};
}

// "com.amazonaws.dynamodb.v20120810#ValidationException" names ValidationException.
ServiceError with_short_code(ServiceError error) {
  error.code.erase(0, error.code.rfind('#') + 1);
  return error;
}

std::string read_all(const wire::http::Stream& stream) {
  std::string bytes;
  if (!stream.source) return bytes;
  bytes.reserve(stream.size);
  for (std::string_view part = stream.source->next(); !part.empty(); part = stream.source->next()) bytes += part;
  return bytes;
}

json::Object to_json(const dynamodb::Item& item) {
  std::string text;
  dynamodb::write_json(text, item);
  auto parsed = json::parse(text);
  CHECK(parsed && parsed->is_object());
  return std::move(parsed->as_object());
}

aws::StatementOutput to_output(dynamodb::BatchStatementResponse response) {
  aws::StatementOutput output;
  if (response.error) {
    output.error =
        aws::StatementError{.code = std::move(response.error->code), .message = std::move(response.error->message)};
  }
  if (response.item) output.item = to_json(*response.item);
  return output;
}

dynamodb::BatchStatement to_statement(const aws::Statement& given) {
  dynamodb::BatchStatement statement{.statement = given.text};
  // A read must see what an earlier attempt has just inserted.
  if (statement.statement.starts_with("SELECT")) statement.consistent_read = true;
  auto& parameters = statement.parameters.emplace();
  parameters.reserve(given.parameters.size());
  for (const json::Value& parameter : given.parameters) {
    parameters.push_back(dynamodb::value_from_plain_json(parameter));
  }
  return statement;
}

}  // namespace

DirectClient::DirectClient(CalledRooms rooms, wire::Principal principal, std::string region)
    : rooms_(rooms),
      principal_(std::move(principal)),
      region_(std::move(region)),
      s3_(s3::front_desk(rooms.s3)),
      stepfunctions_(stepfunctions::front_desk(rooms.stepfunctions)),
      dynamodb_(dynamodb::front_desk(rooms.dynamodb)) {}

template <class Op, auto Function, class Room>
Task<Result<typename Op::Output>> DirectClient::call(Room& room, const wire::Service& service, typename Op::Input input,
                                                     aws::CallOptions options) {
  const base::Time now = rooms_.clock.now();
  if (options.deadline && *options.deadline <= now) {
    co_return failure({"RequestTimeout", "no time was left for the call", 503});
  }
  wire::Caller caller;
  caller.principal = principal_;
  caller.account = principal_.account;
  caller.region = region_;
  caller.request_id = rooms_.ids.uuid();
  caller.source_ip = "127.0.0.1";
  caller.time = now;
  std::optional<ServiceError> failed;
  try {
    Result<typename Op::Output> output =
        co_await wire::carry_out<Op, Function>(room, service, rooms_.authorizer, caller, std::move(input));
    if (output) co_return output;
    failed = with_short_code(std::move(output.error()));
  } catch (const storage::StorageBusy&) {
    failed = wire::throttled(service);
  } catch (const storage::StorageUnavailable& failure) {
    const bool s3 = service.rest == wire::Service::Rest::xml;
    failed = wire::unavailable(failure, s3 ? wire::ErrorWords::s3 : wire::ErrorWords::others);
  } catch (const std::exception& exception) {
    failed = broken(Op::kName, exception);
  }
  co_return failure(*std::move(failed));
}

Task<Result<aws::PutObjectOutput>> DirectClient::put_object(aws::PutObject input, aws::CallOptions options) {
  wire::http::StringBody body(std::move(input.body));
  s3::PutObject::Input put;
  put.bucket = std::move(input.bucket);
  put.key = std::move(input.key);
  put.content_length = static_cast<std::int64_t>(body.size());
  put.body = &body;
  put.content_type = std::move(input.content_type);
  auto done = co_await call<s3::PutObject, &s3::put_object>(rooms_.s3, s3_, std::move(put), options);
  if (!done) co_return failure(std::move(done.error()));
  aws::PutObjectOutput output{.etag = std::move(done->etag)};
  co_return output;
}

Task<Result<aws::GetObjectOutput>> DirectClient::get_object(aws::GetObject input, aws::CallOptions options) {
  s3::GetObject::Input get;
  get.bucket = std::move(input.bucket);
  get.key = std::move(input.key);
  if (!input.if_none_match.empty()) get.if_none_match = std::move(input.if_none_match);
  auto found = co_await call<s3::GetObject, &s3::get_object>(rooms_.s3, s3_, std::move(get), options);
  if (!found) co_return failure(std::move(found.error()));
  aws::GetObjectOutput output;
  output.etag = std::move(found->etag);
  if (found->status == 304) {
    output.found = aws::GetObjectOutput::Found::not_modified;
  } else {
    output.body = read_all(found->body);
  }
  co_return output;
}

Task<Result<aws::ListObjectsV2Output>> DirectClient::list_objects_v2(aws::ListObjectsV2 input,
                                                                     aws::CallOptions options) {
  s3::ListObjectsV2::Input list;
  list.bucket = std::move(input.bucket);
  list.prefix = std::move(input.prefix);
  if (!input.start_after.empty()) list.start_after = std::move(input.start_after);
  auto page = co_await call<s3::ListObjectsV2, &s3::list_objects_v2>(rooms_.s3, s3_, std::move(list), options);
  if (!page) co_return failure(std::move(page.error()));
  aws::ListObjectsV2Output output;
  output.is_truncated = page->is_truncated;
  output.keys.reserve(page->contents.size());
  for (auto& object : page->contents) output.keys.push_back(std::move(object.key));
  co_return output;
}

Task<Result<aws::StartExecutionOutput>> DirectClient::start_execution(aws::StartExecution input,
                                                                      aws::CallOptions options) {
  stepfunctions::StartExecution::Input start;
  start.state_machine_arn = std::move(input.state_machine_arn);
  if (!input.name.empty()) start.name = std::move(input.name);
  start.input = std::move(input.input);
  auto started = co_await call<stepfunctions::StartExecution, &stepfunctions::start_execution>(
      rooms_.stepfunctions, stepfunctions_, std::move(start), options);
  if (!started) co_return failure(std::move(started.error()));
  aws::StartExecutionOutput output{.execution_arn = std::move(started->execution_arn)};
  co_return output;
}

Task<Result<aws::BatchExecuteStatementOutput>> DirectClient::batch_execute_statement(aws::BatchExecuteStatement input,
                                                                                     aws::CallOptions options) {
  dynamodb::BatchExecuteStatement::Input batch;
  batch.statements.reserve(input.statements.size());
  for (const aws::Statement& given : input.statements) batch.statements.push_back(to_statement(given));
  auto done = co_await call<dynamodb::BatchExecuteStatement, &dynamodb::batch_execute_statement>(
      rooms_.dynamodb, dynamodb_, std::move(batch), options);
  if (!done) co_return failure(std::move(done.error()));
  aws::BatchExecuteStatementOutput output;
  output.responses.reserve(done->responses.size());
  for (auto& response : done->responses) output.responses.push_back(to_output(std::move(response)));
  co_return output;
}

}  // namespace localcloud
