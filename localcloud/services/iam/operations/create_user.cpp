// Makes a user.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html

#include "localcloud/services/iam/checks.hpp"
#include "localcloud/services/iam/errors.hpp"
#include "localcloud/services/iam/service.hpp"

namespace localcloud::iam {

wire::Change<CreateUser::Output> create_user(Iam& room, const wire::Caller& caller, CreateUser::Input input) {
  TRY(check_name("userName", input.user_name));
  TRY(check_path("path", input.path));
  User user;
  user.account = caller.account;
  user.name = input.user_name;
  user.path = input.path.value_or("/");
  user.id = "AIDA" + room.ids.letters_and_digits(17);
  user.created = caller.time;
  user.tags = TRY(read_tags(input.tags));
  return [user = std::move(user)](storage::Transaction& transaction) -> Result<CreateUser::Output> {
    if (find_user(transaction, user.account, user.name)) return failure(errors::user_exists(user.name));
    save(transaction, user);
    CreateUser::Output output{.user = show_user(user)};
    if (!user.tags.empty()) output.user.tags = show_tags(user.tags);
    return output;
  };
}

}  // namespace localcloud::iam
