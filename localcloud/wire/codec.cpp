// Reading values into members: types, limits, and AWS's words for what is wrong. Writing headers.

#include "localcloud/wire/codec.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "aws/dates.hpp"
#include "base/check.hpp"
#include "base/text.hpp"
#include "localcloud/wire/operation.hpp"

namespace localcloud::wire {

namespace {

ServiceError serialization_error(std::string message) {
  return {"com.amazon.coral.service#SerializationException", std::move(message), 400};
}

ServiceError cannot_convert(const json::Value& value, std::string_view type) {
  if (value.is_array()) return serialization_error("Unrecognized collection type class java.lang." + std::string(type));
  if (value.is_object()) return serialization_error("Start of structure or map found where not expected");
  std::string_view token = "STRING_VALUE";
  if (value.is_number()) token = value.as_number().is_integral() ? "NUMBER_VALUE" : "DECIMAL_VALUE";
  if (value.is_bool()) token = value.as_bool() ? "TRUE_VALUE" : "FALSE_VALUE";
  return serialization_error(std::string(token) + " cannot be converted to " + std::string(type));
}

ServiceError malformed_text(std::string_view text, std::string_view type) {
  return {"MalformedInput", "'" + std::string(text) + "' is not a valid " + std::string(type), 400};
}

// "1" before "2" before "10"; what isn't a number is no element.
const json::Array* numbered(const json::Object& members, json::Array& scratch) {
  std::vector<std::pair<std::uint32_t, const json::Value*>> found;
  for (const auto& [name, value] : members) {
    if (const auto number = base::to_number<std::uint32_t>(name)) found.emplace_back(*number, &value);
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [number, value] : found) scratch.push_back(*value);
  return &scratch;
}

std::string lower_first(std::string_view name) {
  std::string out(name);
  if (!out.empty() && out[0] >= 'A' && out[0] <= 'Z') out[0] = static_cast<char>(out[0] + 32);
  return out;
}

}  // namespace

std::optional<ServiceError> Decoder::verdict() const {
  if (error_) return error_;
  if (violations_.empty()) return std::nullopt;
  std::string message =
      std::to_string(violations_.size()) + " validation error" + (violations_.size() == 1 ? "" : "s") + " detected: ";
  for (std::size_t i = 0; i < violations_.size(); ++i) message += (i == 0 ? "" : "; ") + violations_[i];
  return ServiceError{std::string(request_.service->validation_code), std::move(message), 400};
}

void Decoder::read(const json::Value& value, std::string& out, const Limits& limits) {
  if (!value.is_string()) return fail(cannot_convert(value, "String"));
  out = value.as_string();
  const auto length = static_cast<std::int64_t>(base::count_code_points(out));
  if (length < limits.min) {
    violate(out, "Member must have length greater than or equal to " + std::to_string(limits.min));
  }
  if (length > limits.max) violate(out, "Member must have length less than or equal to " + std::to_string(limits.max));
  if (limits.matches && !limits.matches(out)) {
    violate(out, "Member must satisfy regular expression pattern: " + std::string(limits.pattern));
  }
}

void Decoder::read(const json::Value& value, bool& out, const Limits&) {
  if (text_ && value.is_string()) {
    if (base::equal_ignoring_case(value.as_string(), "true")) {
      out = true;
    } else if (base::equal_ignoring_case(value.as_string(), "false")) {
      out = false;
    } else {
      fail(malformed_text(value.as_string(), "Boolean"));
    }
    return;
  }
  if (!value.is_bool()) return fail(cannot_convert(value, "Boolean"));
  out = value.as_bool();
}

void Decoder::read(const json::Value& value, std::int32_t& out, const Limits& limits) {
  std::int64_t wide = 0;
  read(value, wide, limits);
  if (wide > INT32_MAX || wide < INT32_MIN) fail(serialization_error("NUMBER_VALUE cannot be converted to Integer"));
  out = static_cast<std::int32_t>(wide);
}

void Decoder::read(const json::Value& value, std::int64_t& out, const Limits& limits) {
  if (text_ && value.is_string()) {
    const auto number = base::to_number<std::int64_t>(value.as_string());
    if (!number) return fail(malformed_text(value.as_string(), "Integer"));
    out = *number;
  } else {
    if (!value.is_number()) return fail(cannot_convert(value, "Integer"));
    const auto number = value.as_number().as_int64();
    if (!number) return fail(cannot_convert(value, "Integer"));
    out = *number;
  }
  check_range(std::to_string(out), out, limits);
}

void Decoder::read(const json::Value& value, double& out, const Limits& limits) {
  if (value.is_string()) {
    // Numbers that JSON has no form for come as words.
    const std::string& text = value.as_string();
    if (text == "NaN") {
      out = std::nan("");
    } else if (text == "Infinity" || text == "-Infinity") {
      out = text[0] == '-' ? -INFINITY : INFINITY;
    } else if (const auto number = text_ ? base::to_number<double>(text) : std::nullopt) {
      out = *number;
    } else {
      fail(text_ ? malformed_text(text, "Double") : cannot_convert(value, "Double"));
    }
    return;
  }
  if (!value.is_number()) return fail(cannot_convert(value, "Double"));
  out = value.as_number().as_double();
  if (out < static_cast<double>(limits.min) || out > static_cast<double>(limits.max)) {
    check_range(value.as_number().text(), out < 0 ? INT64_MIN : INT64_MAX, limits);
  }
}

void Decoder::read(const json::Value& value, Timestamp& out, const Limits&) {
  std::optional<base::Time> time;
  if (value.is_number()) {
    time = aws::parse_epoch_s(value.as_number().text());
  } else if (value.is_string()) {
    time = aws::parse_rfc3339(value.as_string());
    if (!time && text_) time = aws::parse_http_date(value.as_string());
    if (!time && text_) time = aws::parse_epoch_s(value.as_string());
  }
  if (!time) {
    return fail(text_ && value.is_string() ? malformed_text(value.as_string(), "timestamp")
                                           : cannot_convert(value, "Timestamp"));
  }
  out.time = *time;
}

void Decoder::read(const json::Value& value, Blob& out, const Limits& limits) {
  if (!value.is_string()) return fail(cannot_convert(value, "Blob"));
  if (request_.protocol == Protocol::cbor) {
    out.bytes = value.as_string();
  } else {
    std::optional<std::string> bytes = base::from_base64(value.as_string());
    if (!bytes) return fail(serialization_error("Invalid base64 in a binary member"));
    out.bytes = std::move(*bytes);
  }
  check_length("blob", value, out.bytes.size(), limits);
}

std::size_t Decoder::read_enum(const json::Value& value, std::span<const std::string_view> names) {
  if (!value.is_string()) {
    fail(cannot_convert(value, "String"));
    return 0;
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == value.as_string()) return i;
  }
  std::string set;
  for (std::string_view name : names) set += (set.empty() ? "" : ", ") + std::string(name);
  violate(value.as_string(), "Member must satisfy enum value set: [" + set + "]");
  return 0;
}

