// Words by their first two bytes.

#include "pipeline/enrichment/atoms.hpp"

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace pipeline::enrichment {

Atoms::Atoms(std::vector<std::string> words) : words_(std::move(words)) {
  for (std::size_t i = 0; i < words_.size(); ++i) {
    CHECK(words_[i].size() >= kLengthMin);
    by_beginning_[beginning_of(words_[i])].push_back(static_cast<int>(i));
  }
}

std::uint16_t Atoms::beginning_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return unsigned{static_cast<unsigned char>(text[i])}; };
  return static_cast<std::uint16_t>(byte(0) << 8 | byte(1));
}

std::vector<int> Atoms::in(std::string_view text) const {
  std::vector<int> found;
  for (; text.size() >= kLengthMin; text.remove_prefix(1)) {
    const auto same = by_beginning_.find(beginning_of(text));
    if (same == by_beginning_.end()) continue;
    for (const int word : same->second) {
      if (text.starts_with(words_[static_cast<std::size_t>(word)])) found.push_back(word);
    }
  }
  std::ranges::sort(found);
  found.erase(std::ranges::unique(found).begin(), found.end());
  return found;
}

}  // namespace pipeline::enrichment
