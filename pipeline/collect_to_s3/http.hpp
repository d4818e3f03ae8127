#pragma once
// The events and answers of a function URL (payload format 2.0), and CORS. Pure.
// https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "json/value.hpp"

namespace pipeline::collect_to_s3 {

struct Request {
  std::string method;
  std::string path;  // as it came, without trailing slashes
  std::string query;
  std::unordered_map<std::string, std::string> headers;  // names in lower case
  std::string body;                                      // decoded from base64, not decompressed
  std::string request_id;
  std::string source_ip;  // of whoever is connected; what a header claims is anybody's word

  std::string_view header(const std::string& name) const;  // empty where there is none
  std::optional<std::string> query_parameter(std::string_view name) const;
};

// A parameter of a query string or a form, decoded.
std::optional<std::string> parameter_of(std::string_view query, std::string_view name);

// The media type of a Content-Type, in lower case and without its parameters.
std::string media_type(std::string_view content_type);

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

// Whether a function was invoked by its URL.
bool is_http(const json::Value& payload);
// What is wrong with the payload, where it isn't an event of a function URL after all.
std::expected<Request, std::string> read_request(const json::Value& payload);
json::Value to_value(Response response);

void set_header(Response& response, std::string_view name, std::string value);
Response json_response(int status, const json::Object& body);
Response error_response(int status, std::string message);

// The answer to OPTIONS: any origin may send, with the headers that it asks for.
Response preflight(const Request& request);
// Lets the page that sent the request read the answer.
void allow_origin(Response& response, const Request& request);

}  // namespace pipeline::collect_to_s3
