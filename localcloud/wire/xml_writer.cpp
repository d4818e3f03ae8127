#include "localcloud/wire/xml_writer.hpp"

#include "aws/dates.hpp"
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

XmlWriter::XmlWriter(std::string_view root, std::string_view xml_namespace) : root_(root) {
  out_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + root_;
  if (!xml_namespace.empty()) out_ += " xmlns=\"" + std::string(xml_namespace) + '"';
  out_ += '>';
}

void XmlWriter::name(std::string_view name) {
  name_ = name;
  bare_ = attribute_ = false;
}

void XmlWriter::member(std::string_view name, const Limits& limits) {
  name_ = limits.wire_name.empty() ? name : limits.wire_name;
  bare_ = limits.flattened;
  attribute_ = limits.attribute;
}

std::string XmlWriter::begin_value() {
  if (levels_.empty()) return {};  // the outermost structure: its tags are the protocol's
  const Level& level = levels_.back();
  if (!level.key.empty()) {
    out_ +=
        '<' + level.element + "><" + level.key + '>' + escape_xml(name_) + "</" + level.key + "><" + level.value + '>';
    return "</" + level.value + "></" + level.element + '>';
  }
  const std::string& tag = level.element.empty() ? name_ : level.element;
  out_ += '<' + tag + '>';
  return "</" + tag + '>';
}

void XmlWriter::open() {
  std::string closing = begin_value();
  levels_.push_back({.closing = std::move(closing),
                     .element = {},
                     .key = {},
                     .value = {},
                     .attributes_at = out_.empty() ? 0 : out_.size() - 1});
  bare_ = attribute_ = false;
}

void XmlWriter::close() {
  out_ += levels_.back().closing;
  levels_.pop_back();
}

void XmlWriter::leaf(std::string_view text) {
  const std::string escaped = escape_xml(text);
  if (attribute_) {
    const std::string attribute = ' ' + name_ + "=\"" + escaped + '"';
    out_.insert(levels_.back().attributes_at, attribute);
    levels_.back().attributes_at += attribute.size();
    return;
  }
  const std::string closing = bare_ ? std::string() : begin_value();
  out_ += escaped + closing;
}

void XmlWriter::begin_list(std::size_t, const Limits& limits) {
  const std::string element(limits.flattened ? std::string_view(name_) : limits.element);
  limits.flattened ? open_flattened() : open();
  levels_.back().element = element;
  bare_ = false;
}

void XmlWriter::begin_map(std::size_t, const Limits& limits) {
  const std::string entry(limits.flattened ? std::string_view(name_) : "entry");
  limits.flattened ? open_flattened() : open();
  levels_.back().element = entry;
  levels_.back().key = limits.key;
  levels_.back().value = limits.value;
  bare_ = false;
}

// S3's documents always have milliseconds, the answers of awsQuery never.
void XmlWriter::timestamp(base::Time value, TimestampFormat format) {
  if (format != TimestampFormat::of_place) return leaf(timestamp_text(value, format));
  leaf(root_.empty() ? aws::format_rfc3339(value) : aws::format_rfc3339_ms(value));
}

void XmlWriter::blob(std::string_view bytes) {
  leaf(base::to_base64(bytes));
}

void XmlWriter::document(const json::Value& value) {
  leaf(json::write(value));
}

std::string* XmlWriter::json_text() {
  json_.clear();
  return &json_;
}

std::string XmlWriter::take() {
  if (!root_.empty()) out_ += "</" + root_ + '>';
  return std::move(out_);
}

}  // namespace localcloud::wire
