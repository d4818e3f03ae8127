#pragma once
// What clients are told where the store takes no writes: to try again.

#include "base/result.hpp"
#include "localcloud/storage/failures.hpp"

namespace localcloud::wire {

enum class ErrorWords { s3, others };

// AWS's words for what passes: S3's own, and those that all its services share.
inline ServiceError unavailable(const storage::StorageUnavailable& failure, ErrorWords words) {
  const bool busy = dynamic_cast<const storage::StorageBusy*>(&failure);
  if (words == ErrorWords::s3) {
    return busy ? ServiceError{"SlowDown", "Please reduce your request rate.", 503}
                : ServiceError{"ServiceUnavailable", "Service is unable to handle request.", 503};
  }
  return {"ServiceUnavailable",
          busy ? "The request has failed because the server is busy. Try again."
               : "The request has failed due to a temporary failure of the server.",
          503};
}

}  // namespace localcloud::wire
