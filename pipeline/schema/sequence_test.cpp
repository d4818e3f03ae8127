// Sequences judge every text as RE2 does.

#include "pipeline/schema/sequence.hpp"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <random>
#include <string>

#include "pipeline/schema/pattern.hpp"

namespace pipeline::schema {
namespace {

// Texts over the pattern's own characters, short enough that many of them match.
std::string any_text(std::mt19937& dice, std::string_view pattern) {
  static constexpr std::string_view kOthers[] = {
      "a", "Z", "0", "9", "-", ".", "_", "/", "\n", "\xc3\xa9", "\xf0\x9f\x98\x80"};
  std::string text;
  for (std::size_t left = dice() % 8; left > 0; --left) {
    const char c = pattern[dice() % pattern.size()];
    if (dice() % 3 == 0) {
      text += kOthers[dice() % std::size(kOthers)];
    } else {
      text += static_cast<unsigned char>(c) < 0x80 ? c : 'a';
    }
  }
  return text;
}

TEST(Sequence, JudgesAsRe2) {
  const char* const patterns[] = {"^[a-z0-9_-]+$",
                                  "^[A-Z]{3}$",
                                  "^/",
                                  "^[a-z]{2}(-[A-Z]{2})?$",
                                  "^\\d+(\\.\\d+)*$",
                                  "^a*$",
                                  "^a?b$",
                                  "^[^/]+/a$",
                                  "^(ab)+c$",
                                  "^(?:a|-)?x",
                                  "^a{2,3}b{0,2}$",
                                  "^a{2,}$",
                                  "^\\w+\\.\\w+$",
                                  "^x(y(z)?)?$",
                                  "^(a-)*z+$",
                                  "^https?://[^/]*$",
                                  "^[\\d-]{1,4}$",
                                  "^[^a]*",
                                  "^a+",
                                  "^$",
                                  "^",
                                  "^(a0)*(-9)?$",
                                  "^[a\\-z]+$",
                                  "^-?(0|[1-9]\\d*)$"};
  std::mt19937 dice(7);
  for (const std::string pattern : patterns) {
    const auto sequence = Sequence::compile(pattern);
    if (!sequence) continue;
    const re2::RE2 expected(pattern);
    for (int i = 0; i < 3000; ++i) {
      const std::string text = any_text(dice, pattern);
      ASSERT_EQ(sequence->matches(text), re2::RE2::PartialMatch(text, expected)) << pattern << " on \"" << text << '"';
    }
  }
}

// Which patterns are taken, and which are left to RE2.
TEST(Sequence, TakesWhatTheNextByteDecides) {
  for (const char* pattern : {"^[a-z0-9_-]+$", "^[A-Z]{3}$", "^/", "^[a-z]{2}(-[A-Z]{2})?$", "^\\d+(\\.\\d+)*$",
                              "^[^/]+/a$", "^[0-9a-f]{8}-[0-9a-f]{4}$", "^(a-)*z+$", "^$"}) {
    EXPECT_TRUE(Sequence::compile(pattern)) << pattern;
  }
  for (const char* pattern : {"abc",
                              "a$",
                              "^a|b$",
                              "^(a|b)$",
                              "^a*a$",
                              "^[a-z]*end$",
                              "^.$",
                              "^[^/]{2}$",
                              "^\xc3\xa9$",
                              "^(a*)*$",
                              "^(ab?)?b$",
                              "^a+?$",
                              "^(a){2}$",
                              "^\\bx$",
                              "^a$b",
                              "^(a",
                              "^a)",
                              "^[z-a]$",
                              "^[]$",
                              "^a{3,2}$",
                              "^\\",
                              "^[a",
                              "^(ab)?a",
                              "^(?=a)a$",
                              "^\\s$",
                              "^a{99999999999}$",
                              "^((((((a))))))$"}) {
    EXPECT_FALSE(Sequence::compile(pattern)) << pattern;
  }
}

// Look-ahead at the very beginning is a pattern of its own.
TEST(Pattern, LookAhead) {
  struct Case {
    const char* pattern;
    const char* text;
    bool matches;
  };
  for (const auto& [pattern, text, matches] :
       {Case{"^((?!data)([a-z]+):(.*))$", "https:x", true}, Case{"^((?!data)([a-z]+):(.*))$", "data:x", false},
        Case{"^(?!a|b)c?", "ax", false}, Case{"^(?!a|b)c?", "x", true},
        Case{"^(?=.*\\d)(?=.*[a-z]).{3,}$", "a1-", true}, Case{"^(?=.*\\d)(?=.*[a-z]).{3,}$", "a--", false},
        Case{"^(?![(\\)])x", "x", true}}) {
    const auto compiled = Pattern::compile(pattern);
    ASSERT_TRUE(compiled) << pattern << ": " << compiled.error();
    EXPECT_EQ(compiled->matches(text), matches) << pattern << " on " << text;
  }
  for (const char* pattern : {"^((?!a)b|c)$", "x(?!a)", "^a(?=b)", "^((?!a)b)?$", "(?<!a)b", "^(?!(?=a)b)c"})
    EXPECT_FALSE(Pattern::compile(pattern)) << pattern;
}

}  // namespace
}  // namespace pipeline::schema
