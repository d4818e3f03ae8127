#include "localcloud/wire/rest_xml.hpp"

#include <pugixml.hpp>

#include "aws/dates.hpp"
#include "base/check.hpp"
#include "base/text.hpp"
#include "json/write.hpp"

namespace localcloud::wire {
namespace {

constexpr std::size_t kDepthMax = 16;
constexpr std::size_t kElementsMax = 20'000;

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

class XmlReader {
 public:
  std::optional<json::Value> read(const pugi::xml_node& element, std::size_t depth) {
    if (depth > kDepthMax || ++elements_ > kElementsMax) return std::nullopt;
    json::Object members;
    std::string text;
    for (const pugi::xml_node& child : element.children()) {
      if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) text += child.value();
      if (child.type() != pugi::node_element) continue;
      auto value = read(child, depth + 1);
      if (!value) return std::nullopt;
      add(members, local_name(child.name()), *std::move(value));
    }
    if (members.empty()) return json::Value(std::move(text));
    return json::Value(std::move(members));
  }

 private:
  static void add(json::Object& members, std::string_view name, json::Value value) {
    json::Value* const there = members.find(name);
    if (!there) return members.append(std::string(name), std::move(value));
    if (!there->is_array()) *there = json::Value(json::Array{std::move(*there)});
    there->as_array().push_back(std::move(value));
  }

  std::size_t elements_ = 0;
};

void append_escaped(std::string& out, std::string_view text) {
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
        out += "&#13;";
        break;
      default:
        // XML 1.0 has no form for the other control characters; S3 writes references all the same.
        if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n') {
          out += "&#" + std::to_string(static_cast<int>(c)) + ";";
        } else {
          out += c;
        }
    }
  }
}

class RestXmlWriter final : public Writer {
 public:
  RestXmlWriter(std::string_view root, std::string_view xml_namespace) : root_(root) {
    out_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<" + root_;
    if (!xml_namespace.empty()) out_ += " xmlns=\"" + std::string(xml_namespace) + '"';
    out_ += '>';
  }
  void begin_structure() override { open(levels_.empty() ? std::string() : tag()); }
  void end_structure() override { close(); }
  void name(std::string_view name) override {
    name_ = name;
    flattened_ = false;
  }
  void member(std::string_view name, const Limits& limits) override {
    name_ = limits.wire_name.empty() ? name : limits.wire_name;
    flattened_ = limits.flattened;
  }
  void begin_list(std::size_t, std::string_view element) override {
    const std::string its_element(flattened_ ? std::string_view(name_) : element);
    open(flattened_ ? std::string() : tag());
    levels_.back().element = its_element;
    flattened_ = false;
  }
  void end_list() override { close(); }
  void begin_map(std::size_t) override { CHECK(!"S3 answers no maps in its documents"); }
  void end_map() override {}
  void text(std::string_view value) override { leaf(value); }
  void boolean(bool value) override { leaf(value ? "true" : "false"); }
  void integer(std::int64_t value) override { leaf(std::to_string(value)); }
  void number(double value) override { leaf(json::Number(value).text()); }
  void timestamp(base::Time value) override { leaf(aws::format_rfc3339_ms(value)); }
  void blob(std::string_view bytes) override { leaf(base::to_base64(bytes)); }
  void document(const json::Value& value) override { leaf(json::write(value)); }
  std::string* json_text() override {
    json_.clear();
    return &json_;
  }
  void json_text_done() override { leaf(json_); }
  std::string take() override {
    out_ += "</" + root_ + '>';
    return std::move(out_);
  }

 private:
  struct Level {
    std::string tag;      // whose end is to be written, or nothing
    std::string element;  // of a list: what each value is called
  };

  const std::string& tag() const { return levels_.back().element.empty() ? name_ : levels_.back().element; }
  void open(const std::string& tag) {
    if (!tag.empty()) out_ += '<' + tag + '>';
    levels_.push_back({tag, {}});
  }
  void close() {
    if (!levels_.back().tag.empty()) out_ += "</" + levels_.back().tag + '>';
    levels_.pop_back();
  }
  void leaf(std::string_view text) {
    if (flattened_) return append_escaped(out_, text);  // the text of the element around it
    const std::string& around = tag();
    out_ += '<' + around + '>';
    append_escaped(out_, text);
    out_ += "</" + around + '>';
  }

  std::string out_;
  std::string root_;
  std::string name_;
  bool flattened_ = false;
  std::vector<Level> levels_;
  std::string json_;
};

}  // namespace

std::optional<json::Value> parse_xml(std::string_view text) {
  if (text.find("<!DOCTYPE") != std::string_view::npos) return std::nullopt;
  pugi::xml_document document;
  // Without parse_trim_pcdata: a key may begin with a space. Runs of white space alone are dropped.
  const auto result = document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  const pugi::xml_node root = document.document_element();
  if (!result || !root || base::first_invalid_utf8(text)) return std::nullopt;
  for (pugi::xml_node next = root.next_sibling(); next; next = next.next_sibling()) {
    if (next.type() == pugi::node_element) return std::nullopt;
  }
  return XmlReader().read(root, 0);
}

std::unique_ptr<Writer> begin_xml(std::string_view root, std::string_view xml_namespace) {
  return std::make_unique<RestXmlWriter>(root, xml_namespace);
}

}  // namespace localcloud::wire
