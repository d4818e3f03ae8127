// Answers a user; the caller where none is named.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html

#include "localcloud/services/iam/checks.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

Result<GetUser::Output> get_user(Iam& room, const wire::Caller& caller, GetUser::Input input) {
  if (!input.user_name && caller.principal.kind == wire::Principal::Kind::root) {
    return GetUser::Output{.user = {.path = "/",
                                    .user_id = caller.account,
                                    .arn = caller.principal.arn,
                                    .create_date = {account_created(*room.store.snapshot(), caller.account)}}};
  }
  const std::string name = user_meant(caller, input.user_name);
  if (name.empty()) return failure(errors::must_name_user());
  const auto user = find_user(*room.store.snapshot(), caller.account, name);
  if (!user) return failure(errors::no_such_user(name));
  GetUser::Output output{.user = show_user(*user)};
  if (!user->tags.empty()) output.user.tags = show_tags(user->tags);
  return output;
}

}  // namespace localcloud::iam
