// CloudEvents over HTTP: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md

#include "aws/sigv4.hpp"
#include "base/text.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/collect_to_s3/wires/wires.hpp"

namespace pipeline::collect_to_s3 {

std::string structured_cloudevent(const Request& request, std::string body) {
  constexpr std::string_view kPrefix = "ce-";
  if (request.header("ce-specversion").empty()) return body;
  json::Object attributes;
  for (const auto& [name, value] : request.headers) {
    if (name.starts_with(kPrefix)) attributes.set(name.substr(kPrefix.size()), aws::uri_decode(value));
  }
  attributes.set("datacontenttype", request.header("content-type"));
  std::string event = json::write(attributes);
  if (trim_json(body).empty()) return event;
  event.pop_back();
  if (json::parse(body)) {
    event.append(",\"data\":").append(body);
  } else if (base::first_invalid_utf8(body)) {
    event += ",\"data_base64\":";
    json::write_string(event, base::to_base64(body));
  } else {
    event += ",\"data\":";
    json::write_string(event, body);
  }
  return event += '}';
}

std::expected<Batch, Undecodable> decode_cloudevents(std::string_view body, std::string_view content_type,
                                                     std::size_t events_max) {
  body = trim_json(without_marks(body));
  if (media_type(content_type) == "application/cloudevents-batch+json") {
    return decode_array(body, event::Wire::cloudevents, events_max);
  }
  return decode_object(body, event::Wire::cloudevents);
}

}  // namespace pipeline::collect_to_s3
