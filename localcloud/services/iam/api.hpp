#pragma once
// IAM's operations on roles: what each takes and answers. No behaviour. Those on users are in api_users.hpp.
// https://docs.aws.amazon.com/IAM/latest/APIReference/

#include <optional>
#include <string>
#include <vector>

#include "localcloud/services/iam/shapes.hpp"

namespace localcloud::iam {

// Makes a role.
struct CreateRole {
  static constexpr std::string_view kName = "CreateRole";
  struct Input {
    static constexpr std::string_view kAction = "iam:CreateRole";
    std::optional<std::string> path;
    std::string role_name;
    std::string assume_role_policy_document;
    std::optional<std::string> description;
    std::optional<std::int32_t> max_session_duration;
    std::optional<std::vector<Tag>> tags;
    static constexpr auto members() {
      return wire::members(wire::optional("Path", &Input::path, kPath),
                           wire::required("RoleName", &Input::role_name, kRoleName),
                           wire::required("AssumeRolePolicyDocument", &Input::assume_role_policy_document, kDocument),
                           wire::optional("Description", &Input::description, kDescription),
                           wire::optional("MaxSessionDuration", &Input::max_session_duration, kSessionDuration),
                           wire::optional("Tags", &Input::tags, kTagCount), wire::refused("PermissionsBoundary"));
    }
  };
  struct Output {
    RoleView role;
    static constexpr auto members() { return wire::members(wire::required("Role", &Output::role)); }
  };
};

// Answers a role with its trust policy.
struct GetRole {
  static constexpr std::string_view kName = "GetRole";
  struct Input {
    static constexpr std::string_view kAction = "iam:GetRole";
    std::string role_name;
    static constexpr auto members() { return wire::members(wire::required("RoleName", &Input::role_name, kRoleName)); }
  };
  struct Output {
    RoleView role;
    static constexpr auto members() { return wire::members(wire::required("Role", &Output::role)); }
  };
};

// Lists roles.
struct ListRoles {
  static constexpr std::string_view kName = "ListRoles";
  struct Input {
    static constexpr std::string_view kAction = "iam:ListRoles";
    std::optional<std::string> path_prefix;
    std::optional<std::string> marker;
    std::optional<std::int32_t> max_items;
    static constexpr auto members() {
      return wire::members(wire::optional("PathPrefix", &Input::path_prefix, kPath),
                           wire::optional("Marker", &Input::marker, kMarker),
                           wire::optional("MaxItems", &Input::max_items, kMaxItems));
    }
  };
  struct Output {
    std::vector<RoleView> roles;
    bool is_truncated = false;
    std::optional<std::string> marker;
    static constexpr auto members() {
      return wire::members(wire::required("Roles", &Output::roles),
                           wire::optional("IsTruncated", &Output::is_truncated),
                           wire::optional("Marker", &Output::marker));
    }
  };
};

// Deletes a role that has no policies.
struct DeleteRole {
  static constexpr std::string_view kName = "DeleteRole";
  struct Input {
    static constexpr std::string_view kAction = "iam:DeleteRole";
    std::string role_name;
    static constexpr auto members() { return wire::members(wire::required("RoleName", &Input::role_name, kRoleName)); }
  };
  using Output = Empty;
};

// Replaces a role's trust policy.
struct UpdateAssumeRolePolicy {
  static constexpr std::string_view kName = "UpdateAssumeRolePolicy";
  struct Input {
    static constexpr std::string_view kAction = "iam:UpdateAssumeRolePolicy";
    std::string role_name;
    std::string policy_document;
    static constexpr auto members() {
      return wire::members(wire::required("RoleName", &Input::role_name, kRoleName),
                           wire::required("PolicyDocument", &Input::policy_document, kDocument));
    }
  };
  using Output = Empty;
};

// Changes a role's description and its sessions' longest duration.
struct UpdateRole {
  static constexpr std::string_view kName = "UpdateRole";
  struct Input {
    static constexpr std::string_view kAction = "iam:UpdateRole";
    std::string role_name;
    std::optional<std::string> description;
    std::optional<std::int32_t> max_session_duration;
    static constexpr auto members() {
      return wire::members(wire::required("RoleName", &Input::role_name, kRoleName),
                           wire::optional("Description", &Input::description, kDescription),
                           wire::optional("MaxSessionDuration", &Input::max_session_duration, kSessionDuration));
    }
  };
  using Output = Empty;
};

// Adds or replaces an inline policy of a role.
struct PutRolePolicy {
  static constexpr std::string_view kName = "PutRolePolicy";
  struct Input {
    static constexpr std::string_view kAction = "iam:PutRolePolicy";
    std::string role_name;
    std::string policy_name;
    std::string policy_document;
    static constexpr auto members() {
      return wire::members(wire::required("RoleName", &Input::role_name, kRoleName),
                           wire::required("PolicyName", &Input::policy_name, kPolicyName),
                           wire::required("PolicyDocument", &Input::policy_document, kDocument));
    }
  };
  using Output = Empty;
};

// Answers an inline policy of a role.
struct GetRolePolicy {
  static constexpr std::string_view kName = "GetRolePolicy";
  struct Input {
    static constexpr std::string_view kAction = "iam:GetRolePolicy";
    std::string role_name;
    std::string policy_name;
    static constexpr auto members() {
      return wire::members(wire::required("RoleName", &Input::role_name, kRoleName),
                           wire::required("PolicyName", &Input::policy_name, kPolicyName));
    }
  };
  struct Output {
    std::string role_name;
    std::string policy_name;
    std::string policy_document;
    static constexpr auto members() {
      return wire::members(wire::required("RoleName", &Output::role_name),
                           wire::required("PolicyName", &Output::policy_name),
                           wire::required("PolicyDocument", &Output::policy_document));
    }
  };
};

// Lists the inline policies of a role.
struct ListRolePolicies {
  static constexpr std::string_view kName = "ListRolePolicies";
  struct Input {
    static constexpr std::string_view kAction = "iam:ListRolePolicies";
    std::string role_name;
    std::optional<std::string> marker;
    std::optional<std::int32_t> max_items;
    static constexpr auto members() {
      return wire::members(wire::required("RoleName", &Input::role_name, kRoleName),
                           wire::optional("Marker", &Input::marker, kMarker),
                           wire::optional("MaxItems", &Input::max_items, kMaxItems));
    }
  };
  struct Output {
    std::vector<std::string> policy_names;
    bool is_truncated = false;
    std::optional<std::string> marker;
    static constexpr auto members() {
      return wire::members(wire::required("PolicyNames", &Output::policy_names),
                           wire::optional("IsTruncated", &Output::is_truncated),
                           wire::optional("Marker", &Output::marker));
    }
  };
};

// Deletes an inline policy of a role.
struct DeleteRolePolicy {
  static constexpr std::string_view kName = "DeleteRolePolicy";
  struct Input {
    static constexpr std::string_view kAction = "iam:DeleteRolePolicy";
    std::string role_name;
    std::string policy_name;
    static constexpr auto members() {
      return wire::members(wire::required("RoleName", &Input::role_name, kRoleName),
                           wire::required("PolicyName", &Input::policy_name, kPolicyName));
    }
  };
  using Output = Empty;
};

// Adds tags to a role.
struct TagRole {
  static constexpr std::string_view kName = "TagRole";
  struct Input {
    static constexpr std::string_view kAction = "iam:TagRole";
    std::string role_name;
    std::vector<Tag> tags;
    static constexpr auto members() {
      return wire::members(wire::required("RoleName", &Input::role_name, kRoleName),
                           wire::required("Tags", &Input::tags, kTagCount));
    }
  };
  using Output = Empty;
};

// Takes tags off a role.
struct UntagRole {
  static constexpr std::string_view kName = "UntagRole";
  struct Input {
    static constexpr std::string_view kAction = "iam:UntagRole";
    std::string role_name;
    std::vector<std::string> tag_keys;
    static constexpr auto members() {
      return wire::members(wire::required("RoleName", &Input::role_name, kRoleName),
                           wire::required("TagKeys", &Input::tag_keys, kTagCount));
    }
  };
  using Output = Empty;
};

// Lists a role's tags.
struct ListRoleTags {
  static constexpr std::string_view kName = "ListRoleTags";
  struct Input {
    static constexpr std::string_view kAction = "iam:ListRoleTags";
    std::string role_name;
    std::optional<std::string> marker;
    std::optional<std::int32_t> max_items;
    static constexpr auto members() {
      return wire::members(wire::required("RoleName", &Input::role_name, kRoleName),
                           wire::optional("Marker", &Input::marker, kMarker),
                           wire::optional("MaxItems", &Input::max_items, kMaxItems));
    }
  };
  struct Output {
    std::vector<Tag> tags;
    bool is_truncated = false;
    std::optional<std::string> marker;
    static constexpr auto members() {
      return wire::members(wire::required("Tags", &Output::tags), wire::optional("IsTruncated", &Output::is_truncated),
                           wire::optional("Marker", &Output::marker));
    }
  };
};

// Lists the managed policies of a role, of which there are none.
struct ListAttachedRolePolicies {
  static constexpr std::string_view kName = "ListAttachedRolePolicies";
  struct Input {
    static constexpr std::string_view kAction = "iam:ListAttachedRolePolicies";
    std::string role_name;
    std::optional<std::string> path_prefix;
    std::optional<std::string> marker;
    std::optional<std::int32_t> max_items;
    static constexpr auto members() {
      return wire::members(wire::required("RoleName", &Input::role_name, kRoleName),
                           wire::optional("PathPrefix", &Input::path_prefix, kPath),
                           wire::optional("Marker", &Input::marker, kMarker),
                           wire::optional("MaxItems", &Input::max_items, kMaxItems));
    }
  };
  struct Output {
    std::vector<Empty> attached_policies;
    bool is_truncated = false;
    std::optional<std::string> marker;
    static constexpr auto members() {
      return wire::members(wire::required("AttachedPolicies", &Output::attached_policies),
                           wire::optional("IsTruncated", &Output::is_truncated),
                           wire::optional("Marker", &Output::marker));
    }
  };
};

// Lists the instance profiles of a role, of which there are none.
struct ListInstanceProfilesForRole {
  static constexpr std::string_view kName = "ListInstanceProfilesForRole";
  struct Input {
    static constexpr std::string_view kAction = "iam:ListInstanceProfilesForRole";
    std::string role_name;
    std::optional<std::string> marker;
    std::optional<std::int32_t> max_items;
    static constexpr auto members() {
      return wire::members(wire::required("RoleName", &Input::role_name, kRoleName),
                           wire::optional("Marker", &Input::marker, kMarker),
                           wire::optional("MaxItems", &Input::max_items, kMaxItems));
    }
  };
  struct Output {
    std::vector<Empty> instance_profiles;
    bool is_truncated = false;
    std::optional<std::string> marker;
    static constexpr auto members() {
      return wire::members(wire::required("InstanceProfiles", &Output::instance_profiles),
                           wire::optional("IsTruncated", &Output::is_truncated),
                           wire::optional("Marker", &Output::marker));
    }
  };
};

}  // namespace localcloud::iam
