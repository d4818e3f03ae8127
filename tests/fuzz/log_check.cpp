// RocksDB's logs, as a power loss or a bad disk may leave them: whatever is cut off, what is left is whole.

#include "localcloud/storage/log_check.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  using localcloud::storage::LogState, localcloud::storage::look_at_log;
  const LogState state = look_at_log(input);
  CHECK(state.whole <= state.bad && state.bad <= input.size());
  CHECK(!state.is_damaged || state.whole < input.size());
  const LogState left = look_at_log(input.substr(0, state.whole));
  CHECK(left.whole == state.whole && left.bad == state.whole && !left.is_damaged);
  // A log that goes on behind what was read is the same up to there.
  const std::string longer = std::string(input.substr(0, state.whole)) + std::string(100, '\0');
  CHECK(look_at_log(longer).whole == state.whole);
}
