#pragma once
// Whether a caller may: gathers the policies that speak about a request and lets policy/evaluate decide.

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "localcloud/services/iam/policy/library.hpp"
#include "localcloud/services/iam/records.hpp"
#include "localcloud/storage/store.hpp"
#include "localcloud/wire/access.hpp"

namespace localcloud::iam {

// Thread-safe. Policies are compiled once and kept by their text; the record that holds them is read on every call, so
// that a change counts as soon as it is durable.
class Authorizer final : public wire::Authorizer {
 public:
  explicit Authorizer(storage::Store& store) : store_(store) {}

  std::optional<std::string> denial(const wire::Caller& caller, const wire::Access& access) override;

 private:
  // A user's or role's policies, as its record had them.
  struct Identity {
    std::string bytes;
    std::string id;
    Tags tags;
    std::vector<policy::Document> documents;
  };
  std::shared_ptr<const Identity> identity_of(const wire::Principal& principal);

  static constexpr std::size_t kKeptMax = 4096;
  storage::Store& store_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const Identity>> identities_;  // by record key
  policy::Library documents_;
};

}  // namespace localcloud::iam
