// The event is written straight to text: a body can be 6 MB.

#include "localcloud/services/lambda/runtime/url_event.hpp"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include "base/text.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"

namespace localcloud::lambda {

namespace http = wire::http;

namespace {

void add_member(std::string& out, std::string_view name, std::string_view text) {
  if (out.back() != '{') out += ',';
  json::write_string(out, name);
  out += ':';
  json::write_string(out, text);
}

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

// Repeated headers and parameters are joined with commas; cookies stand apart.
void add_headers(std::string& event, const UrlRequest& request) {
  std::map<std::string, std::string> headers;
  std::string cookies;
  for (const auto& [name, value] : request.head.headers) {
    const std::string lower = base::lower(name);
    if (lower == "cookie") {
      std::string_view rest = value;
      while (!rest.empty()) {
        const std::size_t end = rest.find(';');
        if (!cookies.empty()) cookies += ',';
        json::write_string(cookies, as_utf8(base::trim(rest.substr(0, end))));
        rest = end == std::string_view::npos ? "" : rest.substr(end + 1);
      }
      continue;
    }
    if (lower == "authorization" && request.caller) continue;  // AWS keeps the signature to itself
    std::string& joined = headers[lower];
    joined += (joined.empty() ? "" : ",") + as_utf8(value);
  }
  headers.try_emplace("x-forwarded-for", request.head.source_ip);
  headers.try_emplace("x-forwarded-proto", "http");
  headers.try_emplace("x-amzn-trace-id", request.trace_id);
  if (!cookies.empty()) event += ",\"cookies\":[" + cookies + "]";
  event += ",\"headers\":{";
  for (const auto& [name, value] : headers) add_member(event, as_utf8(name), value);
  event += '}';
}

void add_parameters(std::string& event, std::string_view query) {
  const auto parsed = http::parse_query(query);
  if (!parsed || parsed->empty()) return;
  std::map<std::string, std::string> parameters;
  for (const auto& [name, value] : *parsed) {
    const auto [at, added] = parameters.try_emplace(name, value);
    if (!added) at->second += "," + value;
  }
  event += ",\"queryStringParameters\":{";
  for (const auto& [name, value] : parameters) add_member(event, as_utf8(name), as_utf8(value));
  event += '}';
}

void add_context(std::string& event, const UrlRequest& request) {
  const std::string domain = as_utf8(request.head.header("host").value_or(""));
  event += ",\"requestContext\":{";
  add_member(event, "accountId", request.caller ? std::string_view(request.caller->account) : "anonymous");
  add_member(event, "apiId", request.url_id);
  add_member(event, "domainName", domain.substr(0, domain.rfind(':')));
  add_member(event, "domainPrefix", request.url_id);
  if (request.caller) {
    const wire::Caller& caller = *request.caller;
    event += ",\"authorizer\":{\"iam\":{";
    add_member(event, "accessKey", caller.access_key_id);
    add_member(event, "accountId", caller.account);
    add_member(event, "callerId", caller.principal.id);
    event += ",\"cognitoIdentity\":null,\"principalOrgId\":null";
    add_member(event, "userArn", caller.principal.arn);
    add_member(event, "userId", caller.principal.id);
    event += "}}";
  }
  event += ",\"http\":{";
  add_member(event, "method", request.head.method);
  add_member(event, "path", as_utf8(request.head.path));
  add_member(event, "protocol", "HTTP/1.1");
  add_member(event, "sourceIp", request.head.source_ip);
  add_member(event, "userAgent", as_utf8(request.head.header("user-agent").value_or("")));
  event += '}';
  add_member(event, "requestId", request.request_id);
  add_member(event, "routeKey", "$default");
  add_member(event, "stage", "$default");
  const auto seconds = static_cast<std::time_t>(base::to_unix_s(request.time));
  add_member(event, "time", fmt::format("{:%d/%b/%Y:%H:%M:%S} +0000", fmt::gmtime(seconds)));
  event += ",\"timeEpoch\":" + std::to_string(base::to_unix_ms(request.time)) + "}";
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

std::string to_url_event(const UrlRequest& request) {
  std::string event = "{";
  event.reserve(request.body.size() * 4 / 3 + 2048);
  add_member(event, "version", "2.0");
  add_member(event, "routeKey", "$default");
  add_member(event, "rawPath", as_utf8(request.head.path));
  add_member(event, "rawQueryString", as_utf8(request.head.query));
  add_headers(event, request);
  add_parameters(event, request.head.query);
  add_context(event, request);
  if (request.body.empty()) return event + ",\"isBase64Encoded\":false}";
  const bool text = is_text(request.head, request.body);
  add_member(event, "body", text ? std::string(request.body) : base::to_base64(request.body));
  event += text ? ",\"isBase64Encoded\":false}" : ",\"isBase64Encoded\":true}";
  return event;
}

std::optional<http::Reply> to_url_reply(std::string_view payload) {
  const auto answer = json::parse(payload);
  if (!answer) return std::nullopt;
  http::Reply reply;
  const json::Value* const status = answer->find("statusCode");
  if (!status) {  // the answer itself is the body
    reply.headers.emplace_back("content-type", "application/json");
    reply.body = payload;
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
