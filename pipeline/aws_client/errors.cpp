// Errors of XML and JSON services.

#include "pipeline/aws_client/errors.hpp"

#include "json/parse.hpp"

namespace pipeline::aws_client {

namespace {

std::string unescape_xml(std::string_view text) {
  constexpr std::pair<std::string_view, char> kEntities[] = {
      {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}};
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    bool is_entity = false;
    for (const auto& [entity, c] : kEntities) {
      if (!text.substr(i).starts_with(entity)) continue;
      out += c;
      i += entity.size();
      is_entity = true;
      break;
    }
    if (!is_entity) out += text[i++];
  }
  return out;
}

// The text of the first element of that name: an error document is flat.
std::string xml_element(std::string_view xml, const std::string& name) {
  const auto begin = xml.find("<" + name + ">");
  if (begin == std::string_view::npos) return {};
  const std::string_view rest = xml.substr(begin + name.size() + 2);
  const auto end = rest.find("</" + name + ">");
  return end == std::string_view::npos ? std::string() : unescape_xml(rest.substr(0, end));
}

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
