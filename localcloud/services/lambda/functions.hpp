#pragma once
// The functions as the machine wants them: looked up for every event, parsed only when they have changed.

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "localcloud/services/lambda/records.hpp"
#include "localcloud/services/lambda/runtime/package.hpp"

namespace localcloud::lambda {

struct Function {
  std::string stored;  // the record's bytes
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

 private:
  storage::Store& store_;
  const CodeStore& code_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const Function>> by_key_;  // guarded by mutex_
};

}  // namespace localcloud::lambda
