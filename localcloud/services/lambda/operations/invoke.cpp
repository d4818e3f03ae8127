// Invoke: runs a function and answers its answer, or accepts an event for it.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html

#include "json/parse.hpp"
#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"
#include "localcloud/services/lambda/trace.hpp"

namespace localcloud::lambda {

namespace {

constexpr std::size_t kPayloadBytesMax = 6 * 1024 * 1024;
constexpr std::size_t kEventBytesMax = 1024 * 1024;

Result<std::shared_ptr<const Function>> check(Lambda& room, const FunctionId& id, const InvokeWithin::Input& input) {
  const json::Document& payload = input.payload;
  const bool is_event = input.invocation_type == InvocationType::event;
  const std::size_t bytes = payload.size();
  if (bytes > kPayloadBytesMax) return failure(payload_too_large());
  if (is_event && bytes > kEventBytesMax) return failure(event_too_large(bytes));
  if (input.client_context && input.client_context->size() > 3583) {
    return failure(invalid_parameter("Client context must be no more than 3583 bytes when base64 encoded."));
  }
  auto function = room.functions.find(id);
  if (!function) return failure(function_not_found(id.arn() + ":$LATEST"));
  if (payload.empty() || payload.as_value()) return function;
  const auto parsed = json::parse(payload.text());
  if (!parsed) return failure(payload_not_json(parsed.error().describe()));
  return function;
}

Task<Result<InvokeWithin::Output>> accept_event(Lambda& room, FunctionId id, std::string request_id,
                                                std::string payload) {
  const base::Time now = room.clock.now();
  EventRecord event{.id = room.ids.ulid(now),
                    .function = std::move(id),
                    .request_id = std::move(request_id),
                    .trace_id = make_trace_id(room.ids, now),
                    .payload = std::move(payload),
                    .accepted = now,
                    .due = now};
  const Result<Done> accepted = co_await room.events.accept(std::move(event));
  if (!accepted) co_return failure(accepted.error());
  InvokeWithin::Output output;
  output.status_code = 202;
  co_return output;
}

}  // namespace

Task<Result<InvokeWithin::Output>> invoke_within(Lambda& room, const wire::Caller& caller, InvokeWithin::Input input) {
  const Result<FunctionId> id = to_function_id(caller, input.function_name, input.qualifier);
  if (!id) co_return failure(id.error());
  const Result<std::shared_ptr<const Function>> function = check(room, *id, input);
  if (!function) co_return failure(function.error());
  InvokeWithin::Output output;
  if (input.invocation_type == InvocationType::dry_run) {
    output.status_code = 204;
    co_return output;
  }
  json::Document payload = input.payload.empty() ? json::Document("{}") : std::move(input.payload);
  if (input.invocation_type == InvocationType::event) {
    Result<InvokeWithin::Output> accepted =
        co_await accept_event(room, *id, caller.request_id, std::move(payload).text());
    co_return accepted;
  }
  InvokeRequest request{.payload = std::move(payload), .request_id = caller.request_id};
  if (input.log_type == LogType::tail) request.tail = LogTail::wanted;
  Result<Answer> answer = co_await run_function(room, *function, std::move(request));
  if (!answer) co_return failure(answer.error());
  if (answer->outcome == Answer::Outcome::function_error) output.function_error = "Unhandled";
  if (!answer->log_tail.empty()) output.log_result = std::move(answer->log_tail);
  output.payload = std::move(answer->payload);
  output.executed_version = "$LATEST";
  co_return output;
}

Task<Result<Invoke::Output>> invoke(Lambda& room, const wire::Caller& caller, Invoke::Input input) {
  InvokeWithin::Input within{.function_name = std::move(input.function_name),
                             .invocation_type = input.invocation_type,
                             .log_type = input.log_type,
                             .client_context = std::move(input.client_context),
                             .payload = std::move(input.payload.bytes),
                             .qualifier = std::move(input.qualifier)};
  Result<InvokeWithin::Output> done = co_await invoke_within(room, caller, std::move(within));
  if (!done) co_return failure(std::move(done.error()));
  Invoke::Output output{.status_code = done->status_code,
                        .function_error = std::move(done->function_error),
                        .log_result = std::move(done->log_result),
                        .payload = {std::move(done->payload).text()},
                        .executed_version = std::move(done->executed_version)};
  co_return output;
}

}  // namespace localcloud::lambda
