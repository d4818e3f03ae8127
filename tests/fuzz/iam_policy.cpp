// Policy documents: identity, resource and trust policies.

#include "localcloud/services/iam/policy/document.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  using namespace localcloud::iam::policy;
  for (const DocumentKind kind : {DocumentKind::identity, DocumentKind::trust}) {
    const auto document = parse(input, kind);
    CHECK(document ? !document->statements.empty() : !document.error().empty());
  }
}
