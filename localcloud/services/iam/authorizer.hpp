#pragma once
// Whether a caller may: gathers the policies that speak about a request and lets policy/evaluate decide.

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "localcloud/services/iam/policy/document.hpp"
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
  using Compiled = std::shared_ptr<const policy::Document>;

  std::shared_ptr<const Identity> identity_of(const wire::Principal& principal);
  // Nothing where the text isn't a policy.
  Compiled compile(const std::string& text, policy::DocumentKind kind);

  static constexpr std::size_t kKeptMax = 4096;
  storage::Store& store_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const Identity>> identities_;  // by record key
  std::unordered_map<std::string, Compiled> documents_;                          // by kind and text
};

}  // namespace localcloud::iam
