// Amazon Resource Names.

#include "aws/arn.hpp"

#include <array>

namespace aws {

std::string Arn::text() const {
  std::string out;
  out.reserve(16 + partition.size() + service.size() + region.size() + account.size() + resource.size());
  out.append("arn:").append(partition).append(":").append(service).append(":").append(region).append(":");
  out.append(account).append(":").append(resource);
  return out;
}

std::optional<Arn> parse_arn(std::string_view text) {
  if (!text.starts_with("arn:")) return std::nullopt;
  text.remove_prefix(4);
  std::array<std::string_view, 4> parts;
  for (auto& part : parts) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    part = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (parts[0].empty() || parts[1].empty() || text.empty()) return std::nullopt;
  return Arn{.partition = std::string(parts[0]),
             .service = std::string(parts[1]),
             .region = std::string(parts[2]),
             .account = std::string(parts[3]),
             .resource = std::string(text)};
}

std::string make_arn(std::string_view service, std::string_view region, std::string_view account,
                     std::string_view resource) {
  std::string out;
  out.reserve(11 + service.size() + region.size() + account.size() + resource.size());
  out.append("arn:aws:").append(service).append(":").append(region).append(":").append(account).append(":");
  return out.append(resource);
}

}  // namespace aws
