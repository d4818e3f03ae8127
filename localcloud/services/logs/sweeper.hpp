#pragma once
// Removes what retention no longer keeps and what was deleted, in slices that don't hold up the writer lane.

#include "base/clock.hpp"
#include "localcloud/services/logs/records.hpp"
#include "localcloud/storage/store.hpp"

namespace localcloud::logs {

// The first moment whose events the group still keeps; 0 where it keeps them for ever. Readers look no further back,
// whether or not the sweeper has been there.
std::int64_t kept_since_ms(const Group& group, base::Time now);

// Removes all there is to remove now; says how many records that were. Waits for the disk: not on a worker. main.cpp
// calls it every few minutes.
std::size_t sweep(storage::Store& store, base::Time now);

}  // namespace localcloud::logs
