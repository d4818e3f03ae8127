#pragma once
// The policies of resources (buckets, functions), which their rooms keep and IAM understands; main.cpp joins it in.

#include <expected>
#include <string>
#include <string_view>

namespace localcloud::wire {

// Thread-safe.
class ResourcePolicies {
 public:
  virtual ~ResourcePolicies() = default;
  // The policy as it is to be kept and asked by, or what is wrong with it, in IAM's words.
  virtual std::expected<std::string, std::string> keep(std::string_view policy) const = 0;
  // A kept policy as its owner sees it.
  virtual std::string show(std::string_view kept) const = 0;
};

}  // namespace localcloud::wire
