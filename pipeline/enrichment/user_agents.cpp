// Three lists of rules; of each the first that matches. A rule is tried only where the words that it can't match
// without are in the text, which leaves a handful of a thousand.

#include "pipeline/enrichment/user_agents.hpp"

#include <re2/filtered_re2.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "base/text.hpp"
#include "pipeline/enrichment/atoms.hpp"

namespace pipeline::enrichment {

namespace {

constexpr std::size_t kGroupsMax = 9;  // $1 to $9
constexpr std::size_t kRulesMax = 20'000;

// What a rule makes of its groups, in the order of its list's values; empty: the group of that number.
using Replacements = std::array<std::string, 4>;
using Values = std::array<std::string, 4>;
using Groups = std::array<re2::StringPiece, kGroupsMax + 1>;

struct Names {
  const char* list;
  std::array<const char*, 4> replacements;
  std::array<int, 4> groups;  // that stand in for replacements that aren't there; 0: none does
};
constexpr Names kBrowsers = {
    "user_agent_parsers", {"family_replacement", "v1_replacement", "v2_replacement", "v3_replacement"}, {1, 2, 3, 4}};
constexpr Names kSystems = {
    "os_parsers", {"os_replacement", "os_v1_replacement", "os_v2_replacement", "os_v3_replacement"}, {1, 2, 3, 4}};
constexpr Names kDevices = {
    "device_parsers", {"device_replacement", "brand_replacement", "model_replacement", ""}, {1, 0, 1, 0}};

std::string text_in(const YAML::Node& rule, const char* name) {
  const YAML::Node value = rule[name];
  return value && value.IsScalar() ? value.Scalar() : "";
}

std::string_view view(re2::StringPiece piece) {
  return piece.data() ? std::string_view(piece.data(), piece.size()) : std::string_view();
}

// "$1" to "$9" by what the groups matched, blanks at the ends left out.
std::string filled(std::string_view replacement, const Groups& groups) {
  std::string out;
  for (std::size_t i = 0; i < replacement.size(); ++i) {
    const char next = i + 1 < replacement.size() ? replacement[i + 1] : '\0';
    if (replacement[i] == '$' && next >= '1' && next <= '9') {
      out += view(groups[static_cast<std::size_t>(next - '0')]);
      ++i;
    } else {
      out += replacement[i];
    }
  }
  return out;
}

// One of the three lists.
class Rules {
 public:
  explicit Rules(const Names& names) : names_(names), filter_(Atoms::kLengthMin) {}

  void read(const YAML::Node& document) {
    const YAML::Node list = document[names_.list];
    if (!list || !list.IsSequence()) return;
    for (const YAML::Node& rule : list) {
      if (rule.IsMap() && replacements_.size() < kRulesMax && add(rule)) continue;
      ++skipped_;
    }
    if (replacements_.empty()) return;
    std::vector<std::string> words;
    filter_.Compile(&words);
    atoms_ = Atoms(std::move(words));
  }

  // The values of the first rule that matches; the first is "Other" where none does.
  Values find(const std::string& text, const std::string& lower) const {
    Values values = {"Other"};
    if (replacements_.empty()) return values;
    const int index = filter_.FirstMatch(text, atoms_.in(lower));
    if (index < 0) return values;
    const re2::RE2& pattern = filter_.GetRE2(index);
    Groups groups;
    const int count = std::min(static_cast<int>(kGroupsMax), pattern.NumberOfCapturingGroups()) + 1;
    if (!pattern.Match(text, 0, text.size(), re2::RE2::UNANCHORED, groups.data(), count)) return values;
    const Replacements& replacements = replacements_[static_cast<std::size_t>(index)];
    for (std::size_t i = 0; i < values.size(); ++i) {
      const auto group = static_cast<std::size_t>(names_.groups[i]);
      std::string value = !replacements[i].empty() ? filled(replacements[i], groups)
                          : group > 0              ? std::string(view(groups[group]))
                                                   : "";
      // A group may end within a character: patterns are of bytes.
      values[i] = base::first_invalid_utf8(value) ? "" : std::string(base::trim(value));
    }
    return values;
  }

