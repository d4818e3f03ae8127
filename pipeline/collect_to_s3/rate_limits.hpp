#pragma once
// How many events a second a write key may send, over all instances of the function.
//
// A second of a key is cut into at most ten slots. An instance that wants to let events pass claims a slot by inserting
// its item into the table: one instance alone can, so what passes never exceeds the rate. What an instance claims and
// doesn't use is lost, so with many instances and few events up to a slot of each may be refused too early; one
// process, as on one machine, is exact. A batch that is larger than what is left passes whole, and the seconds after
// pay for it.

#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "aws/client.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/task.hpp"

namespace pipeline::collect_to_s3 {

// Thread-safe.
class RateLimits {
 public:
  // Without a table each instance keeps to the rate for itself. What is given must outlive it.
  RateLimits(std::string table, aws::Client& client, const base::Clock& clock, base::Ids& ids)
      : table_(std::move(table)), client_(client), clock_(clock), ids_(ids) {}

  struct Verdict {
    std::optional<base::Duration> wait;  // nothing: they may pass; else the time after which trying again makes sense
    std::string problem;                 // why the table couldn't be asked; this instance then keeps to the rate alone
  };
  // Takes that many events from the key's share; with 0 it only asks whether any may pass.
  Task<Verdict> take(std::string key_hash, std::int64_t events_per_second, std::size_t events,
                     aws::CallOptions options);

 private:
  struct Share {
    std::int64_t second = 0;
    std::int64_t left = 0;         // below 0: what the next seconds pay for
    std::int64_t slots_tried = 0;  // of this second
    std::int64_t first_slot = 0;
  };
  enum class Claim { passed, waits, claims };

  Claim look(Share& share, std::int64_t second, std::int64_t events_per_second, std::size_t events);
  // Whether the slot is this instance's now; an error where the table can't say.
  Task<Result<bool>> claim(const std::string& key_hash, std::int64_t second, std::int64_t slot,
                           aws::CallOptions options);

  const std::string table_;
  aws::Client& client_;
  const base::Clock& clock_;
  base::Ids& ids_;
  std::mutex mutex_;
  std::unordered_map<std::string, Share> shares_;  // by the key's hash; the list of keys bounds it
};

}  // namespace pipeline::collect_to_s3
