#pragma once
// IAM's front desk: what it needs, and one function per operation.

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "localcloud/services/iam/api.hpp"
#include "localcloud/services/iam/api_users.hpp"
#include "localcloud/services/iam/records.hpp"
#include "localcloud/services/iam/seal.hpp"
#include "localcloud/storage/store.hpp"
#include "localcloud/wire/operation.hpp"

namespace localcloud::iam {

struct Iam {
  storage::Store& store;
  const base::Clock& clock;
  base::Ids& ids;
  Seal secrets;  // access_key_seal()
};

wire::Service front_desk(Iam& room);

wire::Change<CreateRole::Output> create_role(Iam& room, const wire::Caller& caller, CreateRole::Input input);
Result<GetRole::Output> get_role(Iam& room, const wire::Caller& caller, GetRole::Input input);
Result<ListRoles::Output> list_roles(Iam& room, const wire::Caller& caller, ListRoles::Input input);
wire::Change<DeleteRole::Output> delete_role(Iam& room, const wire::Caller& caller, DeleteRole::Input input);
wire::Change<UpdateAssumeRolePolicy::Output> update_assume_role_policy(Iam& room, const wire::Caller& caller,
                                                                       UpdateAssumeRolePolicy::Input input);
wire::Change<UpdateRole::Output> update_role(Iam& room, const wire::Caller& caller, UpdateRole::Input input);
wire::Change<PutRolePolicy::Output> put_role_policy(Iam& room, const wire::Caller& caller, PutRolePolicy::Input input);
Result<GetRolePolicy::Output> get_role_policy(Iam& room, const wire::Caller& caller, GetRolePolicy::Input input);
Result<ListRolePolicies::Output> list_role_policies(Iam& room, const wire::Caller& caller,
                                                    ListRolePolicies::Input input);
wire::Change<DeleteRolePolicy::Output> delete_role_policy(Iam& room, const wire::Caller& caller,
                                                          DeleteRolePolicy::Input input);
wire::Change<TagRole::Output> tag_role(Iam& room, const wire::Caller& caller, TagRole::Input input);
wire::Change<UntagRole::Output> untag_role(Iam& room, const wire::Caller& caller, UntagRole::Input input);
Result<ListRoleTags::Output> list_role_tags(Iam& room, const wire::Caller& caller, ListRoleTags::Input input);
Result<ListAttachedRolePolicies::Output> list_attached_role_policies(Iam& room, const wire::Caller& caller,
                                                                     ListAttachedRolePolicies::Input input);
Result<ListInstanceProfilesForRole::Output> list_instance_profiles_for_role(Iam& room, const wire::Caller& caller,
                                                                            ListInstanceProfilesForRole::Input input);
wire::Change<CreateUser::Output> create_user(Iam& room, const wire::Caller& caller, CreateUser::Input input);
Result<GetUser::Output> get_user(Iam& room, const wire::Caller& caller, GetUser::Input input);
Result<ListUsers::Output> list_users(Iam& room, const wire::Caller& caller, ListUsers::Input input);
wire::Change<DeleteUser::Output> delete_user(Iam& room, const wire::Caller& caller, DeleteUser::Input input);
wire::Change<PutUserPolicy::Output> put_user_policy(Iam& room, const wire::Caller& caller, PutUserPolicy::Input input);
Result<GetUserPolicy::Output> get_user_policy(Iam& room, const wire::Caller& caller, GetUserPolicy::Input input);
Result<ListUserPolicies::Output> list_user_policies(Iam& room, const wire::Caller& caller,
                                                    ListUserPolicies::Input input);
wire::Change<DeleteUserPolicy::Output> delete_user_policy(Iam& room, const wire::Caller& caller,
                                                          DeleteUserPolicy::Input input);
wire::Change<CreateAccessKey::Output> create_access_key(Iam& room, const wire::Caller& caller,
                                                        CreateAccessKey::Input input);
Result<ListAccessKeys::Output> list_access_keys(Iam& room, const wire::Caller& caller, ListAccessKeys::Input input);
wire::Change<UpdateAccessKey::Output> update_access_key(Iam& room, const wire::Caller& caller,
                                                        UpdateAccessKey::Input input);
wire::Change<DeleteAccessKey::Output> delete_access_key(Iam& room, const wire::Caller& caller,
                                                        DeleteAccessKey::Input input);

// What an operation on one role, on one user or on all of a kind needs to be allowed.
std::vector<wire::Access> role_access(Iam& room, const wire::Caller& caller, std::string_view action,
                                      std::string_view role_name);
std::vector<wire::Access> user_access(Iam& room, const wire::Caller& caller, std::string_view action,
                                      std::string_view user_name);
std::vector<wire::Access> list_access(const wire::Caller& caller, std::string_view action,
                                      std::string_view path_prefix);
std::vector<wire::Access> create_access(const wire::Caller& caller, std::string_view action, std::string_view resource,
                                        const std::optional<std::vector<Tag>>& tags);
// The user that an input means: the caller's own where it names none.
std::string user_meant(const wire::Caller& caller, const std::optional<std::string>& user_name);

template <class Input>
  requires requires { Input::kAction; }
std::vector<wire::Access> access(Iam& room, const wire::Caller& caller, const Input& input) {
  if constexpr (std::is_same_v<Input, CreateRole::Input>) {
    return create_access(caller, Input::kAction, "role" + input.path.value_or("/") + input.role_name, input.tags);
  } else if constexpr (std::is_same_v<Input, CreateUser::Input>) {
    return create_access(caller, Input::kAction, "user" + input.path.value_or("/") + input.user_name, input.tags);
  } else if constexpr (requires { input.role_name; }) {
    return role_access(room, caller, Input::kAction, input.role_name);
  } else if constexpr (requires { input.user_name.has_value(); }) {
    return user_access(room, caller, Input::kAction, user_meant(caller, input.user_name));
  } else if constexpr (requires { input.user_name; }) {
    return user_access(room, caller, Input::kAction, input.user_name);
  } else if constexpr (std::is_same_v<Input, ListRoles::Input>) {
    return list_access(caller, Input::kAction, "role" + input.path_prefix.value_or("/"));
  } else {
    return list_access(caller, Input::kAction, "user" + input.path_prefix.value_or("/"));
  }
}

}  // namespace localcloud::iam
