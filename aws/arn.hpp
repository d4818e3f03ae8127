#pragma once
// Amazon Resource Names: arn:partition:service:region:account:resource. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace aws {

struct Arn {
  std::string partition = "aws";
  std::string service;
  std::string region;    // empty for global services
  std::string account;   // empty for S3
  std::string resource;  // the rest, which may hold ':' and '/'

  std::string text() const;
  bool operator==(const Arn&) const = default;
};

// Nothing where the text isn't an ARN with a partition, a service and a resource.
std::optional<Arn> parse_arn(std::string_view text);

// "arn:aws:dynamodb:us-east-1:123456789012:table/events"
std::string make_arn(std::string_view service, std::string_view region, std::string_view account,
                     std::string_view resource);

}  // namespace aws
