#pragma once
// Whether a caller may: gathers the policies that speak about a request and lets policy/evaluate decide.

#include <memory>
#include <string>
#include <vector>

#include "localcloud/services/iam/policy/library.hpp"
#include "localcloud/services/iam/records.hpp"
#include "localcloud/storage/kept.hpp"
#include "localcloud/wire/access.hpp"

namespace localcloud::iam {

// Thread-safe. Policies are compiled once: an identity's are kept with its record, others by their text. A change
// counts as soon as it is acknowledged.
class Authorizer final : public wire::Authorizer {
 public:
  explicit Authorizer(storage::Store& store) : store_(store) {}

  std::optional<std::string> denial(const wire::Caller& caller, const wire::Access& access) override;

 private:
  // A user's or role's policies, as its record had them.
  struct Identity {
    std::string id;
    Tags tags;
    std::vector<policy::Document> documents;
  };
  static Identity read_identity(std::string_view bytes);
  std::shared_ptr<const Identity> identity_of(const wire::Principal& principal);

  storage::Store& store_;
  storage::Kept<Identity> identities_;
  policy::Library documents_;
};

}  // namespace localcloud::iam
