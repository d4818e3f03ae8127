#pragma once
// Policies that were compiled, by their text: the same text is compiled once, a changed one is another text.

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "localcloud/services/iam/policy/document.hpp"

namespace localcloud::iam::policy {

// Thread-safe.
class Library {
 public:
  // Nothing where the text isn't a policy.
  std::shared_ptr<const Document> compile(std::string_view text, DocumentKind kind);

 private:
  static constexpr std::size_t kKeptMax = 4096;
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<const Document>> kept_;  // by kind and text
};

}  // namespace localcloud::iam::policy
