// Takes tags off a role.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagRole.html

#include "base/text.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

wire::Change<UntagRole::Output> untag_role(Iam&, const wire::Caller& caller, UntagRole::Input input) {
  return [account = caller.account,
          input = std::move(input)](storage::Transaction& transaction) -> Result<UntagRole::Output> {
    auto role = find_role(transaction, account, input.role_name);
    if (!role) return failure(errors::no_such_role(input.role_name));
    for (const std::string& key : input.tag_keys) {
      std::erase_if(role->tags, [&](const auto& tag) { return base::equal_ignoring_case(tag.first, key); });
    }
    save(transaction, *role);
    return UntagRole::Output{};
  };
}

}  // namespace localcloud::iam
