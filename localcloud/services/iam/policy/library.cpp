// Policies that were compiled.

#include "localcloud/services/iam/policy/library.hpp"

namespace localcloud::iam::policy {

std::shared_ptr<const Document> Library::compile(std::string_view text, DocumentKind kind) {
  std::string key(1, static_cast<char>('0' + static_cast<int>(kind)));
  key += text;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = kept_.find(key); found != kept_.end()) return found->second;
  }
  auto document = parse(text, kind);
  if (!document) return nullptr;
  auto compiled = std::make_shared<const Document>(std::move(*document));
  const std::lock_guard lock(mutex_);
  if (kept_.size() >= kKeptMax) kept_.clear();
  kept_.insert_or_assign(std::move(key), compiled);
  return compiled;
}

}  // namespace localcloud::iam::policy
