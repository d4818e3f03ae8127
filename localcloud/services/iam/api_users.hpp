#pragma once
// IAM's operations on users and their access keys: what each takes and answers. No behaviour.
// https://docs.aws.amazon.com/IAM/latest/APIReference/

#include <optional>
#include <string>
#include <vector>

#include "localcloud/services/iam/shapes.hpp"

namespace localcloud::iam {

// Makes a user.
struct CreateUser {
  static constexpr std::string_view kName = "CreateUser";
  struct Input {
    static constexpr std::string_view kAction = "iam:CreateUser";
    std::optional<std::string> path;
    std::string user_name;
    std::optional<std::vector<Tag>> tags;
    static constexpr auto members() {
      return wire::members(wire::optional("Path", &Input::path, kPath),
                           wire::required("UserName", &Input::user_name, kNewUserName),
                           wire::optional("Tags", &Input::tags, kTagCount), wire::refused("PermissionsBoundary"));
    }
  };
  struct Output {
    UserView user;
    static constexpr auto members() { return wire::members(wire::required("User", &Output::user)); }
  };
};

// Answers a user; the caller where none is named.
struct GetUser {
  static constexpr std::string_view kName = "GetUser";
  struct Input {
    static constexpr std::string_view kAction = "iam:GetUser";
    std::optional<std::string> user_name;
    static constexpr auto members() { return wire::members(wire::optional("UserName", &Input::user_name, kUserName)); }
  };
  struct Output {
    UserView user;
    static constexpr auto members() { return wire::members(wire::required("User", &Output::user)); }
  };
};

// Lists users.
struct ListUsers {
  static constexpr std::string_view kName = "ListUsers";
  struct Input {
    static constexpr std::string_view kAction = "iam:ListUsers";
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
    std::vector<UserView> users;
    bool is_truncated = false;
    std::optional<std::string> marker;
    static constexpr auto members() {
      return wire::members(wire::required("Users", &Output::users),
                           wire::optional("IsTruncated", &Output::is_truncated),
                           wire::optional("Marker", &Output::marker));
    }
  };
};

// Deletes a user that has no policies and no access keys.
struct DeleteUser {
  static constexpr std::string_view kName = "DeleteUser";
  struct Input {
    static constexpr std::string_view kAction = "iam:DeleteUser";
    std::string user_name;
    static constexpr auto members() { return wire::members(wire::required("UserName", &Input::user_name, kUserName)); }
  };
  using Output = Empty;
};

// Adds or replaces an inline policy of a user.
struct PutUserPolicy {
  static constexpr std::string_view kName = "PutUserPolicy";
  struct Input {
    static constexpr std::string_view kAction = "iam:PutUserPolicy";
    std::string user_name;
    std::string policy_name;
    std::string policy_document;
    static constexpr auto members() {
      return wire::members(wire::required("UserName", &Input::user_name, kUserName),
                           wire::required("PolicyName", &Input::policy_name, kPolicyName),
                           wire::required("PolicyDocument", &Input::policy_document, kDocument));
    }
  };
  using Output = Empty;
};

// Answers an inline policy of a user.
struct GetUserPolicy {
  static constexpr std::string_view kName = "GetUserPolicy";
  struct Input {
    static constexpr std::string_view kAction = "iam:GetUserPolicy";
    std::string user_name;
    std::string policy_name;
    static constexpr auto members() {
      return wire::members(wire::required("UserName", &Input::user_name, kUserName),
                           wire::required("PolicyName", &Input::policy_name, kPolicyName));
    }
  };
  struct Output {
    std::string user_name;
    std::string policy_name;
    std::string policy_document;
    static constexpr auto members() {
      return wire::members(wire::required("UserName", &Output::user_name),
                           wire::required("PolicyName", &Output::policy_name),
                           wire::required("PolicyDocument", &Output::policy_document));
    }
  };
};

// Lists the inline policies of a user.
struct ListUserPolicies {
  static constexpr std::string_view kName = "ListUserPolicies";
  struct Input {
    static constexpr std::string_view kAction = "iam:ListUserPolicies";
    std::string user_name;
    std::optional<std::string> marker;
    std::optional<std::int32_t> max_items;
    static constexpr auto members() {
      return wire::members(wire::required("UserName", &Input::user_name, kUserName),
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

// Deletes an inline policy of a user.
struct DeleteUserPolicy {
  static constexpr std::string_view kName = "DeleteUserPolicy";
  struct Input {
    static constexpr std::string_view kAction = "iam:DeleteUserPolicy";
    std::string user_name;
    std::string policy_name;
    static constexpr auto members() {
      return wire::members(wire::required("UserName", &Input::user_name, kUserName),
                           wire::required("PolicyName", &Input::policy_name, kPolicyName));
    }
  };
  using Output = Empty;
};

// Makes an access key for a user; for the caller where none is named.
struct CreateAccessKey {
  static constexpr std::string_view kName = "CreateAccessKey";
  struct Input {
    static constexpr std::string_view kAction = "iam:CreateAccessKey";
    std::optional<std::string> user_name;
    static constexpr auto members() { return wire::members(wire::optional("UserName", &Input::user_name, kUserName)); }
  };
  struct Output {
    AccessKeyView access_key;
    static constexpr auto members() { return wire::members(wire::required("AccessKey", &Output::access_key)); }
  };
};

// Lists the access keys of a user; of the caller where none is named.
struct ListAccessKeys {
  static constexpr std::string_view kName = "ListAccessKeys";
  struct Input {
    static constexpr std::string_view kAction = "iam:ListAccessKeys";
    std::optional<std::string> user_name;
    std::optional<std::string> marker;
    std::optional<std::int32_t> max_items;
    static constexpr auto members() {
      return wire::members(wire::optional("UserName", &Input::user_name, kUserName),
                           wire::optional("Marker", &Input::marker, kMarker),
                           wire::optional("MaxItems", &Input::max_items, kMaxItems));
    }
  };
  struct Output {
    std::vector<iam::AccessKeyMetadata> access_key_metadata;
    bool is_truncated = false;
    std::optional<std::string> marker;
    static constexpr auto members() {
      return wire::members(wire::required("AccessKeyMetadata", &Output::access_key_metadata),
                           wire::optional("IsTruncated", &Output::is_truncated),
                           wire::optional("Marker", &Output::marker));
    }
  };
};

// Makes an access key active or inactive.
struct UpdateAccessKey {
  static constexpr std::string_view kName = "UpdateAccessKey";
  struct Input {
    static constexpr std::string_view kAction = "iam:UpdateAccessKey";
    std::optional<std::string> user_name;
    std::string access_key_id;
    AccessKeyStatus status = AccessKeyStatus::active;
    static constexpr auto members() {
      return wire::members(wire::optional("UserName", &Input::user_name, kUserName),
                           wire::required("AccessKeyId", &Input::access_key_id, wire::length(16, 128)),
                           wire::required("Status", &Input::status));
    }
  };
  using Output = Empty;
};

// Deletes an access key; from then on it is refused.
struct DeleteAccessKey {
  static constexpr std::string_view kName = "DeleteAccessKey";
  struct Input {
    static constexpr std::string_view kAction = "iam:DeleteAccessKey";
    std::optional<std::string> user_name;
    std::string access_key_id;
    static constexpr auto members() {
      return wire::members(wire::optional("UserName", &Input::user_name, kUserName),
                           wire::required("AccessKeyId", &Input::access_key_id, wire::length(16, 128)));
    }
  };
  using Output = Empty;
};

}  // namespace localcloud::iam
