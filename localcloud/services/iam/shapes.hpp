#pragma once
// What IAM's operations have in common: limits, and the things that their answers show.

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "localcloud/wire/shape.hpp"

namespace localcloud::iam {

inline constexpr wire::Limits kRoleName = wire::length(1, 64);
inline constexpr wire::Limits kNewUserName = wire::length(1, 64);
inline constexpr wire::Limits kUserName = wire::length(1, 128);
inline constexpr wire::Limits kPolicyName = wire::length(1, 128);
inline constexpr wire::Limits kDocument = wire::length(1, 131072);
inline constexpr wire::Limits kPath = wire::length(1, 512);
inline constexpr wire::Limits kMarker = wire::length(1, 320);
inline constexpr wire::Limits kMaxItems = wire::range(1, 1000);
inline constexpr wire::Limits kDescription = wire::length(0, 1000);
inline constexpr wire::Limits kSessionDuration = wire::range(3600, 43200);
inline constexpr wire::Limits kTagCount = wire::length(0, 50);

struct Tag {
  std::string key;
  std::string value;
  static constexpr auto members() {
    return wire::members(wire::required("Key", &Tag::key, wire::length(1, 128)),
                         wire::required("Value", &Tag::value, wire::length(0, 256)));
  }
};

struct Empty {
  static constexpr auto members() { return wire::members(); }
};

struct RoleView {
  std::string path;
  std::string role_name;
  std::string role_id;
  std::string arn;
  wire::Timestamp create_date;
  std::optional<std::string> assume_role_policy_document;  // URL-encoded
  std::optional<std::string> description;
  std::optional<std::int32_t> max_session_duration;
  std::optional<std::vector<Tag>> tags;
  std::optional<Empty> role_last_used;
  static constexpr auto members() {
    return wire::members(wire::required("Path", &RoleView::path), wire::required("RoleName", &RoleView::role_name),
                         wire::required("RoleId", &RoleView::role_id), wire::required("Arn", &RoleView::arn),
                         wire::required("CreateDate", &RoleView::create_date),
                         wire::optional("AssumeRolePolicyDocument", &RoleView::assume_role_policy_document),
                         wire::optional("Description", &RoleView::description),
                         wire::optional("MaxSessionDuration", &RoleView::max_session_duration),
                         wire::optional("Tags", &RoleView::tags),
                         wire::optional("RoleLastUsed", &RoleView::role_last_used));
  }
};

struct UserView {
  std::string path;
  std::optional<std::string> user_name;  // the root user has none
  std::string user_id;
  std::string arn;
  wire::Timestamp create_date;
  std::optional<std::vector<Tag>> tags;
  static constexpr auto members() {
    return wire::members(wire::required("Path", &UserView::path), wire::optional("UserName", &UserView::user_name),
                         wire::required("UserId", &UserView::user_id), wire::required("Arn", &UserView::arn),
                         wire::required("CreateDate", &UserView::create_date), wire::optional("Tags", &UserView::tags));
  }
};

enum class AccessKeyStatus { active, inactive, expired };
constexpr std::array<std::string_view, 3> wire_names(AccessKeyStatus) {
  return {"Active", "Inactive", "Expired"};
}

struct AccessKeyView {
  std::optional<std::string> user_name;
  std::string access_key_id;
  std::string status;
  std::string secret_access_key;
  wire::Timestamp create_date;
  static constexpr auto members() {
    return wire::members(wire::optional("UserName", &AccessKeyView::user_name),
                         wire::required("AccessKeyId", &AccessKeyView::access_key_id),
                         wire::required("Status", &AccessKeyView::status),
                         wire::required("SecretAccessKey", &AccessKeyView::secret_access_key),
                         wire::optional("CreateDate", &AccessKeyView::create_date));
  }
};

struct AccessKeyMetadata {
  std::optional<std::string> user_name;
  std::string access_key_id;
  std::string status;
  wire::Timestamp create_date;
  static constexpr auto members() {
    return wire::members(wire::optional("UserName", &AccessKeyMetadata::user_name),
                         wire::optional("AccessKeyId", &AccessKeyMetadata::access_key_id),
                         wire::optional("Status", &AccessKeyMetadata::status),
                         wire::optional("CreateDate", &AccessKeyMetadata::create_date));
  }
};

}  // namespace localcloud::iam
