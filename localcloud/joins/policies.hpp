#pragma once
// The policies that S3 and Lambda keep of their resources: IAM joined to them.

#include "localcloud/storage/store.hpp"
#include "localcloud/wire/resource_policies.hpp"

namespace localcloud {

// Thread-safe.
class Policies final : public wire::ResourcePolicies {
 public:
  explicit Policies(const storage::Store& store) : store_(store) {}
  std::expected<std::string, std::string> keep(std::string_view policy) const override;
  std::string show(std::string_view kept) const override;

 private:
  const storage::Store& store_;
};

}  // namespace localcloud
