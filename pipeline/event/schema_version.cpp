// SchemaVer.

#include "pipeline/event/schema_version.hpp"

#include <fmt/core.h>

#include "base/text.hpp"

namespace pipeline::event {

namespace {

constexpr std::int64_t kPartMax = 1'000'000;

// A number of the range, written in the one way that there is.
std::optional<std::int64_t> parse_part(std::string_view text, std::int64_t min) {
  const auto number = base::to_number<std::int64_t>(text);
  if (!number || *number < min || *number > kPartMax || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  return number;
}

}  // namespace

std::string SchemaVersion::text() const {
  return fmt::format("{}-{}-{}", model, revision, addition);
}

std::optional<SchemaVersion> parse_schema_version(std::string_view text) {
  const auto first = text.find('-');
  const auto second = first == std::string_view::npos ? first : text.find('-', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto model = parse_part(text.substr(0, first), 1);
  const auto revision = parse_part(text.substr(first + 1, second - first - 1), 0);
  const auto addition = parse_part(text.substr(second + 1), 0);
  if (!model || !revision || !addition) return std::nullopt;
  return SchemaVersion{*model, *revision, *addition};
}

std::string WantedVersion::text() const {
  return exact ? exact->text() : std::to_string(model);
}

std::optional<WantedVersion> parse_wanted_version(std::string_view text) {
  if (const auto exact = parse_schema_version(text)) return WantedVersion{.model = exact->model, .exact = exact};
  if (const auto model = parse_part(text, 1)) return WantedVersion{.model = *model};
  return std::nullopt;
}

WantedVersion version_in_address(std::string_view address) {
  std::string_view last = address.substr(address.rfind('/') + 1);
  if (last.ends_with(".json")) last.remove_suffix(5);
  if (const auto wanted = parse_wanted_version(last)) return *wanted;
  return parse_wanted_version(last.substr(0, last.find_first_of(".-"))).value_or(WantedVersion{});
}

}  // namespace pipeline::event
