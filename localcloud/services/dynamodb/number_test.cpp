// Numbers: what text they take, how they print, sort and add up, at every edge of the 38 digits.

#include "localcloud/services/dynamodb/number.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace localcloud::dynamodb {
namespace {

const std::string kDigits38(38, '9');

Number number(std::string_view text) {
  Result<Number> parsed = Number::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed.value_or(Number());
}

std::string ordered(std::string_view text) {
  std::string out;
  number(text).append_ordered(out);
  return out;
}

// What AWS takes, and the plain notation it gives back.
TEST(Number, ReadsAndPrints) {
  const std::pair<std::string, std::string> cases[] = {
      {"0", "0"},
      {"-0", "0"},
      {"0.000", "0"},
      {"0e500", "0"},
      {"1", "1"},
      {"+1", "1"},
      {"007", "7"},
      {"-12.50", "-12.5"},
      {".5", "0.5"},
      {"5.", "5"},
      {"1e3", "1000"},
      {"1E+3", "1000"},
      {"1.5e-3", "0.0015"},
      {"100", "100"},
      {"0.000000000000000000000000000000000000000000001", "0.000000000000000000000000000000000000000000001"},
      {kDigits38, kDigits38},
      {kDigits38 + "000", kDigits38 + "000"},
      {"0.000" + kDigits38, "0.000" + kDigits38},
      {"1" + std::string(125, '0'), "1" + std::string(125, '0')},
      {"9.99e125", "999" + std::string(123, '0')},
      {"1e-130", "0." + std::string(129, '0') + "1"},
      {"1000000000000000000000000000000000000000000000000000001e-54", ""},
      {"10000000000000000000000000000000000001", "10000000000000000000000000000000000001"},
      {"0.10", "0.1"},
      {"1e-1", "0.1"},
  };
  for (const auto& [text, printed] : cases) {
    const Result<Number> parsed = Number::parse(text);
    if (printed.empty()) {
      EXPECT_FALSE(parsed) << text;
      continue;
    }
    ASSERT_TRUE(parsed) << text;
    EXPECT_EQ(parsed->text(), printed) << text;
  }
}

// What AWS refuses, in its words.
TEST(Number, Refuses) {
  const std::string not_numeric = "The parameter cannot be converted to a numeric value";
  const std::string overflow =
      "Number overflow. Attempting to store a number with magnitude larger than supported range";
  const std::string underflow =
      "Number underflow. Attempting to store a number with magnitude smaller than supported range";
  const std::string too_long = "Attempting to store more than 38 significant digits in a Number";
  const std::pair<std::string, std::string> cases[] = {
      {"", not_numeric},
      {"a", not_numeric + ": a"},
      {"NaN", not_numeric + ": NaN"},
      {"Infinity", not_numeric + ": Infinity"},
      {" 1", not_numeric + ":  1"},
      {"1 ", not_numeric + ": 1 "},
      {"1e", not_numeric + ": 1e"},
      {"--1", not_numeric + ": --1"},
      {"1.2.3", not_numeric + ": 1.2.3"},
      {".", not_numeric + ": ."},
      {"0x10", not_numeric + ": 0x10"},
      {"1e126", overflow},
      {"-1e126", overflow},
      {"1e99999999999999999999999", overflow},
      {"1" + std::string(126, '0'), overflow},
      {"1e-131", underflow},
      {"-1e-131", underflow},
      {"0.9e-130", underflow},
      {kDigits38 + "9", too_long},
      {"1" + std::string(37, '0') + "1", too_long},
      {"0." + kDigits38 + "1", too_long},
  };
  for (const auto& [text, message] : cases) {
    const Result<Number> parsed = Number::parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().message, message) << text;
    EXPECT_EQ(parsed.error().code, "ValidationException");
  }
}

