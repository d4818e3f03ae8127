// Adds tags to a role.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html

#include "base/text.hpp"
#include "localcloud/services/iam/checks.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

wire::Change<TagRole::Output> tag_role(Iam&, const wire::Caller& caller, TagRole::Input input) {
  const Tags tags = TRY(read_tags(input.tags));
  return [account = caller.account, tags,
          input = std::move(input)](storage::Transaction& transaction) -> Result<TagRole::Output> {
    auto role = find_role(transaction, account, input.role_name);
    if (!role) return failure(errors::no_such_role(input.role_name));
    for (const auto& [key, value] : tags) {
      // A key is the same in whatever case, and takes the case that it was last given.
      std::erase_if(role->tags, [&](const auto& tag) { return base::equal_ignoring_case(tag.first, key); });
      role->tags.emplace(key, value);
    }
    if (role->tags.size() > 50) return failure(errors::too_many_tags());
    save(transaction, *role);
    return TagRole::Output{};
  };
}

}  // namespace localcloud::iam
