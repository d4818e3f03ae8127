// Makes a role.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html

#include "localcloud/services/iam/checks.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

wire::Change<CreateRole::Output> create_role(Iam& room, const wire::Caller& caller, CreateRole::Input input) {
  TRY(check_name("roleName", input.role_name));
  TRY(check_path("path", input.path));
  TRY(check_trust(input.assume_role_policy_document));
  Role role;
  role.account = caller.account;
  role.name = input.role_name;
  role.path = input.path.value_or("/");
  role.id = "AROA" + room.ids.letters_and_digits(17);
  role.created = caller.time;
  role.tags = TRY(read_tags(input.tags));
  role.description = input.description.value_or("");
  role.session_max_s = input.max_session_duration.value_or(3600);
  return [role = std::move(role), trust = std::move(input.assume_role_policy_document)](
             storage::Transaction& transaction) mutable -> Result<CreateRole::Output> {
    if (find_role(transaction, role.account, role.name)) return failure(errors::role_exists(role.name));
    role.trust = TRY(pin_trust(transaction, trust));
    save(transaction, role);
    CreateRole::Output output{.role = show_role(transaction, role)};
    output.role.max_session_duration.reset();
    if (!role.tags.empty()) output.role.tags = show_tags(role.tags);
    return output;
  };
}

}  // namespace localcloud::iam