// Comparison and the bytes of keys agree, over a list given in order.
TEST(Number, SortsAsItsBytesDo) {
  const std::vector<std::string> sorted = {"-9.99e125",
                                           "-1e125",
                                           "-100",
                                           "-99.5",
                                           "-10",
                                           "-9",
                                           "-1.1",
                                           "-1",
                                           "-0.5",
                                           "-1e-129",
                                           "-1e-130",
                                           "0",
                                           "1e-130",
                                           "1.1e-130",
                                           "2e-130",
                                           "1e-129",
                                           "0.5",
                                           "1",
                                           "1.0000000000000000000000000000000000001",
                                           "1.1",
                                           "2",
                                           "9",
                                           "10",
                                           "99.5",
                                           "100",
                                           kDigits38,
                                           "1e125",
                                           "9.99e125"};
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    for (std::size_t j = 0; j < sorted.size(); ++j) {
      EXPECT_EQ(number(sorted[i]) <=> number(sorted[j]), i <=> j) << sorted[i] << " " << sorted[j];
      EXPECT_EQ(ordered(sorted[i]) < ordered(sorted[j]), i < j) << sorted[i] << " " << sorted[j];
    }
  }
}

// Sums are exact, however far apart the digits lie, and refused where they need more than 38 of them.
TEST(Number, Adds) {
  const std::tuple<std::string, std::string, std::string> cases[] = {
      {"1", "2", "3"},
      {"1", "-1", "0"},
      {"0.1", "0.2", "0.3"},
      {"-5", "3", "-2"},
      {"99", "1", "100"},
      {"1e125", "-1e125", "0"},
      {kDigits38, "1", "1" + std::string(38, '0')},
      {kDigits38, "-" + kDigits38, "0"},
      {"1e38", "-1", kDigits38},
      {"1" + std::string(40, '0'), "-" + kDigits38 + "00", "100"},
      {"1e37", "1", "10000000000000000000000000000000000001"},
      {"1000", "-0.001", "999.999"},
      {"123.45", "-0.45", "123"},
  };
  for (const auto& [a, b, sum] : cases) {
    const Result<Number> forth = add(number(a), number(b));
    const Result<Number> back = add(number(b), number(a));
    ASSERT_TRUE(forth) << a << " " << b;
    EXPECT_EQ(forth->text(), sum) << a << " + " << b;
    EXPECT_EQ(*forth, *back);
  }
  EXPECT_EQ(subtract(number("3"), number("5"))->text(), "-2");
  for (const auto& [a, b] : {std::pair{"1e38", "1"}, {"1e125", "1"}, {"1e39", "-1"}, {"1e-130", "1"}}) {
    ASSERT_FALSE(add(number(a), number(b))) << a << " " << b;
    EXPECT_EQ(add(number(a), number(b)).error().message,
              "Attempting to store more than 38 significant digits in a Number");
  }
  EXPECT_TRUE(add(number("9e125"), number("9e125")).error().message.starts_with("Number overflow"));
  EXPECT_TRUE(add(number("1.1e-130"), number("-1e-130")).error().message.starts_with("Number underflow"));
}

// Small numbers agree with the machine's own arithmetic, order and text.
TEST(Number, AgreesWithIntegers) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 2000; ++round) {
    const auto a = static_cast<std::int64_t>(random()) >> (random() % 60 + 2);
    const auto b = static_cast<std::int64_t>(random()) >> (random() % 60 + 2);
    EXPECT_EQ(Number(a).text(), std::to_string(a));
    EXPECT_EQ(number(std::to_string(a)), Number(a));
    EXPECT_EQ(add(Number(a), Number(b))->text(), std::to_string(a + b));
    EXPECT_EQ(Number(a) <=> Number(b), a <=> b);
    EXPECT_EQ(Number(a).as_int64(), a);
  }
  EXPECT_EQ(Number(INT64_MIN).as_int64(), INT64_MIN);
  EXPECT_EQ(Number(INT64_MAX).as_int64(), INT64_MAX);
  EXPECT_EQ(number("9223372036854775808").as_int64(), std::nullopt);
  EXPECT_EQ(number("1.5").as_int64(), std::nullopt);
  EXPECT_EQ(number("1e30").as_int64(), std::nullopt);
}

}  // namespace
}  // namespace localcloud::dynamodb
