#include "localcloud/services/lambda/runtime/url_event.hpp"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include "base/text.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"

namespace localcloud::lambda {

namespace http = wire::http;

namespace {

// Header values are bytes; JSON is UTF-8.
std::string as_utf8(std::string_view bytes) {
  if (!base::first_invalid_utf8(bytes)) return std::string(bytes);
  std::string text;
  for (const char c : bytes) base::append_utf8(text, static_cast<unsigned char>(c));
  return text;
}

bool is_text(const http::Request& head, std::string_view body) {
  if (head.header("content-encoding")) return false;
  const std::string type = base::lower(head.header("content-type").value_or("application/json"));
  const std::string_view media = base::trim(std::string_view(type).substr(0, type.find(';')));
  const bool text = media.starts_with("text/") || media == "application/json" || media == "application/javascript" ||
                    media == "application/xml" || media.ends_with("+json") || media.ends_with("+xml");
  return text && !base::first_invalid_utf8(body);
}

// Repeated headers and parameters are joined with commas; cookies stand apart. A map, for there may be thousands.
using Joined = std::map<std::string, std::string>;

void add_joined(Joined& joined, std::string name, std::string value) {
  const auto [at, added] = joined.try_emplace(std::move(name), value);
  if (!added) at->second.append(",").append(value);
}

json::Object to_object(Joined joined) {
  json::Object object;
  for (auto& [name, value] : joined) object.append(name, std::move(value));
  return object;
}

void add_headers(json::Object& event, const UrlRequest& request) {
  Joined headers;
  json::Array cookies;
  for (const auto& [name, value] : request.head.headers) {
    const std::string lower = base::lower(name);
    if (lower == "cookie") {
      std::string_view rest = value;
      while (!rest.empty()) {
        const std::size_t end = rest.find(';');
        cookies.emplace_back(as_utf8(base::trim(rest.substr(0, end))));
        rest = end == std::string_view::npos ? "" : rest.substr(end + 1);
      }
      continue;
    }
    if (lower == "authorization" && request.caller) continue;  // AWS keeps the signature to itself
    add_joined(headers, as_utf8(lower), as_utf8(value));
  }
  headers.try_emplace("x-forwarded-for", request.head.source_ip);
  headers.try_emplace("x-forwarded-proto", "http");
  headers.try_emplace("x-amzn-trace-id", request.trace_id);
  if (!cookies.empty()) event.append("cookies", std::move(cookies));
  event.append("headers", to_object(std::move(headers)));
}

void add_parameters(json::Object& event, std::string_view query) {
  const auto parsed = http::parse_query(query);
  if (!parsed || parsed->empty()) return;
  Joined parameters;
  for (const auto& [name, value] : *parsed) add_joined(parameters, as_utf8(name), as_utf8(value));
  event.append("queryStringParameters", to_object(std::move(parameters)));
}

json::Value authorizer_of(const wire::Caller& caller) {
  return json::Object{{"iam", json::Object{{"accessKey", caller.access_key_id},
                                           {"accountId", caller.account},
                                           {"callerId", caller.principal.id},
                                           {"cognitoIdentity", nullptr},
                                           {"principalOrgId", nullptr},
                                           {"userArn", caller.principal.arn},
                                           {"userId", caller.principal.id}}}};
}

json::Object context_of(const UrlRequest& request) {
  const std::string domain = as_utf8(request.head.header("host").value_or(""));
  json::Object context;
  context.append("accountId", request.caller ? std::string_view(request.caller->account) : "anonymous");
  context.append("apiId", request.url_id);
  context.append("domainName", domain.substr(0, domain.rfind(':')));
  context.append("domainPrefix", request.url_id);
  if (request.caller) context.append("authorizer", authorizer_of(*request.caller));
  json::Object http;
  http.append("method", request.head.method);
  http.append("path", as_utf8(request.head.path));
  http.append("protocol", "HTTP/1.1");
  http.append("sourceIp", request.head.source_ip);
  http.append("userAgent", as_utf8(request.head.header("user-agent").value_or("")));
  context.append("http", std::move(http));
  context.append("requestId", request.request_id);
  context.append("routeKey", "$default");
  context.append("stage", "$default");
  const auto seconds = static_cast<std::time_t>(base::to_unix_s(request.time));
  context.append("time", fmt::format("{:%d/%b/%Y:%H:%M:%S} +0000", fmt::gmtime(seconds)));
  context.append("timeEpoch", base::to_unix_ms(request.time));
  return context;
}

bool is_header_name(std::string_view name) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || kOthers.contains(c);
  });
}

// The text of a header's value, or nothing where it isn't a scalar or would break out of its line.
std::optional<std::string> header_text(const json::Value& value) {
  std::string text;
  if (value.is_string()) {
    text = value.as_string();
  } else if (value.is_number() || value.is_bool()) {
    json::write(text, value);
  } else {
    return std::nullopt;
  }
  const bool breaks =
      std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' && c != '\t'; });
  return breaks ? std::nullopt : std::optional(std::move(text));
}

