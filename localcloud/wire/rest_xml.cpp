#include "localcloud/wire/rest_xml.hpp"

#include <pugixml.hpp>

#include "base/text.hpp"

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
    for (const pugi::xml_attribute& attribute : element.attributes()) {
      if (++elements_ > kElementsMax) return std::nullopt;
      const std::string_view name = attribute.name();
      if (!name.starts_with("xmlns")) members.set("@" + std::string(name), attribute.value());
    }
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

}  // namespace

std::optional<XmlDocument> parse_xml(std::string_view text) {
  if (text.find("<!DOCTYPE") != std::string_view::npos) return std::nullopt;
  pugi::xml_document document;
  // Without parse_trim_pcdata: a key may begin with a space, and be nothing else.
  const auto result = document.load_buffer(text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata_single,
                                           pugi::encoding_utf8);
  const pugi::xml_node root = document.document_element();
  if (!result || !root || base::first_invalid_utf8(text)) return std::nullopt;
  for (pugi::xml_node next = root.next_sibling(); next; next = next.next_sibling()) {
    if (next.type() == pugi::node_element) return std::nullopt;
  }
  auto content = XmlReader().read(root, 0);
  if (!content) return std::nullopt;
  return XmlDocument{std::string(local_name(root.name())), *std::move(content)};
}

ServiceError malformed_xml() {
  return {"MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema",
          400};
}

}  // namespace localcloud::wire
