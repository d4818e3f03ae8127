// Parsed definitions, kept by revision.

#include "localcloud/services/stepfunctions/executions/definitions.hpp"

#include "base/check.hpp"

namespace localcloud::stepfunctions {
namespace {

constexpr std::size_t kKeptMax = 256;

}  // namespace

asl::Definition Definitions::find(const std::string& revision) const {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(revision);
  return found == kept_.end() ? nullptr : found->second;
}

asl::Definition Definitions::parse(const std::string& revision, std::string_view text) {
  if (asl::Definition kept = find(revision)) return kept;
  auto definition = asl::parse_definition(text);
  CHECK(definition.has_value());
  const std::lock_guard lock(mutex_);
  if (kept_.size() >= kKeptMax) kept_.clear();
  kept_.emplace(revision, *definition);
  return *definition;
}

}  // namespace localcloud::stepfunctions
