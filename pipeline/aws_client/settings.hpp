#pragma once
// Where AWS's services answer and who calls them, as the environment says. Pure.

#include <cstdint>
#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "aws/sigv4.hpp"

namespace pipeline::aws_client {

enum class Scheme { http, https };

struct Endpoint {
  Scheme scheme = Scheme::https;
  std::string host;  // a name or an address, without brackets
  std::uint16_t port = 443;

  // As the Host header has it: without the port where it is the scheme's own.
  std::string authority() const;
  bool operator==(const Endpoint&) const = default;
};

// Nothing where the text isn't http(s)://host[:port][/].
std::optional<Endpoint> parse_endpoint(std::string_view url);

// A service by its name in a signature's scope.
enum class Service { s3, states, dynamodb, lambda, sts };
std::string_view service_name(Service service);

struct Settings {
  std::string region;
  aws::Credentials credentials;
  // Of services that answer elsewhere than AWS; S3's buckets are then in the path, not in the host's name.
  std::map<Service, Endpoint> endpoints = {};
  std::string ca_file = {};  // empty: Amazon's authorities
};

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

// AWS_REGION (or AWS_DEFAULT_REGION), AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_ENDPOINT_URL,
// AWS_ENDPOINT_URL_S3, _SFN, _DYNAMODB, _LAMBDA, _STS, AWS_CA_BUNDLE. Says what is missing or wrong.
std::expected<Settings, std::string> read_settings(const Environment& environment);
std::optional<std::string> process_environment(const std::string& name);

// Where a request goes: the endpoint, and what the path begins with.
struct Address {
  Endpoint endpoint;
  std::string path;  // "/", or "/bucket/" …
};
Address address_of(const Settings& settings, Service service);
// An empty key: the bucket itself.
Address address_of_object(const Settings& settings, const std::string& bucket, const std::string& key);

}  // namespace pipeline::aws_client
