// STS's table of operations.

#include "localcloud/services/sts/service.hpp"

namespace localcloud::sts {
namespace {

constexpr wire::Operation kOperations[] = {
    wire::operation<GetCallerIdentity, &get_caller_identity>(),
    wire::operation<AssumeRole, &assume_role>(),
};

}  // namespace

wire::Service front_desk(Sts& room) {
  return {.name = "sts",
          .signing_name = "sts",
          .api_version = "2011-06-15",
          .xml_namespace = "https://sts.amazonaws.com/doc/2011-06-15/",
          .validation_code = "ValidationError",
          .denied_code = "AccessDenied",
          .denied_status = 403,
          .throttling = {.code = "Throttling"},
          .operations = kOperations,
          .room = &room};
}

}  // namespace localcloud::sts
