#pragma once
// Looks through RocksDB's write-ahead logs before it opens them.
//
// After a power loss the end of the newest log may be torn: of the last batch, which nobody was told of, some pages are
// there and others are zeros. RocksDB takes that for corruption and doesn't open. Zeros in the middle, on the other
// hand, it skips without a word, with everything in their block. The lane tells the two apart: it writes a batch only
// after the one before was synced, so where a whole batch follows, the damage is to something that was acknowledged.

#include <cstddef>
#include <filesystem>
#include <string_view>

namespace localcloud::storage {

// What the bytes of a log are, whatever they are.
struct LogState {
  std::size_t whole = 0;    // up to here there are whole batches
  std::size_t bad = 0;      // and here is what can't be read; the log's end where everything can
  bool is_damaged = false;  // whole batches follow that
};
LogState look_at_log(std::string_view log);

// Cuts off the torn end of the newest log. Throws StorageFailure where a log is damaged and whole batches follow.
void check_logs(const std::filesystem::path& store);

}  // namespace localcloud::storage
