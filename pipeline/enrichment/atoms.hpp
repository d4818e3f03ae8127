#pragma once
// Which of many words a text holds, in a time that grows with the text and hardly with the number of words.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pipeline::enrichment {

// Immutable, thread-safe.
class Atoms {
 public:
  static constexpr std::size_t kLengthMin = 2;

  Atoms() = default;
  // Each of kLengthMin bytes or more.
  explicit Atoms(std::vector<std::string> words);

  // The indexes of those that are in the text, each once.
  std::vector<int> in(std::string_view text) const;

 private:
  static std::uint16_t beginning_of(std::string_view text);  // its first kLengthMin bytes

  std::vector<std::string> words_;
  std::unordered_map<std::uint16_t, std::vector<int>> by_beginning_;
};

}  // namespace pipeline::enrichment
