// Says who the caller is; anyone whose signature holds may ask.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html

#include "localcloud/services/sts/service.hpp"

namespace localcloud::sts {

Result<GetCallerIdentity::Output> get_caller_identity(Sts&, const wire::Caller& caller, GetCallerIdentity::Input) {
  return GetCallerIdentity::Output{
      .user_id = caller.principal.id, .account = caller.principal.account, .arn = caller.principal.arn};
}

}  // namespace localcloud::sts
