#pragma once
// The pipeline's own two functions as linked code: Lambda joined to pipeline/. A package counts as theirs where its
// hash is that of the package built with this program, so what is called is what was deployed.

#include "localcloud/joins/direct_client.hpp"
#include "localcloud/services/iam/sessions.hpp"
#include "localcloud/services/lambda/linked_code.hpp"

namespace localcloud {

// Thread-safe.
class LinkedFunctions final : public lambda::LinkedCode {
 public:
  LinkedFunctions(CalledRooms rooms, iam::RoleSessions& sessions, base::Timers& timers);
  bool has(const lambda::FunctionVersion& version) const override;
  Result<Started> start(const lambda::FunctionVersion& version) override;

 private:
  const CalledRooms rooms_;
  iam::RoleSessions& sessions_;
  base::Timers& timers_;
  const std::string collect_to_s3_, parse_validate_;  // the packages' CodeSha256
};

}  // namespace localcloud
