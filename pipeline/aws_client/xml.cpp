// Elements without attributes.

#include "pipeline/aws_client/xml.hpp"

#include <fmt/core.h>

#include <optional>

namespace pipeline::aws_client {

namespace {

std::string unescape_xml(std::string_view text) {
  constexpr std::pair<std::string_view, char> kEntities[] = {
      {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}, {"&amp;", '&'}};
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    bool is_entity = false;
    for (const auto& [entity, c] : kEntities) {
      if (!text.substr(i).starts_with(entity)) continue;
      out += c;
      i += entity.size();
      is_entity = true;
      break;
    }
    if (!is_entity) out += text[i++];
  }
  return out;
}

// The text of the next element, which `xml` then lies behind.
std::optional<std::string> take_element(std::string_view& xml, std::string_view begin, std::string_view end) {
  const auto at = xml.find(begin);
  if (at == std::string_view::npos) return std::nullopt;
  xml.remove_prefix(at + begin.size());
  const auto length = xml.find(end);
  if (length == std::string_view::npos) return std::nullopt;
  std::string text = unescape_xml(xml.substr(0, length));
  xml.remove_prefix(length + end.size());
  return text;
}

}  // namespace

std::vector<std::string> xml_elements(std::string_view xml, std::string_view name) {
  const std::string begin = fmt::format("<{}>", name);
  const std::string end = fmt::format("</{}>", name);
  std::vector<std::string> out;
  while (auto text = take_element(xml, begin, end)) out.push_back(*std::move(text));
  return out;
}

std::string xml_element(std::string_view xml, std::string_view name) {
  return take_element(xml, fmt::format("<{}>", name), fmt::format("</{}>", name)).value_or("");
}

}  // namespace pipeline::aws_client
