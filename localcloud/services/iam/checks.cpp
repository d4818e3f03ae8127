// What IAM's operations check, show and page through alike.

#include "localcloud/services/iam/checks.hpp"

#include <algorithm>

#include "aws/sigv4.hpp"
#include "base/text.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/principals.hpp"

namespace localcloud::iam {
namespace {

constexpr std::size_t kTrustMax = 2'048;
constexpr std::size_t kTagsMax = 50;

bool is_name_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("+=,.@_-").find(c) != std::string_view::npos;
}

std::size_t length_without_space(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return c != ' ' && (c < '\t' || c > '\r'); }));
}

}  // namespace

Result<Done> check_name(std::string_view member, std::string_view value) {
  if (!std::ranges::all_of(value, is_name_letter)) return failure(errors::bad_name(member));
  return Done{};
}

Result<Done> check_path(std::string_view member, const std::optional<std::string>& value) {
  if (!value) return Done{};
  const bool printable = std::ranges::all_of(*value, [](char c) { return c > ' ' && c < '\x7f'; });
  if (!printable || !value->starts_with('/') || !value->ends_with('/')) return failure(errors::bad_path(member));
  return Done{};
}

Result<Done> check_policy(std::string_view text, policy::DocumentKind kind) {
  if (auto document = policy::parse(text, kind); !document) return failure(errors::malformed_policy(document.error()));
  return Done{};
}

Result<Done> check_trust(std::string_view text) {
  TRY(check_policy(text, policy::DocumentKind::trust));
  if (length_without_space(text) > kTrustMax) return failure(errors::quota("ACLSizePerRole", kTrustMax));
  return Done{};
}

Result<Done> check_policies_length(const Entity& entity, std::string_view kind, std::size_t limit) {
  std::size_t length = 0;
  for (const auto& [name, text] : entity.policies) length += length_without_space(text);
  if (length > limit) return failure(errors::policies_too_long(kind, entity.name, limit));
  return Done{};
}

Result<Tags> read_tags(const std::optional<std::vector<Tag>>& tags) {
  Tags out;
  if (!tags) return out;
  if (tags->size() > kTagsMax) return failure(errors::too_many_tags());
  for (const Tag& tag : *tags) {
    for (const auto& [key, value] : out) {
      if (base::equal_ignoring_case(key, tag.key)) return failure(errors::duplicate_tags());
    }
    out.emplace(tag.key, tag.value);
  }
  return out;
}

std::vector<Tag> show_tags(const Tags& tags) {
  std::vector<Tag> out;
  for (const auto& [key, value] : tags) out.push_back({.key = key, .value = value});
  return out;
}

Result<std::string> pin_trust(const storage::Reader& reader, std::string_view text) {
  auto pinned = pin_principals(reader, text);
  if (!pinned) return failure(errors::malformed_policy(pinned.error()));
  return std::move(*pinned);
}

Result<AccessKey> hold_access_key(const storage::Reader& reader, const std::string& account,
                                  const std::string& user_name, const std::string& id) {
  if (!user_name.empty() && !find_user(reader, account, user_name)) return failure(errors::no_such_user(user_name));
  std::optional<AccessKey> key = find_access_key(reader, id);
  if (!key || key->account != account || !base::equal_ignoring_case(key->user_name, user_name)) {
    return failure(errors::no_such_access_key(id));
  }
  return *std::move(key);
}

RoleView show_role(const storage::Reader& reader, const Role& role) {
  RoleView view{.path = role.path,
                .role_name = role.name,
                .role_id = role.id,
                .arn = role.arn(),
                .create_date = {role.created},
                .assume_role_policy_document = aws::uri_encode(show_principals(reader, role.trust)),
                .max_session_duration = static_cast<std::int32_t>(role.session_max_s)};
  if (!role.description.empty()) view.description = role.description;
  return view;
}

UserView show_user(const User& user) {
  return {
      .path = user.path, .user_name = user.name, .user_id = user.id, .arn = user.arn(), .create_date = {user.created}};
}

std::vector<std::string> names_of(const std::map<std::string, std::string>& map) {
  std::vector<std::string> names;
  for (const auto& [name, value] : map) names.push_back(name);
  return names;
}

NamePage page_of(const std::vector<std::string>& all, const std::optional<std::string>& marker,
                 std::optional<std::int32_t> max_items) {
  const auto count = static_cast<std::size_t>(max_items.value_or(100));
  NamePage page;
  for (const std::string& name : all) {
    if (marker && name <= *marker) continue;
    if (page.names.size() == count) {
      page.is_truncated = true;
      page.marker = page.names.back();
      break;
    }
    page.names.push_back(name);
  }
  return page;
}

}  // namespace localcloud::iam
