#pragma once
// Browsers, systems and devices by what they call themselves: ua-parser's rules, as its regexes.yaml has them.
// https://github.com/ua-parser/uap-core/blob/master/docs/specification.md

#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace pipeline::enrichment {

// Empty where it isn't known; a family that isn't known is "Other".
struct UserAgent {
  std::string browser;
  std::string browser_version;  // "120.0.1", as far as it goes
  std::string system;
  std::string system_version;
  std::string device;
  std::string brand;
  std::string model;
};

// Thread-safe.
class UserAgents {
 public:
  // What is wrong with the YAML, where it holds no rules. Rules whose patterns can't be run in linear time are skipped.
  static std::expected<UserAgents, std::string> parse(const std::string& yaml);

  UserAgents(UserAgents&&) noexcept;
  UserAgents& operator=(UserAgents&&) noexcept;
  ~UserAgents();

  // In a time that grows with the text, which is UTF-8; what was asked before is remembered, up to a limit.
  UserAgent describe(std::string_view text) const;

  std::size_t size() const;     // rules
  std::size_t skipped() const;  // and those that aren't among them

 private:
  struct State;
  explicit UserAgents(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace pipeline::enrichment
