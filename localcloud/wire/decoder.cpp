// Reading values into members: types, limits, and AWS's words for what is wrong.

#include "localcloud/wire/decoder.hpp"

#include <algorithm>
#include <cmath>

#include "aws/dates.hpp"
#include "base/text.hpp"
#include "json/write.hpp"
#include "localcloud/wire/operation.hpp"
#include "localcloud/wire/rest_xml.hpp"

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

// XML doesn't tell a list of one from its element: <Tag/> is {…}, <Tag/><Tag/> is [{…}, {…}].
const json::Array* repeated(const json::Value& elements, json::Array& scratch) {
  if (elements.is_array()) return &elements.as_array();
  scratch.push_back(elements);
  return &scratch;
}

constexpr std::size_t kShownMax = 256;  // bytes of what was sent, in an error

// As AWS's servers print it: [a, b], {key=value}.
// Unlike AWS: so do structures, which AWS's print with the names of their classes.
void show(std::string& out, const json::Value& value);
void show(std::string& out, const json::Array& elements) {
  out += '[';
  for (std::size_t i = 0; i < elements.size() && out.size() <= kShownMax; ++i) {
    if (i > 0) out += ", ";
    show(out, elements[i]);
  }
  out += ']';
}
void show(std::string& out, const json::Object& entries) {
  out += '{';
  std::string_view between;
  for (const auto& [key, value] : entries) {
    if (out.size() > kShownMax) break;
    out += std::string(std::exchange(between, ", ")) + key + '=';
    show(out, value);
  }
  out += '}';
}
void show(std::string& out, const json::Value& value) {
  if (value.is_array()) return show(out, value.as_array());
  if (value.is_object()) return show(out, value.as_object());
  out += value.is_string() ? value.as_string() : json::write(value);
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
  if (form_ == Form::text && value.is_array()) {  // a parameter that came more than once
    return read(value.as_array().front(), out, limits);
  }
  if (!value.is_string()) return fail(cannot_convert(value, "String"));
  out = value.as_string();
  if (const auto broken = broken_length(base::count_code_points(out), limits)) violate(out, *broken);
  if (limits.matches && !limits.matches(out)) {
    violate(out, "Member must satisfy regular expression pattern: " + std::string(limits.pattern));
  }
}

void Decoder::read(const json::Value& value, bool& out, const Limits&) {
  if (is_text(value)) {
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
  if (is_text(value)) {
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
    } else if (const auto number = is_text(value) ? base::to_number<double>(text) : std::nullopt) {
      out = *number;
    } else {
      fail(is_text(value) ? malformed_text(text, "Double") : cannot_convert(value, "Double"));
    }
    return;
  }
  if (!value.is_number()) return fail(cannot_convert(value, "Double"));
  out = value.as_number().as_double();
  if (out < static_cast<double>(limits.min) || out > static_cast<double>(limits.max)) {
    check_range(value.as_number().text(), out < 0 ? INT64_MIN : INT64_MAX, limits);
  }
}

