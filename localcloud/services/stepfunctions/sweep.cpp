#include "localcloud/services/stepfunctions/sweep.hpp"

#include "localcloud/services/stepfunctions/records.hpp"

namespace localcloud::stepfunctions {

namespace {

constexpr std::chrono::days kKept{90};
constexpr std::size_t kSliceMax = 1000;  // records

}  // namespace

std::size_t sweep(storage::Store& store, base::Time now) {
  const base::Time before = now - kKept;
  std::vector<ExecutionId> old;
  scan_old(*store.snapshot(), before, [&](ExecutionId id) { old.push_back(std::move(id)); });
  std::size_t erased = 0;
  for (std::size_t at = 0; at < old.size();) {
    const Result<std::size_t> slice =
        store.write_and_wait<std::size_t>([&](storage::Transaction& transaction) -> Result<std::size_t> {
          std::size_t records = 0;
          while (at < old.size() && records < kSliceMax) records += erase_old(transaction, old[at++], before);
          return records;
        });
    erased += *slice;
  }
  return erased;
}

}  // namespace localcloud::stepfunctions
