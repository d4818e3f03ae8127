#pragma once
// Parsed definitions, kept by revision, so that a start doesn't parse again.

#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "localcloud/services/stepfunctions/asl/definition.hpp"

namespace localcloud::stepfunctions {

// Thread-safe.
class Definitions {
 public:
  // The definition of that revision, where it is kept.
  asl::Definition find(const std::string& revision) const;
  // Parses a text that was accepted before, and keeps it.
  asl::Definition parse(const std::string& revision, std::string_view text);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, asl::Definition, std::less<>> kept_;
};

}  // namespace localcloud::stepfunctions
