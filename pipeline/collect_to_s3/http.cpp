// Function URL events.

#include "pipeline/collect_to_s3/http.hpp"

#include "aws/sigv4.hpp"
#include "base/text.hpp"
#include "json/write.hpp"

namespace pipeline::collect_to_s3 {

namespace {

constexpr std::string_view kAllowedHeaders =
    "authorization, content-type, content-encoding, x-write-key, x-retry-count, anonymousid, sentat";

// What may be sent back in a header's value: no control characters, nothing beyond ASCII.
bool is_plain(std::string_view text) {
  for (const char c : text) {
    if (c < 0x20 || c > 0x7e) return false;
  }
  return !text.empty();
}

}  // namespace

std::string_view Request::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<std::string> Request::query_parameter(std::string_view name) const {
  return parameter_of(query, name);
}

std::optional<std::string> parameter_of(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const auto end = query.find('&');
    const std::string_view pair = query.substr(0, end);
    const auto equals = pair.find('=');
    if (aws::uri_decode_query(pair.substr(0, equals)) == name) {
      return equals == std::string_view::npos ? std::string() : aws::uri_decode_query(pair.substr(equals + 1));
    }
    if (end == std::string_view::npos) break;
    query.remove_prefix(end + 1);
  }
  return std::nullopt;
}

std::string media_type(std::string_view content_type) {
  return base::lower(base::trim(content_type.substr(0, content_type.find(';'))));
}

bool is_http(const json::Value& payload) {
  const json::Value* context = payload.find("requestContext");
  return context && context->find("http") && payload.get_string("rawPath");
}

std::expected<Request, std::string> read_request(const json::Value& payload) {
  Request request;
  const json::Value* context = payload.find("requestContext");
  const json::Value* http = context ? context->find("http") : nullptr;
  const auto method = http ? http->get_string("method") : std::nullopt;
  if (!method) return std::unexpected("requestContext.http.method is missing");
  request.method = *method;
  request.path = payload.get_string("rawPath").value_or("/");
  while (request.path.size() > 1 && request.path.ends_with('/')) request.path.pop_back();
  request.query = payload.get_string("rawQueryString").value_or("");
  request.request_id = context->get_string("requestId").value_or("");
  request.source_ip = http->get_string("sourceIp").value_or("");
  if (const json::Value* headers = payload.find("headers"); headers && headers->is_object()) {
    for (const auto& [name, value] : headers->as_object()) {
      if (value.is_string()) request.headers[base::lower(name)] = value.as_string();
    }
  }
  const std::string_view body = payload.get_string("body").value_or("");
  if (payload.get_bool("isBase64Encoded").value_or(false)) {
    auto bytes = base::from_base64(body);
    if (!bytes) return std::unexpected("the body is not base64, though isBase64Encoded says so");
    request.body = *std::move(bytes);
  } else {
    request.body = body;
  }
  return request;
}

json::Value to_value(Response response) {
  json::Object headers;
  for (auto& [name, value] : response.headers) headers.set(name, std::move(value));
  const bool is_text = !base::first_invalid_utf8(response.body);
  json::Object event;
  event.append("statusCode", response.status);
  event.append("headers", std::move(headers));
  event.append("body", is_text ? std::move(response.body) : base::to_base64(response.body));
  event.append("isBase64Encoded", !is_text);
  return event;
}

void set_header(Response& response, std::string_view name, std::string value) {
  std::erase_if(response.headers, [&](const auto& header) { return header.first == name; });
  response.headers.emplace_back(name, std::move(value));
}

Response json_response(int status, const json::Object& body) {
  return {.status = status, .headers = {{"content-type", "application/json"}}, .body = json::write(body)};
}

Response error_response(int status, std::string message) {
  return json_response(status, json::Object{{"error", std::move(message)}});
}

Response preflight(const Request& request) {
  const std::string_view wanted = request.header("access-control-request-headers");
  return {.status = 204,
          .headers = {{"access-control-allow-methods", "GET, POST, OPTIONS"},
                      {"access-control-allow-headers", std::string(is_plain(wanted) ? wanted : kAllowedHeaders)},
                      {"access-control-max-age", "86400"}},
          .body = {}};
}

void allow_origin(Response& response, const Request& request) {
  const std::string_view origin = request.header("origin");
  if (!is_plain(origin)) return;
  // Browsers refuse "*" for requests with credentials, which some SDKs always send.
  response.headers.emplace_back("access-control-allow-origin", std::string(origin));
  response.headers.emplace_back("access-control-allow-credentials", "true");
  response.headers.emplace_back("access-control-expose-headers", "retry-after");
  response.headers.emplace_back("vary", "Origin");
}

}  // namespace pipeline::collect_to_s3
