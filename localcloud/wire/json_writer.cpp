#include "localcloud/wire/json_writer.hpp"

#include <cmath>

#include "base/text.hpp"
#include "json/write.hpp"

namespace localcloud::wire {

void JsonWriter::separate() {
  if (!first_ && !after_name_) out_ += ',';
  first_ = after_name_ = false;
}

void JsonWriter::open(char bracket) {
  separate();
  out_ += bracket;
  first_ = true;
}

void JsonWriter::close(char bracket) {
  out_ += bracket;
  first_ = false;
}

void JsonWriter::name(std::string_view name) {
  separate();
  json::write_string(out_, name);
  out_ += ':';
  after_name_ = true;
}

void JsonWriter::text(std::string_view value) {
  separate();
  json::write_string(out_, value);
}

void JsonWriter::boolean(bool value) {
  separate();
  out_ += value ? "true" : "false";
}

void JsonWriter::integer(std::int64_t value) {
  separate();
  out_ += std::to_string(value);
}

// A direct call has members by their names, wherever they travel else.
void JsonWriter::member(std::string_view name, const Limits& limits) {
  this->name(members_ == Members::all || limits.wire_name.empty() ? name : limits.wire_name);
}

void JsonWriter::number(double value) {
  if (!std::isfinite(value)) return text(number_text(value));
  separate();
  out_ += number_text(value);
}

void JsonWriter::timestamp(base::Time value, TimestampFormat format) {
  const bool as_number = format == TimestampFormat::of_place || format == TimestampFormat::epoch_seconds;
  if (!as_number) return text(timestamp_text(value, format));
  separate();
  out_ += timestamp_text(value, TimestampFormat::epoch_seconds);
}

void JsonWriter::blob(std::string_view bytes) {
  text(base::to_base64(bytes));
}

void JsonWriter::document(const json::Value& value) {
  separate();
  json::write(out_, value);
}

std::string* JsonWriter::json_text() {
  separate();
  return &out_;
}

}  // namespace localcloud::wire
