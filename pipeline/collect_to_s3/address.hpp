#pragma once
// What is kept of the address that a request came from. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace pipeline::collect_to_s3 {

enum class AddressPolicy {
  drop,
  truncate,  // IPv4 to its first 24 bits, IPv6 to its first 48
  keep,
};
// By their names as above.
std::optional<AddressPolicy> address_policy_of(std::string_view name);

// What may be kept of an IPv4 or IPv6 address; empty where nothing may, and for what is no address. An IPv4 address
// within IPv6 (::ffff:192.0.2.7) is that IPv4 address.
std::string kept_address(std::string_view address, AddressPolicy policy);

}  // namespace pipeline::collect_to_s3
