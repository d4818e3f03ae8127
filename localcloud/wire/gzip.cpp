// gzip by isa-l.

#include "localcloud/wire/gzip.hpp"

#include <isa-l/igzip_lib.h>

namespace localcloud::wire {

std::optional<std::string> gunzip(std::string_view bytes, std::size_t size_max) {
  const auto state = std::make_unique<inflate_state>();
  isal_inflate_init(state.get());
  state->crc_flag = ISAL_GZIP;
  std::string input(bytes);
  state->next_in = reinterpret_cast<std::uint8_t*>(input.data());
  state->avail_in = static_cast<std::uint32_t>(input.size());
  std::string out;
  std::array<std::uint8_t, 16 * 1024> part;
  while (state->block_state != ISAL_BLOCK_FINISH) {
    state->next_out = part.data();
    state->avail_out = part.size();
    if (isal_inflate(state.get()) != ISAL_DECOMP_OK) return std::nullopt;
    const std::size_t made = part.size() - state->avail_out;
    if (out.size() + made > size_max) return std::nullopt;
    out.append(reinterpret_cast<const char*>(part.data()), made);
    if (made == 0 && state->avail_in == 0) break;
  }
  if (state->block_state != ISAL_BLOCK_FINISH) return std::nullopt;
  return out;
}

}  // namespace localcloud::wire
