// Addresses, cut short.

#include "pipeline/collect_to_s3/address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace pipeline::collect_to_s3 {

namespace {

using Bytes4 = std::array<unsigned char, 4>;
using Bytes16 = std::array<unsigned char, 16>;

constexpr std::array<unsigned char, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

template <std::size_t N>
std::string text_of(int family, const std::array<unsigned char, N>& bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(family, bytes.data(), text.data(), text.size()) ? text.data() : "";
}

std::string kept_ipv4(Bytes4 bytes, AddressPolicy policy) {
  if (policy == AddressPolicy::truncate) bytes[3] = 0;
  return text_of(AF_INET, bytes);
}

std::string kept_ipv6(Bytes16 bytes, AddressPolicy policy) {
  // 2002::/16 (6to4) holds a whole IPv4 address in the 32 bits that follow: its last byte goes, too.
  const bool is_6to4 = bytes[0] == 0x20 && bytes[1] == 0x02;
  if (policy == AddressPolicy::truncate) std::fill(bytes.begin() + (is_6to4 ? 5 : 6), bytes.end(), 0);
  return text_of(AF_INET6, bytes);
}

}  // namespace

std::optional<AddressPolicy> address_policy_of(std::string_view name) {
  if (name == "drop") return AddressPolicy::drop;
  if (name == "truncate") return AddressPolicy::truncate;
  if (name == "keep") return AddressPolicy::keep;
  return std::nullopt;
}

std::string kept_address(std::string_view address, AddressPolicy policy) {
  if (policy == AddressPolicy::drop) return {};
  const std::string text(address);
  Bytes4 four{};
  if (inet_pton(AF_INET, text.c_str(), four.data()) == 1) return kept_ipv4(four, policy);
  Bytes16 sixteen{};
  if (inet_pton(AF_INET6, text.c_str(), sixteen.data()) != 1) return {};
  if (!std::equal(kMapped.begin(), kMapped.end(), sixteen.begin())) return kept_ipv6(sixteen, policy);
  std::copy(sixteen.begin() + kMapped.size(), sixteen.end(), four.begin());
  return kept_ipv4(four, policy);
}

}  // namespace pipeline::collect_to_s3
