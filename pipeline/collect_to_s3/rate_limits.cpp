#include "pipeline/collect_to_s3/rate_limits.hpp"

#include <fmt/core.h>

namespace pipeline::collect_to_s3 {

namespace {

constexpr std::int64_t kSlotsMax = 10;  // of a second
constexpr std::int64_t kKeptSeconds = 3600;

// Where nothing of this second was claimed yet, its slots are tried from a random one on.
std::int64_t slots_of(std::int64_t events_per_second) {
  return std::clamp<std::int64_t>(events_per_second, 1, kSlotsMax);
}

// The slots together are the whole rate.
std::int64_t slot_size(std::int64_t events_per_second, std::int64_t slot) {
  const std::int64_t slots = slots_of(events_per_second);
  return (slot + 1) * events_per_second / slots - slot * events_per_second / slots;
}

aws::Statement claim_statement(const std::string& table, const std::string& key_hash, std::int64_t second,
                               std::int64_t slot) {
  return {.text = "INSERT INTO \"" + table + "\" VALUE {'pk': ?, 'sk': ?, 'expires_at': ?}",
          .parameters = {fmt::format("rate#{}#{}", key_hash, second), std::to_string(slot), second + kKeptSeconds}};
}

}  // namespace

RateLimits::Claim RateLimits::look(Share& share, std::int64_t second, std::int64_t events_per_second,
                                   std::size_t events) {
  if (share.second != second) {
    // Seconds in which nothing was asked for have paid, too.
    const std::int64_t passed = std::clamp<std::int64_t>(second - share.second - 1, 0, kKeptSeconds);
    share.second = second;
    share.left = std::min<std::int64_t>(share.left + passed * events_per_second, 0);
    share.slots_tried = 0;
    share.first_slot = static_cast<std::int64_t>(ids_.below(static_cast<std::uint64_t>(slots_of(events_per_second))));
  }
  if (share.left > 0) {
    share.left -= static_cast<std::int64_t>(events);
    return Claim::passed;
  }
  return share.slots_tried >= slots_of(events_per_second) ? Claim::waits : Claim::claims;
}

Task<RateLimits::Verdict> RateLimits::take(std::string key_hash, std::int64_t events_per_second, std::size_t events,
                                           aws::CallOptions options) {
  std::string problem;
  while (true) {
    std::int64_t second = 0, slot = 0;
    {
      const std::lock_guard lock(mutex_);
      Share& share = shares_[key_hash];
      const base::Time now = clock_.now();  // under the lock: nobody brings back the second before
      second = base::to_unix_s(now);
      const Claim what = look(share, second, events_per_second, events);
      if (what == Claim::passed) co_return Verdict{.wait = {}, .problem = std::move(problem)};
      if (what == Claim::waits) {
        const std::int64_t seconds = 1 - share.left / events_per_second;
        co_return Verdict{.wait = base::from_unix_s(second + seconds) - now, .problem = std::move(problem)};
      }
      slot = (share.first_slot + share.slots_tried++) % slots_of(events_per_second);
    }
    const Result<bool> claimed = co_await claim(key_hash, second, slot, options);
    if (!claimed) problem = claimed.error().code;
    if (claimed && !*claimed) continue;
    const std::lock_guard lock(mutex_);
    Share& share = shares_[key_hash];
    if (share.second == second) share.left += slot_size(events_per_second, slot);
  }
}

Task<Result<bool>> RateLimits::claim(const std::string& key_hash, std::int64_t second, std::int64_t slot,
                                     aws::CallOptions options) {
  if (table_.empty()) co_return true;
  const aws::Statement statement = claim_statement(table_, key_hash, second, slot);
  const aws::BatchExecuteStatement batch{.statements = {&statement, 1}};
  const auto answer = co_await client_.batch_execute_statement(batch, options);
  if (!answer) co_return failure(answer.error());
  const auto& error = answer->responses.at(0).error;
  if (!error) co_return true;
  if (error->code == "DuplicateItem") co_return false;
  co_return failure(ServiceError{.code = error->code, .message = error->message, .http_status = 503});
}

}  // namespace pipeline::collect_to_s3
