#pragma once
// The roles and users that policies of resources name, by their unique ids: who is deleted and made anew isn't the one
// that the policy meant. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html

#include <expected>
#include <string>
#include <string_view>

#include "localcloud/services/iam/policy/document.hpp"
#include "localcloud/storage/store.hpp"

namespace localcloud::iam {

// The policy, good as its kind, as it is kept: with ids in the place of ARNs, else byte for byte. A problem where it
// names an entity that doesn't exist.
// Unlike AWS: those of accounts that aren't here are taken as they are.
std::expected<std::string, policy::Problem> pin_principals(const storage::Reader& reader, std::string_view policy);

// A kept policy as it is shown: with the ARNs of those who still exist.
std::string show_principals(const storage::Reader& reader, std::string_view policy);

}  // namespace localcloud::iam