const json::Array* Decoder::list(const json::Value& value, json::Array& scratch) {
  if (value.is_array()) return &value.as_array();
  if (text_ && value.is_object()) {
    const json::Value* member = value.find("member");
    return numbered(member && member->is_object() ? member->as_object() : value.as_object(), scratch);
  }
  if (text_ && value.is_string()) {
    if (!value.as_string().empty()) scratch.push_back(value);  // a query parameter that came once
    return &scratch;
  }
  if (value.is_object()) {
    fail(serialization_error("Start of structure or map found where not expected"));
  } else {
    fail(serialization_error("Unexpected field type"));
  }
  return nullptr;
}

const json::Object* Decoder::map(const json::Value& value, json::Object& scratch) {
  if (text_) {
    const json::Value* entry = value.find("entry");
    if (!entry) entry = &value;
    if (!entry->is_object()) return &scratch;
    json::Array entries;
    numbered(entry->as_object(), entries);
    for (const json::Value& one : entries) {
      const auto key = one.get_string("key");
      const json::Value* element = one.find("value");
      if (key && element) scratch.set(*key, *element);
    }
    return &scratch;
  }
  if (value.is_object()) return &value.as_object();
  fail(value.is_array() ? serialization_error("Unrecognized collection type class java.util.Map")
                        : serialization_error("Unexpected field type"));
  return nullptr;
}

