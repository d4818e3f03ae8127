// Versions by listing.

#include "pipeline/schema/newest_versions.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace pipeline::schema {

namespace {

constexpr int kPagesMax = 10;  // of 1,000 keys
constexpr std::string_view kSuffix = ".json";

}  // namespace

std::string schema_key(std::string_view type, const event::SchemaVersion& version) {
  return fmt::format("schemas/{}/{}{}", type, version.text(), kSuffix);
}

std::optional<event::SchemaVersion> version_of_key(std::string_view key) {
  std::string_view name = key.substr(key.rfind('/') + 1);
  if (!name.ends_with(kSuffix)) return std::nullopt;
  name.remove_suffix(kSuffix.size());
  return event::parse_schema_version(name);
}

Task<Result<NewestVersions::Newest>> NewestVersions::get(std::string type, std::int64_t model,
                                                         aws::CallOptions options) {
  const Place place(std::move(type), model);
  const std::optional<Remembered> before = remembered(place);
  if (before) {
    const base::Duration age_max =
        before->newest ? settings_.fresh_for : std::min(settings_.fresh_for, settings_.missing_for);
    if (clock_.now() - before->checked_at < age_max) co_return before->newest;
  }
  const Result<Newest> found = co_await look(fmt::format("schemas/{}/{}-", place.first, model), options);
  if (!found && before && before->newest) co_return before->newest;
  if (!found) co_return failure(found.error());
  remember(place, *found);
  co_return *found;
}

// Keys are in the order of their bytes, 1-0-10 before 1-0-9: every one is looked at.
Task<Result<NewestVersions::Newest>> NewestVersions::look(const std::string& prefix, aws::CallOptions options) {
  Newest newest;
  std::string last;
  for (int pages = 0; pages < kPagesMax; ++pages) {
    aws::ListObjectsV2 list{.bucket = settings_.bucket, .prefix = prefix, .start_after = last};
    const auto page = co_await client_.list_objects_v2(std::move(list), options);
    if (!page) co_return failure(page.error());
    for (const std::string& key : page->keys) {
      // "schemas/click/1-0-2.json/more" is none either.
      const bool is_here = key.find('/', prefix.size()) == std::string::npos;
      if (is_here) newest = std::max(newest, version_of_key(key));
    }
    if (!page->is_truncated || page->keys.empty()) break;
    last = page->keys.back();
  }
  co_return newest;
}

std::optional<NewestVersions::Remembered> NewestVersions::remembered(const Place& place) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(place);
  return found == entries_.end() ? std::nullopt : std::optional(found->second);
}

void NewestVersions::remember(const Place& place, Newest newest) {
  const std::lock_guard lock(mutex_);
  // Types come from clients: what they make up must not fill the memory.
  if (entries_.size() >= settings_.entries_max && !entries_.contains(place)) entries_.clear();
  entries_[place] = {.newest = newest, .checked_at = clock_.now()};
}

}  // namespace pipeline::schema
