// A request to a function's URL: who may, what the function sees, what the client gets.
// https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html

#include "json/write.hpp"
#include "localcloud/services/lambda/runtime/url_event.hpp"
#include "localcloud/services/lambda/service.hpp"
#include "localcloud/services/lambda/trace.hpp"

namespace localcloud::lambda {

namespace http = wire::http;

namespace {

constexpr std::size_t kBodyBytesMax = 6 * 1024 * 1024;

http::Reply message(int status, std::string_view text) {
  http::Reply reply;
  reply.status = status;
  reply.headers.emplace_back("content-type", "application/json");
  reply.body = json::write(json::Object{{"Message", text}});
  return reply;
}

http::Reply forbidden() {
  return message(403,
                 "Forbidden. For troubleshooting Function URL authorization issues, see: "
                 "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html");
}

// A NONE URL lets anybody in whom the function's policy lets in; an AWS_IAM one only whoever has signed.
bool may_use(Lambda& room, const Function& function, const std::optional<wire::Caller>& signer,
             const http::Request& request) {
  const FunctionRecord& record = function.record;
  const UrlAuthType type = record.url->auth_type;
  if (type == UrlAuthType::aws_iam && !signer) return false;
  wire::Caller caller;
  if (type == UrlAuthType::aws_iam) caller = *signer;
  caller.region = record.region;
  caller.source_ip = request.source_ip;
  caller.user_agent = request.header("user-agent").value_or("");
  caller.time = room.clock.now();
  if (caller.account.empty()) caller.account = record.account;
  wire::Access access{.action = "lambda:InvokeFunctionUrl",
                      .resource = record.arn(),
                      .context = {{"lambda:FunctionUrlAuthType", {std::string(wire::to_wire(type))}}},
                      .resource_account = record.account};
  if (!function.policy.empty()) access.resource_policy = function.policy;
  return !room.outside.authorizer.denial(caller, access);
}

http::Reply to_reply(const Function& function, const http::Request& request, const Result<Answer>& answer) {
  if (!answer) {
    if (answer.error().http_status == 429) return url_throttled();
    return message(answer.error().http_status == 404 ? 404 : 502, "Internal Server Error");
  }
  if (answer->outcome != Answer::Outcome::succeeded) return message(502, "Internal Server Error");
  auto reply = to_url_reply(answer->payload);
  if (!reply) return message(502, "Internal Server Error");
  if (function.record.url->cors) add_cors(*function.record.url->cors, request, *reply);
  return *std::move(reply);
}

}  // namespace

http::Reply url_throttled() {
  return message(429, "Too Many Requests");
}

Task<http::Reply> handle_url(Lambda& room, std::string url_id, http::Request& request, http::Body& body,
                             std::optional<wire::Caller> caller) {
  const std::shared_ptr<const Function> function = room.functions.find_by_url(url_id);
  if (!function) co_return message(404, "Not Found");
  const UrlConfig& url = *function->record.url;
  if (url.cors) {
    if (auto preflight = answer_preflight(*url.cors, request)) co_return *std::move(preflight);
  }
  if (!may_use(room, *function, caller, request)) co_return forbidden();
  Result<std::string> bytes;
  bool overloaded = false;
  try {
    bytes = co_await http::read_all(body, kBodyBytesMax);
  } catch (const http::Overloaded&) {
    overloaded = true;
  }
  if (overloaded) co_return url_throttled();
  if (!bytes) {
    const bool too_large = bytes.error().http_status == 413;
    co_return too_large ? message(413, "Request Entity Too Large") : message(400, bytes.error().message);
  }

  const base::Time now = room.clock.now();
  InvokeRequest invocation;
  invocation.request_id = room.ids.uuid();
  invocation.trace_id = make_trace_id(room.ids, now);
  const UrlRequest seen{.head = request,
                        .body = *bytes,
                        .url_id = url_id,
                        .request_id = invocation.request_id,
                        .trace_id = invocation.trace_id,
                        .time = now,
                        .caller = url.auth_type == UrlAuthType::aws_iam ? &*caller : nullptr};
  invocation.payload = to_url_event(seen);
  const std::string request_id = invocation.request_id;
  const Result<Answer> answer = co_await run_function(room, function, std::move(invocation));
  http::Reply reply = to_reply(*function, request, answer);
  reply.headers.emplace_back("x-amzn-requestid", request_id);
  co_return reply;
}

std::optional<std::string> url_id_of(Lambda& room, const FunctionId& id) {
  const std::shared_ptr<const Function> function = room.functions.find(id);
  if (!function || !function->record.url) return std::nullopt;
  return function->record.url->id;
}

}  // namespace localcloud::lambda