bool Decoder::is_structure(const json::Value& value) {
  if (value.is_object() || (path_.empty() && value.is_null())) return true;
  if (text_ && value.is_string() && value.as_string().empty()) return true;
  fail(value.is_array() ? serialization_error("Unrecognized collection type class java.util.Map")
                        : serialization_error("Unexpected value type in payload"));
  return false;
}

std::optional<json::Value> Decoder::outside_body(std::string_view name, Place place, std::string_view wire_name) const {
  if (place == Place::label) {
    for (const auto& [label, value] : request_.labels) {
      if (label == name) return json::Value(value);
    }
  } else if (place == Place::query) {
    json::Array values;
    for (const auto& [parameter, value] : request_.query) {
      if (parameter == wire_name) values.emplace_back(value);
    }
    if (values.size() == 1) return values.front();
    if (!values.empty()) return json::Value(std::move(values));
  } else if (place == Place::header) {
    if (const auto value = request_.head->header(wire_name)) return json::Value(*value);
  }
  return std::nullopt;
}

void Decoder::read_prefixed(std::string_view prefix, std::map<std::string, std::string>& out) const {
  for (const auto& [name, value] : request_.head->headers) {
    if (name.size() > prefix.size() &&
        base::equal_ignoring_case(std::string_view(name).substr(0, prefix.size()), prefix)) {
      std::string& joined = out[base::lower(std::string_view(name).substr(prefix.size()))];
      joined += joined.empty() ? value : "," + value;
    }
  }
}

void Decoder::refuse_member(const json::Value& value, std::string_view name) {
  const json::Value* found = value.find(name);
  if (!found || found->is_null()) return;
  // Unlike AWS: a member that AWS knows and we don't carry out is refused, never dropped.
  fail({"NotImplemented", "The member " + std::string(name) + " is not implemented by localcloud.", 501});
}

void Decoder::check_length(std::string_view, const json::Value& value, std::size_t length, const Limits& limits) {
  const auto signed_length = static_cast<std::int64_t>(length);
  const std::string shown = value.is_string() ? value.as_string() : std::string("[]");
  if (signed_length < limits.min) {
    violate(shown, "Member must have length greater than or equal to " + std::to_string(limits.min));
  }
  if (signed_length > limits.max) {
    violate(shown, "Member must have length less than or equal to " + std::to_string(limits.max));
  }
}

void Decoder::check_range(std::string_view text, std::int64_t number, const Limits& limits) {
  if (number < limits.min)
    violate(text, "Member must have value greater than or equal to " + std::to_string(limits.min));
  if (number > limits.max) violate(text, "Member must have value less than or equal to " + std::to_string(limits.max));
}

void Decoder::missing() {
  std::string path;
  for (const std::string& step : path_) path += (path.empty() ? "" : ".") + step;
  violations_.push_back("Value null at '" + path + "' failed to satisfy constraint: Member must not be null");
}

void Decoder::enter_member(std::string_view name) {
  path_.push_back(lower_first(name));
}

void Decoder::enter_element(std::size_t index) {
  path_.push_back(std::to_string(index + 1) + ".member");
}

void Decoder::violate(std::string_view value, std::string_view constraint) {
  static constexpr std::size_t kViolationsMax = 10;
  static constexpr std::size_t kShownMax = 256;
  if (violations_.size() == kViolationsMax) return;
  std::string path;
  for (const std::string& step : path_) path += (path.empty() ? "" : ".") + step;
  violations_.push_back("Value '" + std::string(value.substr(0, kShownMax)) + "' at '" + path +
                        "' failed to satisfy constraint: " + std::string(constraint));
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

std::string header_text(const std::string& value) {
  return value;
}
std::string header_text(bool value) {
  return value ? "true" : "false";
}
std::string header_text(std::int32_t value) {
  return std::to_string(value);
}
std::string header_text(std::int64_t value) {
  return std::to_string(value);
}
std::string header_text(Timestamp value) {
  return aws::format_http_date(value.time);
}

}  // namespace codec_detail

namespace operation_detail {

std::optional<ServiceError> denied(Call& call, const std::vector<Access>& accesses) {
  for (const Access& access : accesses) {
    if (std::optional<std::string> reason = call.authorizer.denial(call.caller, access)) {
      const Service& service = *call.request.service;
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
