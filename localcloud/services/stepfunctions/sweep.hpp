#pragma once
// Removes the Standard executions, and their histories, that ended 90 days ago. Express ones leave nothing at their
// end. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html

#include "base/clock.hpp"
#include "localcloud/storage/store.hpp"

namespace localcloud::stepfunctions {

// Removes all there is to remove now, in slices that don't hold up the writer lane; says how many records that were.
// Waits for the disk: not on a worker. main.cpp calls it every hour.
std::size_t sweep(storage::Store& store, base::Time now);

}  // namespace localcloud::stepfunctions
