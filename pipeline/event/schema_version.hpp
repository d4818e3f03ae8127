#pragma once
// Versions of schemas, by SchemaVer, and how events ask for one. Pure.
// https://docs.snowplow.io/docs/fundamentals/schemas/versioning/

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pipeline::event {

// "1-0-2". Each part is at most 1,000,000.
struct SchemaVersion {
  std::int64_t model = 1;     // from 1: another model is another schema, which events must ask for
  std::int64_t revision = 0;  // from 0: another one may refuse what passed
  std::int64_t addition = 0;  // from 0: another one lets through whatever passed

  std::string text() const;
  auto operator<=>(const SchemaVersion&) const = default;
};
// Nothing where it isn't written exactly so.
std::optional<SchemaVersion> parse_schema_version(std::string_view text);

// What an event wants to be judged by: the newest version of a model, or one version.
struct WantedVersion {
  std::int64_t model = 1;
  std::optional<SchemaVersion> exact = {};

  std::string text() const;  // "1", "1-0-2"
  auto operator<=>(const WantedVersion&) const = default;
};
// "1" or "1-0-2"; nothing where it is neither.
std::optional<WantedVersion> parse_wanted_version(std::string_view text);

// What the address of a schema ends in: …/1-0-2 and …/1-0-2.json are a version, …/2, …/2.json and …/2.1 are model 2.
// Model 1 where it doesn't say.
WantedVersion version_in_address(std::string_view address);

}  // namespace pipeline::event