bool take_headers(const json::Value& answer, http::Reply& reply) {
  bool typed = false;
  if (const json::Value* headers = answer.find("headers"); headers && !headers->is_null()) {
    if (!headers->is_object()) return false;
    for (const auto& [name, value] : headers->as_object()) {
      const auto text = header_text(value);
      if (!text || !is_header_name(name)) return false;
      const std::string lower = base::lower(name);
      // These are the listener's to write.
      if (lower == "content-length" || lower == "transfer-encoding" || lower == "connection" || lower == "date")
        continue;
      typed = typed || lower == "content-type";
      reply.headers.emplace_back(lower, *text);
    }
  }
  if (!typed) reply.headers.emplace_back("content-type", "application/json");
  if (const json::Value* cookies = answer.find("cookies"); cookies && !cookies->is_null()) {
    if (!cookies->is_array()) return false;
    for (const json::Value& cookie : cookies->as_array()) {
      const auto text = header_text(cookie);
      if (!text) return false;
      reply.headers.emplace_back("set-cookie", *text);
    }
  }
  return true;
}

bool holds(const std::optional<std::vector<std::string>>& list, std::string_view wanted) {
  if (!list) return false;
  return std::any_of(list->begin(), list->end(), [&](const std::string& entry) {
    return entry == "*" || base::equal_ignoring_case(entry, wanted);
  });
}

std::string joined(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& entry : list) text += (text.empty() ? "" : ",") + entry;
  return text;
}

}  // namespace

json::Value to_url_event(const UrlRequest& request) {
  json::Object event;
  event.append("version", "2.0");
  event.append("routeKey", "$default");
  event.append("rawPath", as_utf8(request.head.path));
  event.append("rawQueryString", as_utf8(request.head.query));
  add_headers(event, request);
  add_parameters(event, request.head.query);
  event.append("requestContext", context_of(request));
  const bool text = request.body.empty() || is_text(request.head, request.body);
  if (!request.body.empty()) event.append("body", text ? std::string(request.body) : base::to_base64(request.body));
  event.append("isBase64Encoded", !text);
  return event;
}

std::optional<http::Reply> to_url_reply(const json::Document& payload) {
  std::optional<json::Value> parsed;
  const json::Value* answer = payload.as_value();
  if (!answer) {
    auto value = json::Document(payload).value();
    if (!value) return std::nullopt;
    answer = &parsed.emplace(*std::move(value));
  }
  http::Reply reply;
  const json::Value* const status = answer->find("statusCode");
  if (!status) {  // the answer itself is the body
    reply.headers.emplace_back("content-type", "application/json");
    reply.body = payload.text();
    return reply;
  }
  std::optional<std::int64_t> code;
  if (status->is_number()) code = status->as_number().as_int64();
  if (status->is_string()) code = base::to_number<std::int64_t>(status->as_string());
  if (!code || *code < 200 || *code > 599) return std::nullopt;
  reply.status = static_cast<int>(*code);
  if (!take_headers(*answer, reply)) return std::nullopt;
  const json::Value* const body = answer->find("body");
  if (!body || body->is_null()) return reply;
  reply.body = body->is_string() ? body->as_string() : json::write(*body);
  if (!answer->get_bool("isBase64Encoded").value_or(false)) return reply;
  auto bytes = base::from_base64(reply.body);
  if (!bytes) return std::nullopt;
  reply.body = *std::move(bytes);
  return reply;
}

std::optional<http::Reply> answer_preflight(const Cors& cors, const http::Request& head) {
  const auto method = head.header("access-control-request-method");
  if (head.method != "OPTIONS" || !head.header("origin") || !method) return std::nullopt;
  http::Reply reply;
  add_cors(cors, head, reply);
  if (reply.headers.empty() || !holds(cors.allow_methods, *method)) return reply;
  reply.headers.emplace_back("access-control-allow-methods", joined(*cors.allow_methods));
  if (cors.allow_headers) reply.headers.emplace_back("access-control-allow-headers", joined(*cors.allow_headers));
  if (cors.max_age) reply.headers.emplace_back("access-control-max-age", std::to_string(*cors.max_age));
  return reply;
}

void add_cors(const Cors& cors, const http::Request& head, http::Reply& reply) {
  const auto origin = head.header("origin");
  if (!origin) return;
  // The URL's configuration wins over what the function says.
  std::erase_if(reply.headers, [](const auto& header) { return header.first.starts_with("access-control-"); });
  if (!holds(cors.allow_origins, *origin)) return;
  const bool credentials = cors.allow_credentials.value_or(false);
  const bool any = !credentials && cors.allow_origins->size() == 1 && cors.allow_origins->front() == "*";
  reply.headers.emplace_back("access-control-allow-origin", any ? "*" : std::string(*origin));
  if (!any) reply.headers.emplace_back("vary", "Origin");
  if (credentials) reply.headers.emplace_back("access-control-allow-credentials", "true");
  if (cors.expose_headers) reply.headers.emplace_back("access-control-expose-headers", joined(*cors.expose_headers));
}

}  // namespace localcloud::lambda
