// Retention, and the rest of deleted groups and streams.

#include "localcloud/services/logs/sweeper.hpp"

namespace localcloud::logs {

namespace {

constexpr std::size_t kSliceMax = 1000;

using storage::Step;
using storage::Transaction;

std::size_t sweep_stream(storage::Store& store, std::uint64_t group_id, const std::string& name,
                         std::int64_t before_ms) {
  std::size_t erased = 0;
  while (true) {
    const Result<std::size_t> slice =
        store.write_and_wait<std::size_t>([&](Transaction& transaction) -> Result<std::size_t> {
          std::optional<Stream> stream = find_stream(transaction, group_id, name);
          if (!stream) return std::size_t{0};
          return erase_events_before(transaction, group_id, *stream, before_ms, kSliceMax);
        });
    erased += *slice;
    if (*slice < kSliceMax) return erased;
  }
}

}  // namespace

std::int64_t kept_since_ms(const Group& group, base::Time now) {
  if (!group.retention_days) return 0;
  return base::to_unix_ms(now) - std::int64_t{*group.retention_days} * 86'400'000;
}

std::size_t sweep(storage::Store& store, base::Time now) {
  std::size_t erased = 0;
  const std::unique_ptr<storage::Reader> reader = store.snapshot();
  std::vector<std::pair<std::uint64_t, std::int64_t>> groups;  // and what they keep
  scan_all_groups(*reader, [&](const Place&, const Group& group) {
    if (group.retention_days) groups.emplace_back(group.id, kept_since_ms(group, now));
    return Step::go_on;
  });
  for (const auto& [group_id, since_ms] : groups) {
    std::vector<std::string> streams;
    scan_streams(*reader, group_id, "", [&](const Stream& stream) {
      if (stream.first_event_ms < since_ms) streams.push_back(stream.name);
      return Step::go_on;
    });
    for (const std::string& name : streams) erased += sweep_stream(store, group_id, name, since_ms);
  }
  while (true) {
    const Result<std::size_t> slice = store.write_and_wait<std::size_t>(
        [](Transaction& transaction) -> Result<std::size_t> { return erase_dropped(transaction, kSliceMax); });
    if (*slice == 0) return erased;
    erased += *slice;
  }
}

}  // namespace localcloud::logs
