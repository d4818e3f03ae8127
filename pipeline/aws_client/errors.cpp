// Errors of XML and JSON services.

#include "pipeline/aws_client/errors.hpp"

#include "json/parse.hpp"
#include "pipeline/aws_client/xml.hpp"

namespace pipeline::aws_client {

namespace {

// "com.amazonaws.dynamodb.v20120810#ValidationException:http://…" names ValidationException.
std::string short_code(std::string_view type) {
  if (const auto hash = type.rfind('#'); hash != std::string_view::npos) type.remove_prefix(hash + 1);
  return std::string(type.substr(0, type.find(':')));
}

}  // namespace

ServiceError read_error(const HttpResponse& response) {
  ServiceError error{.code = {}, .message = {}, .http_status = response.status};
  if (const auto body = json::parse(response.body); body && body->is_object()) {
    error.code = short_code(body->get_string("__type").value_or(response.header("x-amzn-errortype")));
    error.message = body->get_string("message").value_or(body->get_string("Message").value_or(""));
  } else {
    error.code = xml_element(response.body, "Code");
    error.message = xml_element(response.body, "Message");
  }
  if (error.code.empty()) error.code = "Http" + std::to_string(response.status);
  return error;
}

}  // namespace pipeline::aws_client
