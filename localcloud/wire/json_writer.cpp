#include "localcloud/wire/json_writer.hpp"

#include <cmath>

#include "aws/dates.hpp"
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

void JsonWriter::number(double value) {
  separate();
  if (std::isfinite(value)) {
    out_ += json::Number(value).text();
  } else if (std::isnan(value)) {
    out_ += "\"NaN\"";
  } else {
    out_ += value < 0 ? "\"-Infinity\"" : "\"Infinity\"";
  }
}

void JsonWriter::timestamp(base::Time value) {
  separate();
  out_ += aws::format_epoch_s(std::chrono::floor<std::chrono::milliseconds>(value));
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
