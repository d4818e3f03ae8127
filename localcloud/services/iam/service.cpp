// IAM's table of operations, and what each needs to be allowed.

#include "localcloud/services/iam/service.hpp"

#include "aws/arn.hpp"

namespace localcloud::iam {
namespace {

constexpr wire::Operation kOperations[] = {
    wire::operation<CreateRole, &create_role>(),
    wire::operation<GetRole, &get_role>(),
    wire::operation<ListRoles, &list_roles>(),
    wire::operation<DeleteRole, &delete_role>(),
    wire::operation<UpdateAssumeRolePolicy, &update_assume_role_policy>(),
    wire::operation<UpdateRole, &update_role>(),
    wire::operation<PutRolePolicy, &put_role_policy>(),
    wire::operation<GetRolePolicy, &get_role_policy>(),
    wire::operation<ListRolePolicies, &list_role_policies>(),
    wire::operation<DeleteRolePolicy, &delete_role_policy>(),
    wire::operation<TagRole, &tag_role>(),
    wire::operation<UntagRole, &untag_role>(),
    wire::operation<ListRoleTags, &list_role_tags>(),
    wire::operation<ListAttachedRolePolicies, &list_attached_role_policies>(),
    wire::operation<ListInstanceProfilesForRole, &list_instance_profiles_for_role>(),
    wire::operation<CreateUser, &create_user>(),
    wire::operation<GetUser, &get_user>(),
    wire::operation<ListUsers, &list_users>(),
    wire::operation<DeleteUser, &delete_user>(),
    wire::operation<PutUserPolicy, &put_user_policy>(),
    wire::operation<GetUserPolicy, &get_user_policy>(),
    wire::operation<ListUserPolicies, &list_user_policies>(),
    wire::operation<DeleteUserPolicy, &delete_user_policy>(),
    wire::operation<CreateAccessKey, &create_access_key>(),
    wire::operation<ListAccessKeys, &list_access_keys>(),
    wire::operation<UpdateAccessKey, &update_access_key>(),
    wire::operation<DeleteAccessKey, &delete_access_key>(),
};

// A resource's tags, as the condition keys that speak of them.
void add_tags(wire::Access& access, const Tags& tags) {
  for (const auto& [key, value] : tags) {
    access.context.push_back({"aws:ResourceTag/" + key, {value}});
    access.context.push_back({"iam:ResourceTag/" + key, {value}});
  }
}

std::string arn_of(const wire::Caller& caller, std::string_view resource) {
  return aws::make_arn("iam", "", caller.account, resource);
}

}  // namespace

wire::Service front_desk(Iam& room) {
  return {.name = "iam",
          .signing_name = "iam",
          .api_version = "2010-05-08",
          .xml_namespace = "https://iam.amazonaws.com/doc/2010-05-08/",
          .validation_code = "ValidationError",
          .denied_code = "AccessDenied",
          .denied_status = 403,
          .throttling = {.code = "Throttling"},
          .operations = kOperations,
          .room = &room};
}

std::vector<wire::Access> role_access(Iam& room, const wire::Caller& caller, std::string_view action,
                                      std::string_view role_name) {
  const auto role = find_role(*room.store.snapshot(), caller.account, role_name);
  wire::Access access{.action = std::string(action),
                      .resource = role ? role->arn() : arn_of(caller, "role/" + std::string(role_name))};
  if (role) add_tags(access, role->tags);
  return {std::move(access)};
}

std::vector<wire::Access> user_access(Iam& room, const wire::Caller& caller, std::string_view action,
                                      std::string_view user_name) {
  if (user_name.empty()) return {{.action = std::string(action), .resource = arn_of(caller, "root")}};
  const auto user = find_user(*room.store.snapshot(), caller.account, user_name);
  wire::Access access{.action = std::string(action),
                      .resource = user ? user->arn() : arn_of(caller, "user/" + std::string(user_name))};
  if (user) add_tags(access, user->tags);
  return {std::move(access)};
}

std::vector<wire::Access> list_access(const wire::Caller& caller, std::string_view action,
                                      std::string_view path_prefix) {
  return {{.action = std::string(action), .resource = arn_of(caller, path_prefix)}};
}

std::vector<wire::Access> create_access(const wire::Caller& caller, std::string_view action, std::string_view resource,
                                        const std::optional<std::vector<Tag>>& tags) {
  wire::Access access{.action = std::string(action), .resource = arn_of(caller, resource)};
  if (!tags || tags->empty()) return {std::move(access)};
  std::vector<std::string> keys;
  for (const Tag& tag : *tags) {
    access.context.push_back({"aws:RequestTag/" + tag.key, {tag.value}});
    keys.push_back(tag.key);
  }
  access.context.push_back({"aws:TagKeys", std::move(keys)});
  return {std::move(access)};
}

std::string user_meant(const wire::Caller& caller, const std::optional<std::string>& user_name) {
  return user_name.value_or(caller.principal.user_name);
}

}  // namespace localcloud::iam