void Decoder::read(const json::Value& value, Timestamp& out, const Limits& limits) {
  std::optional<base::Time> time;
  if (value.is_number()) {
    time = aws::parse_epoch_s(value.as_number().text());
  } else if (value.is_string()) {
    time = aws::parse_rfc3339(value.as_string());
    if (!time && (is_text(value) || limits.timestamp_format == TimestampFormat::http_date)) {
      time = aws::parse_http_date(value.as_string());
    }
    if (!time && is_text(value)) time = aws::parse_epoch_s(value.as_string());
  }
  if (!time) {
    return fail(is_text(value) ? malformed_text(value.as_string(), "timestamp") : cannot_convert(value, "Timestamp"));
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
  if (const auto broken = broken_length(out.bytes.size(), limits)) violate(value.as_string(), *broken);
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

const json::Value* Decoder::find_member(const json::Value& value, std::string_view name, const Limits& limits) const {
  if (direct() || limits.wire_name.empty()) return value.find(name);
  return limits.attribute ? value.find("@" + std::string(limits.wire_name)) : value.find(limits.wire_name);
}

const json::Array* Decoder::list(const json::Value& value, const Limits& limits, json::Array& scratch) {
  if (form_ == Form::elements) {
    const json::Value* elements = limits.flattened ? &value : value.find(limits.element);
    return elements ? repeated(*elements, scratch) : &scratch;
  }
  if (value.is_array()) return &value.as_array();
  if (form_ == Form::numbered && value.is_object()) {
    const json::Value* members = limits.flattened ? nullptr : value.find(limits.element);
    return numbered(members && members->is_object() ? members->as_object() : value.as_object(), scratch);
  }
  if (is_text(value)) {
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

const json::Object* Decoder::map(const json::Value& value, const Limits& limits, json::Object& scratch) {
  if (form_ == Form::numbered || form_ == Form::elements) {
    const json::Value* entry = limits.flattened ? nullptr : value.find("entry");
    if (!entry) entry = &value;
    json::Array entries;
    if (form_ == Form::numbered && !entry->is_object()) return &scratch;
    const json::Array* found =
        form_ == Form::numbered ? numbered(entry->as_object(), entries) : repeated(*entry, entries);
    for (const json::Value& one : *found) {
      const auto key = one.get_string(limits.key);
      const json::Value* element = one.find(limits.value);
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
  if (is_text(value) && value.as_string().find_first_not_of(" \t\r\n") == std::string::npos) return true;
  fail(value.is_array() ? serialization_error("Unrecognized collection type class java.util.Map")
                        : serialization_error("Unexpected value type in payload"));
  return false;
}

std::optional<json::Value> Decoder::outside_body(std::string_view name, Place place, std::string_view wire_name) const {
  if (place == Place::label) {
    for (const auto& [label, value] : request_.labels) {
      if (label == name) return json::Value(value);
    }
  } else if (place == Place::query && wire_name.empty()) {  // every parameter, in a map
    json::Object all;
    for (const auto& [parameter, value] : request_.query) {
      json::Value& there = all[parameter];
      if (there.is_string()) there = json::Value(json::Array{std::move(there)});
      if (there.is_array()) {
        there.as_array().emplace_back(value);
      } else {
        there = json::Value(value);
      }
    }
    return json::Value(std::move(all));
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

// The elements of a list in a header: between commas, in quotes where they have commas themselves. An HTTP date has a
// comma without quotes.
json::Value Decoder::split_header(std::string_view text) {
  json::Array out;
  bool whole = true;  // the last element is complete
  while (!(text = base::trim(text)).empty()) {
    std::string element;
    if (text.front() == '"') {
      std::size_t at = 1;
      for (; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        element += text[at];
      }
      text.remove_prefix(std::min(text.find(',', std::min(at, text.size())), text.size()));
    } else {
      const std::size_t comma = std::min(text.find(','), text.size());
      element = base::trim(text.substr(0, comma));
      text.remove_prefix(comma);
    }
    if (!text.empty()) text.remove_prefix(1);
    const std::string dated = out.empty() ? std::string() : out.back().as_string() + ", " + element;
    if (!whole && aws::parse_http_date(dated)) {
      out.back() = json::Value(dated);
      whole = true;
    } else {
      whole = element.size() != 3;  // "Mon", of a date
      out.emplace_back(std::move(element));
    }
  }
  return json::Value(std::move(out));
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
  if (failed() || !found || found->is_null()) return;
  // Unlike AWS: a member that AWS knows and we don't carry out is refused, never dropped.
  error_ = {"NotImplemented", "The member " + std::string(name) + " is not implemented by localcloud.", 501};
}

void Decoder::check_root(std::string_view name) {
  if (form_ != Form::elements) return;
  if (request_.body.empty()) {
    error_ = ServiceError{"MissingRequestBodyError", "Request Body is empty", 400};
  } else if (request_.root != name) {
    fail(malformed_xml());
  }
}

std::optional<std::string> Decoder::broken_length(std::size_t length, const Limits& limits) {
  const auto signed_length = static_cast<std::int64_t>(length);
  if (signed_length < limits.min) {
    return "Member must have length greater than or equal to " + std::to_string(limits.min);
  }
  if (signed_length > limits.max) return "Member must have length less than or equal to " + std::to_string(limits.max);
  return std::nullopt;
}

std::string Decoder::shown(const json::Array& elements) {
  std::string out;
  show(out, elements);
  return out;
}

std::string Decoder::shown(const json::Object& entries) {
  std::string out;
  show(out, entries);
  return out;
}

void Decoder::check_range(std::string_view text, std::int64_t number, const Limits& limits) {
  if (number < limits.min)
    violate(text, "Member must have value greater than or equal to " + std::to_string(limits.min));
  if (number > limits.max) violate(text, "Member must have value less than or equal to " + std::to_string(limits.max));
}

void Decoder::missing() {
  if (form_ == Form::elements) return fail(malformed_xml());
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
  if (form_ == Form::elements) return fail(malformed_xml());
  if (violations_.size() == kViolationsMax) return;
  std::size_t end = std::min(value.size(), kShownMax);
  while (end < value.size() && (value[end] & 0xc0) == 0x80) --end;  // between two characters
  std::string path;
  for (const std::string& step : path_) path += (path.empty() ? "" : ".") + step;
  violations_.push_back("Value '" + std::string(value.substr(0, end)) + "' at '" + path +
                        "' failed to satisfy constraint: " + std::string(constraint));
}

// What is wrong inside an XML document has one name.
void Decoder::fail(ServiceError error) {
  if (!error_) error_ = form_ == Form::elements ? malformed_xml() : std::move(error);
}

}  // namespace localcloud::wire