  std::size_t size() const { return replacements_.size(); }
  std::size_t skipped() const { return skipped_; }

 private:
  bool add(const YAML::Node& rule) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_encoding(re2::RE2::Options::EncodingLatin1);
    options.set_case_sensitive(text_in(rule, "regex_flag") != "i");
    constexpr std::int64_t kBytesMax = 1 << 20;  // of the pattern's program and of what it remembers
    options.set_max_mem(kBytesMax);
    const std::string pattern = text_in(rule, "regex");
    int index = 0;
    if (pattern.empty() || filter_.Add(pattern, options, &index) != re2::RE2::NoError) return false;
    Replacements& replacements = replacements_.emplace_back();
    for (std::size_t i = 0; i < replacements.size(); ++i) replacements[i] = text_in(rule, names_.replacements[i]);
    return true;
  }

  const Names& names_;
  re2::FilteredRE2 filter_;
  Atoms atoms_;
  std::vector<Replacements> replacements_;  // by the filter's indexes
  std::size_t skipped_ = 0;
};

std::string version_of(const Values& values) {
  std::string version = values[1];
  for (std::size_t i = 2; i < values.size() && !values[i].empty(); ++i) version += "." + values[i];
  return version;
}

}  // namespace

struct UserAgents::State {
  Rules browsers{kBrowsers};
  Rules systems{kSystems};
  Rules devices{kDevices};

  std::mutex mutex;
  std::unordered_map<std::string, UserAgent> known;
};

UserAgents::UserAgents(std::unique_ptr<State> state) : state_(std::move(state)) {}
UserAgents::UserAgents(UserAgents&&) noexcept = default;
UserAgents& UserAgents::operator=(UserAgents&&) noexcept = default;
UserAgents::~UserAgents() = default;

std::expected<UserAgents, std::string> UserAgents::parse(const std::string& yaml) {
  auto state = std::make_unique<State>();
  try {
    const YAML::Node document = YAML::Load(yaml);
    if (!document.IsMap()) return std::unexpected("isn't a map of ua-parser's lists");
    for (Rules* const rules : {&state->browsers, &state->systems, &state->devices}) rules->read(document);
  } catch (const YAML::Exception& exception) {
    return std::unexpected(exception.what());
  }
  UserAgents agents(std::move(state));
  if (agents.size() == 0) return std::unexpected("holds no rule that can be used");
  return agents;
}

UserAgent UserAgents::describe(std::string_view text) const {
  constexpr std::size_t kKnownMax = 5000;
  std::string asked(text);
  {
    const std::lock_guard lock(state_->mutex);
    const auto found = state_->known.find(asked);
    if (found != state_->known.end()) return found->second;
  }
  const std::string lower = base::lower(asked);
  Values browser = state_->browsers.find(asked, lower);
  Values system = state_->systems.find(asked, lower);
  Values device = state_->devices.find(asked, lower);
  UserAgent agent{.browser = std::move(browser[0]),
                  .browser_version = version_of(browser),
                  .system = std::move(system[0]),
                  .system_version = version_of(system),
                  .device = std::move(device[0]),
                  .brand = std::move(device[1]),
                  .model = std::move(device[2])};
  const std::lock_guard lock(state_->mutex);
  if (state_->known.size() >= kKnownMax) state_->known.clear();
  state_->known.insert_or_assign(std::move(asked), agent);
  return agent;
}

std::size_t UserAgents::size() const {
  return state_->browsers.size() + state_->systems.size() + state_->devices.size();
}

std::size_t UserAgents::skipped() const {
  return state_->browsers.skipped() + state_->systems.skipped() + state_->devices.skipped();
}

}  // namespace pipeline::enrichment
