#include "localcloud/storage/failures.hpp"

#include "base/log.hpp"

namespace localcloud::storage {

void Damage::note(const std::string& what) {
  {
    const std::lock_guard lock(mutex_);
    if (last_ == what) return;
    last_ = what;
  }
  base::log(base::LogLevel::error, "damage was found on the disk", {{"what", what}});
}

std::optional<std::string> Damage::last() const {
  const std::lock_guard lock(mutex_);
  return last_;
}

}  // namespace localcloud::storage
