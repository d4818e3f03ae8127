// What values are as text, in headers and elsewhere; and what every operation shares.

#include "localcloud/wire/codec.hpp"

#include <cmath>
#include <stdexcept>

#include "aws/dates.hpp"
#include "localcloud/wire/operation.hpp"

namespace localcloud::wire {

std::string number_text(double value) {
  if (std::isfinite(value)) return json::Number(value).text();
  return std::isnan(value) ? "NaN" : value < 0 ? "-Infinity" : "Infinity";
}

std::string timestamp_text(base::Time value, TimestampFormat format) {
  const base::Time ms = std::chrono::floor<std::chrono::milliseconds>(value);
  if (format == TimestampFormat::http_date) return aws::format_http_date(value);
  if (format == TimestampFormat::epoch_seconds) return aws::format_epoch_s(ms);
  const bool whole = std::chrono::floor<std::chrono::seconds>(ms) == ms;
  return whole ? aws::format_rfc3339(ms) : aws::format_rfc3339_ms(ms);
}

std::string read_whole(const http::Stream& stream) {
  static constexpr std::size_t kSizeMax = 16 << 20;
  std::string out;
  if (!stream.source) return out;
  for (std::string_view part = stream.source->next(); !part.empty(); part = stream.source->next()) {
    if (out.size() + part.size() > kSizeMax) throw std::length_error("an object too large to be passed in a document");
    out += part;
  }
  return out;
}

namespace codec_detail {

std::string header_text(const std::string& value, const Limits&) {
  return value;
}
std::string header_text(bool value, const Limits&) {
  return value ? "true" : "false";
}
std::string header_text(std::int32_t value, const Limits&) {
  return std::to_string(value);
}
std::string header_text(std::int64_t value, const Limits&) {
  return std::to_string(value);
}
std::string header_text(double value, const Limits&) {
  return number_text(value);
}
std::string header_text(Timestamp value, const Limits& limits) {
  const bool said = limits.timestamp_format != TimestampFormat::of_place;
  return timestamp_text(value.time, said ? limits.timestamp_format : TimestampFormat::http_date);
}

std::string header_element(std::string text) {
  if (text.find_first_of(",\"") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace codec_detail

namespace operation_detail {

std::optional<ServiceError> denied(const Service& service, Authorizer& authorizer, const Caller& caller,
                                   const std::vector<Access>& accesses) {
  for (const Access& access : accesses) {
    if (std::optional<std::string> reason = authorizer.denial(caller, access)) {
      return ServiceError{std::string(service.denied_code), std::move(*reason), service.denied_status};
    }
  }
  return std::nullopt;
}

}  // namespace operation_detail

json::Object describe_limits(std::string_view name, bool required, const Limits& limits, Place place) {
  static constexpr std::string_view kPlaces[] = {"body",    "uri",     "querystring", "header",
                                                 "headers", "payload", "statusCode"};
  json::Object out{{"name", name}, {"required", required}, {"place", kPlaces[static_cast<int>(place)]}};
  if (limits.min != INT64_MIN) out.set("min", limits.min);
  if (limits.max != INT64_MAX) out.set("max", limits.max);
  if (!limits.pattern.empty()) out.set("pattern", limits.pattern);
  if (!limits.wire_name.empty()) out.set("wire_name", limits.wire_name);
  return out;
}

}  // namespace localcloud::wire
