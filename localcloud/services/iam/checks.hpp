#pragma once
// What IAM's operations check, show and page through alike.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "localcloud/services/iam/policy/document.hpp"
#include "localcloud/services/iam/records.hpp"
#include "localcloud/services/iam/shapes.hpp"

namespace localcloud::iam {

// `member` is the name that AWS's error gives it: "roleName".
Result<Done> check_name(std::string_view member, std::string_view value);
Result<Done> check_path(std::string_view member, const std::optional<std::string>& value);
Result<Done> check_policy(std::string_view text, policy::DocumentKind kind);
// A trust policy: its language and its length.
Result<Done> check_trust(std::string_view text);
// All inline policies of an entity together, white space not counted.
Result<Done> check_policies_length(const Entity& entity, std::string_view kind, std::size_t limit);

inline constexpr std::size_t kRolePoliciesMax = 10'240;
inline constexpr std::size_t kUserPoliciesMax = 2'048;

Result<Tags> read_tags(const std::optional<std::vector<Tag>>& tags);
std::vector<Tag> show_tags(const Tags& tags);
// The trust policy as a role keeps it: its principals pinned.
Result<std::string> pin_trust(const storage::Reader& reader, std::string_view text);
// The access key of that id, where it is that user's; the root user's where the name is empty.
Result<AccessKey> hold_access_key(const storage::Reader& reader, const std::string& account,
                                  const std::string& user_name, const std::string& id);
RoleView show_role(const storage::Reader& reader, const Role& role);
UserView show_user(const User& user);

// One page of a list that is there whole: `all` in order, from after the marker on.
struct NamePage {
  std::vector<std::string> names;
  bool is_truncated = false;
  std::optional<std::string> marker;
};
NamePage page_of(const std::vector<std::string>& all, const std::optional<std::string>& marker,
                 std::optional<std::int32_t> max_items);

std::vector<std::string> names_of(const std::map<std::string, std::string>& map);

}  // namespace localcloud::iam
