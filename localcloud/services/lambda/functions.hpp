#pragma once
// The functions as the machine wants them: looked up for every event, parsed only when they have changed.

#include <memory>
#include <optional>
#include <string>

#include "localcloud/services/lambda/records.hpp"
#include "localcloud/services/lambda/runtime/package.hpp"
#include "localcloud/storage/kept.hpp"

namespace localcloud::lambda {

struct Function {
  FunctionRecord record;
  std::string policy;  // record.policy()
  std::shared_ptr<const FunctionVersion> version;
};

// Thread-safe.
class Functions {
 public:
  Functions(storage::Store& store, const CodeStore& code) : store_(store), code_(code) {}

  // The function as it is stored now, or nullptr.
  std::shared_ptr<const Function> find(const FunctionId& id);
  // The one that has this URL.
  std::shared_ptr<const Function> find_by_url(std::string_view url_id);

 private:
  storage::Store& store_;
  const CodeStore& code_;
  storage::Kept<Function> functions_;
  storage::Kept<FunctionId> urls_;
};

}  // namespace localcloud::lambda
