// ua-parser's rules, and the tests that come with them where Debian's package uap-core is installed.

#include "pipeline/enrichment/user_agents.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "base/text.hpp"
#include "pipeline/enrichment/atoms.hpp"
#include "pipeline/enrichment/bots.hpp"

namespace pipeline::enrichment {
namespace {

const std::string kFolder = "/usr/share/uap-core";

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// A scalar of the tests' YAML, which is of one kind: 'It''s' or "x" or x.
std::string scalar(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r')) text.remove_suffix(1);
  if (text.size() < 2 || (text[0] != '\'' && text[0] != '"')) return std::string(text == "null" ? "" : text);
  const char quote = text[0];
  std::string out;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if ((quote == '\'' && text[i] == '\'') || (quote == '"' && text[i] == '\\')) ++i;
    out += text[i];
  }
  return out;
}

using Case = std::unordered_map<std::string, std::string>;

std::vector<Case> cases_of(const std::string& path) {
  std::vector<Case> cases;
  std::istringstream lines(text_of(path));
  for (std::string line; std::getline(lines, line);) {
    const auto begin = line.find_first_not_of(" -");
    const auto colon = line.find(':');
    if (begin == std::string::npos || colon == std::string::npos || line[begin] == '#') continue;
    const std::string name = line.substr(begin, colon - begin);
    if (name == "user_agent_string") cases.emplace_back();
    if (!cases.empty()) cases.back()[name] = scalar(std::string_view(line).substr(colon + 1));
  }
  return cases;
}

std::string version(Case& one, std::initializer_list<const char*> parts) {
  std::string version;
  for (const char* const part : parts) {
    if (one[part].empty()) break;
    version += (version.empty() ? "" : ".") + one[part];
  }
  return version;
}

// The tests of uap-core: browsers, systems, devices.
TEST(UserAgents, uap_core) {
  if (!std::filesystem::exists(kFolder + "/regexes.yaml")) GTEST_SKIP() << "uap-core isn't installed";
  const auto agents = UserAgents::parse(text_of(kFolder + "/regexes.yaml"));
  ASSERT_TRUE(agents) << agents.error();
  EXPECT_GT(agents->size(), 1000u);
  EXPECT_EQ(agents->skipped(), 0u);
  std::size_t asked = 0;
  std::size_t failed = 0;
  const auto expect = [&](Case& one, const std::string& found, const std::string& expected) {
    ++asked;
    if (found == expected) return;
    if (++failed < 20) ADD_FAILURE() << one["user_agent_string"] << "\n  is " << found << ", not " << expected;
  };
  for (Case& one : cases_of(kFolder + "/tests/test_ua.yaml")) {
    const UserAgent agent = agents->describe(one["user_agent_string"]);
    expect(one, agent.browser + " " + agent.browser_version,
           one["family"] + " " + version(one, {"major", "minor", "patch"}));
  }
  for (Case& one : cases_of(kFolder + "/tests/test_os.yaml")) {
    const UserAgent agent = agents->describe(one["user_agent_string"]);
    expect(one, agent.system + " " + agent.system_version,
           one["family"] + " " + version(one, {"major", "minor", "patch"}));
  }
  for (Case& one : cases_of(kFolder + "/tests/test_device.yaml")) {
    const UserAgent agent = agents->describe(one["user_agent_string"]);
    expect(one, agent.device + "|" + agent.brand + "|" + agent.model,
           one["family"] + "|" + one["brand"] + "|" + one["model"]);
  }
  EXPECT_EQ(failed, 0u);
  std::cout << "uap-core: " << asked - failed << " of " << asked << "\n";
}

// Replacements, the groups that stand in for them, flags; what can't be run in linear time is skipped.
TEST(UserAgents, rules) {
  const auto agents = UserAgents::parse(R"(
user_agent_parsers:
  - regex: '(?!x)never'
  - regex: '(Alpha)/(\d+)\.(\d+)'
  - regex: '(Beta)Browser/(\d+)'
    family_replacement: 'Beta ($1)'
    v2_replacement: '7'
os_parsers:
  - regex: 'Win(95|NT)'
    os_replacement: 'Windows $1'
device_parsers:
  - regex: 'spider'
    regex_flag: 'i'
    device_replacement: 'Spider'
    brand_replacement: 'Spider'
    model_replacement: 'Desktop'
  - regex: '; *(PEDI)_(PLUS)_(W) Build'
    device_replacement: 'Odys $1 $2 $3'
    brand_replacement: ' Odys '
)");
  ASSERT_TRUE(agents) << agents.error();
  EXPECT_EQ(agents->size(), 5u);
  EXPECT_EQ(agents->skipped(), 1u);
  EXPECT_EQ(agents->describe("Alpha/1.20").browser_version, "1.20");
  EXPECT_EQ(agents->describe("BetaBrowser/3").browser, "Beta (Beta)");
  EXPECT_EQ(agents->describe("BetaBrowser/3").browser_version, "3.7");
  EXPECT_EQ(agents->describe("x; WinNT").system, "Windows NT");
  EXPECT_EQ(agents->describe("sPiDeR/2").device, "Spider");
  const UserAgent odys = agents->describe("(Linux; PEDI_PLUS_W Build/1)");
  EXPECT_EQ(odys.device + "|" + odys.brand + "|" + odys.model, "Odys PEDI PLUS W|Odys|PEDI");
  const UserAgent unknown = agents->describe("never alpha/1");
  EXPECT_EQ(unknown.browser + unknown.browser_version + unknown.system + unknown.device, "OtherOtherOther");
}

TEST(UserAgents, malformed) {
  for (const char* const yaml :
       {"", "- 1", "7", "a: [", "user_agent_parsers: 7", "user_agent_parsers: [7, {regex: '('}, {}]"}) {
    EXPECT_FALSE(UserAgents::parse(yaml)) << yaml;
  }
}

// Texts made to take long, and bytes that end within a character, cost no more than others.
TEST(UserAgents, hostile) {
  const auto agents = UserAgents::parse("user_agent_parsers: [{regex: '(a+a+)+b(é|.)'}, {regex: '(x.)'}]");
  ASSERT_TRUE(agents);
  EXPECT_EQ(agents->describe(std::string(100'000, 'a')).browser, "Other");
  EXPECT_EQ(agents->describe("x\xc3\xa9").browser, "");
  for (int i = 0; i < 20'000; ++i) agents->describe("a" + std::to_string(i));
}

TEST(Atoms, in_a_text) {
  const Atoms atoms({"abc", "bcd", "abcdef", "xy"});
  EXPECT_EQ(atoms.in("abcde"), (std::vector<int>{0, 1}));
  EXPECT_EQ(atoms.in("abcabcdef"), (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(atoms.in("ab x"), std::vector<int>{});
  EXPECT_EQ(atoms.in("axy"), std::vector<int>{3});
  EXPECT_EQ(Atoms().in("abc"), std::vector<int>{});
}

TEST(Bots, words_and_devices) {
  const auto words = default_bot_words();
  EXPECT_TRUE(is_bot("Mozilla/5.0 (compatible; Googlebot/2.1)", "Other", words));
  EXPECT_TRUE(is_bot("Mozilla/5.0 HeadlessChrome/120.0", "Other", words));
  EXPECT_TRUE(is_bot("something", "Spider", {}));
  EXPECT_FALSE(is_bot("Mozilla/5.0 (Linux; Android 9; CUBOT_X18) Chrome/120.0", "Cubot", words));
  EXPECT_FALSE(is_bot("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0", "Other", words));
}

}  // namespace
}  // namespace pipeline::enrichment
