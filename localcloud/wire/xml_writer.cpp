#include "localcloud/wire/xml_writer.hpp"

#include "aws/dates.hpp"
#include "base/check.hpp"
#include "base/text.hpp"
#include "json/write.hpp"

namespace localcloud::wire {

std::string escape_xml(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\r':
        out += "&#xD;";
        break;
      default:
        // XML 1.0 has no form for other control characters.
        out += static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' ? '?' : c;
    }
  }
  return out;
}

std::string XmlWriter::begin_value() {
  if (levels_.empty()) return {};  // the outermost structure: its tags are the protocol's
  const Level& level = levels_.back();
  if (level.is_map) {
    out_ += "<entry><key>" + escape_xml(name_) + "</key><value>";
    return "</value></entry>";
  }
  const std::string& tag = level.element.empty() ? name_ : level.element;
  out_ += '<' + tag + '>';
  return "</" + tag + '>';
}

void XmlWriter::open() {
  std::string closing = begin_value();
  levels_.push_back({.closing = std::move(closing)});
}

void XmlWriter::close() {
  out_ += levels_.back().closing;
  levels_.pop_back();
}

void XmlWriter::leaf(std::string_view escaped) {
  const std::string closing = begin_value();
  out_ += escaped;
  out_ += closing;
}

void XmlWriter::begin_list(std::size_t, std::string_view element) {
  open();
  levels_.back().element = element;
}

void XmlWriter::begin_map(std::size_t) {
  open();
  levels_.back().is_map = true;
}

void XmlWriter::number(double value) {
  leaf(json::Number(value).text());
}
void XmlWriter::timestamp(base::Time value) {
  leaf(aws::format_rfc3339(value));
}
void XmlWriter::blob(std::string_view bytes) {
  leaf(base::to_base64(bytes));
}
void XmlWriter::document(const json::Value& value) {
  leaf(escape_xml(json::write(value)));
}

std::string* XmlWriter::json_text() {
  json_.clear();
  return &json_;
}
void XmlWriter::json_text_done() {
  leaf(escape_xml(json_));
}

}  // namespace localcloud::wire
