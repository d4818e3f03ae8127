#include "base/ids.hpp"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace base {

std::string make_ulid(std::int64_t unix_ms, std::span<const std::byte, 10> random) {
  static constexpr char kAlphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::array<unsigned char, 16> bytes{};
  for (int i = 0; i < 6; ++i) bytes[i] = static_cast<unsigned char>(unix_ms >> (8 * (5 - i)));
  for (int i = 0; i < 10; ++i) bytes[6 + i] = static_cast<unsigned char>(random[i]);
  // 128 bits in 26 digits of 5 bits: the first digit holds the top 3 bits.
  std::string out(26, '0');
  unsigned __int128 number = 0;
  for (unsigned char byte : bytes) number = (number << 8) | byte;
  for (int i = 25; i >= 0; --i, number >>= 5) out[i] = kAlphabet[static_cast<unsigned>(number) & 31];
  return out;
}

std::string Ids::uuid() {
  std::array<std::byte, 16> bytes;
  fill(bytes);
  bytes[6] = (bytes[6] & std::byte{0x0f}) | std::byte{0x40};
  bytes[8] = (bytes[8] & std::byte{0x3f}) | std::byte{0x80};
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out;
  out.reserve(36);
  for (int i = 0; i < 16; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += kHex[static_cast<unsigned>(bytes[i]) >> 4];
    out += kHex[static_cast<unsigned>(bytes[i]) & 15];
  }
  return out;
}

std::string Ids::ulid(Time now) {
  std::array<std::byte, 10> random;
  fill(random);
  return make_ulid(to_unix_ms(now), random);
}

std::string Ids::hex(std::size_t length) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string bytes(length, '\0');
  fill(std::as_writable_bytes(std::span{bytes}));
  for (char& c : bytes) c = kHex[static_cast<unsigned char>(c) & 15];
  return bytes;
}

std::string Ids::letters_and_digits(std::size_t length) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";  // 32 characters: no bias
  std::string bytes(length, '\0');
  fill(std::as_writable_bytes(std::span{bytes}));
  for (char& c : bytes) c = kAlphabet[static_cast<unsigned char>(c) & 31];
  return bytes;
}

std::uint64_t Ids::below(std::uint64_t limit) {
  std::array<std::byte, 8> bytes;
  const std::uint64_t rejected_from = UINT64_MAX - UINT64_MAX % limit;
  for (;;) {
    fill(bytes);
    std::uint64_t number = 0;
    for (std::byte byte : bytes) number = (number << 8) | static_cast<std::uint64_t>(byte);
    if (number < rejected_from) return number % limit;
  }
}

namespace {

void fill_from_kernel(std::span<std::byte> out) {
  for (std::size_t done = 0; done < out.size();) {
    const ssize_t got = getrandom(out.data() + done, out.size() - done, 0);
    if (got < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "getrandom");
    if (got > 0) done += static_cast<std::size_t>(got);
  }
}

// Some hundred bytes at a time: an id is a few of them, and a system call costs more than they do.
struct RandomBytes {
  std::array<std::byte, 512> bytes;
  std::size_t left = 0;  // at the end of `bytes`

  void take(std::span<std::byte> out) {
    if (out.size() > left) {
      fill_from_kernel(bytes);
      left = bytes.size();
    }
    const auto taken = std::span(bytes).subspan(bytes.size() - left, out.size());
    std::copy(taken.begin(), taken.end(), out.begin());
    std::fill(taken.begin(), taken.end(), std::byte{});  // they are somebody's secret now
    left -= out.size();
  }
};

}  // namespace

void RandomIds::fill(std::span<std::byte> out) {
  thread_local RandomBytes bytes;
  if (out.size() <= bytes.bytes.size() / 8) return bytes.take(out);
  fill_from_kernel(out);
}

void SeededIds::fill(std::span<std::byte> out) {
  std::lock_guard lock(mutex_);
  for (std::byte& byte : out) byte = static_cast<std::byte>(engine_() & 0xff);
}

}  // namespace base
