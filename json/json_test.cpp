// JSON: what parses, what doesn't and where it says so, exact numbers, and text out.

#include <gtest/gtest.h>

#include "json/document.hpp"
#include "json/parse.hpp"
#include "json/pointer.hpp"
#include "json/write.hpp"

namespace json {
namespace {

// Text that parses comes out as the same text: members in order, numbers as written.
TEST(Json, WritesWhatItRead) {
  for (const char* text :
       {R"({"b":1,"a":[true,false,null,"x"],"c":{}})", "-0.50", "12345678901234567890123456789012345678",
        R"("\n\t\"\\é\u0001")", R"("\u0008\u000c/")", "[]", R"([[[1e400]]])"}) {
    const auto value = parse(text);
    ASSERT_TRUE(value) << text << ": " << value.error().describe();
    EXPECT_EQ(write(*value), text);
  }
}

// Strings are read and written in runs of sixteen or eight bytes: each byte that ends a run is found wherever in it it
// stands.
TEST(Json, FindsWhatMustBeEscapedAtEveryPlace) {
  for (std::size_t length = 0; length < 40; ++length) {
    for (std::size_t at = 0; at <= length; ++at) {
      for (const std::string odd : {"\"", "\\", "\x1f", "\n", "\x7f", " ", "!", "é", "\xf4\x8f\xbf\xbf"}) {
        std::string text(length, 'a');
        text.insert(at, odd);
        std::string written;
        write_string(written, text);
        const auto value = parse(written);
        ASSERT_TRUE(value) << written << ": " << value.error().describe();
        EXPECT_EQ(value->as_string(), text);
        const bool escaped = odd == "\"" || odd == "\\" || odd == "\x1f" || odd == "\n";
        EXPECT_EQ(parse('"' + text + '"').has_value(), !escaped) << text;
      }
      std::string text(length, 'a');
      text.insert(at, 1, '\xff');
      const auto value = parse('"' + text + '"');
      ASSERT_FALSE(value);
      EXPECT_EQ(value.error().offset, at + 1);
    }
  }
}

// Escapes of every kind, and as many as there may be.
TEST(Json, ReadsEscapes) {
  EXPECT_EQ(parse(R"("\"\\\/\b\f\n\r\t")")->as_string(), "\"\\/\b\f\n\r\t");
  EXPECT_EQ(parse(R"("a\u00e9b\u20AC\ud83d\ude00\u0000c")")->as_string(), std::string("aéb€😀\0c", 13));
  EXPECT_EQ(parse(R"({"\u0061":1,"a":2})")->get_int64("a"), 2);
  std::string text, meant;
  for (int i = 0; i < 1000; ++i) {
    text += R"(\n\u0078)";
    meant += "\nx";
  }
  EXPECT_EQ(parse('"' + text + '"')->as_string(), meant);
}

// Much in few bytes: each array and object has the places that it needs.
TEST(Json, ReadsManyValues) {
  std::string text;
  for (int i = 0; i < 10'000; ++i) text += "1,[],{},";
  const auto value = parse('[' + text + "0]");
  ASSERT_TRUE(value);
  EXPECT_EQ(value->as_array().size(), 30'001u);
  EXPECT_EQ(write(*value), '[' + text + "0]");
}

// A value may be given what lies in it, and what it was is gone.
TEST(Json, ValuesMove) {
  Value value = *parse(R"({"a":[1,{"b":"a text that is longer than sixteen bytes"}]})");
  value = value.as_object().begin()->second;
  value = std::move(value.as_array()[1]);
  value = Value(value).as_object().begin()->second;
  EXPECT_EQ(value, Value("a text that is longer than sixteen bytes"));
  Array values;
  for (int i = 0; i < 100; ++i) values.emplace_back(i % 2 ? Value(i) : value);
  EXPECT_EQ(values[98], value);
  EXPECT_EQ(values[99], Value(99));
  EXPECT_THROW(static_cast<void>(values[99].as_string()), std::logic_error);
}

// What isn't JSON is refused, with the byte where that was noticed.
TEST(Json, SaysWhereTheTextIsWrong) {
  const struct {
    std::string_view text;
    std::size_t offset;
  } cases[] = {
      {"", 0},           {"{", 1},           {"[1,]", 3},        {R"({"a":1,})", 7},
      {"01", 1},         {"1.", 2},          {"nul", 0},         {"\"\x01\"", 1},
      {"\"\xff\"", 1},   {R"("\ud800")", 7}, {R"("\udc00")", 7}, {"{} x", 3},
      {R"({"a" 1})", 5}, {"'a'", 0},         {"\"abc", 4},       {"-", 1},
      {"[1 2]", 3},      {R"("\x")", 2},     {"NaN", 0},         {"\xef\xbb\xbf{}", 0},
  };
  for (const auto& [text, offset] : cases) {
    const auto value = parse(text);
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error().offset, offset) << text << ": " << value.error().describe();
  }
}

// Depth is limited, so hostile nesting can't exhaust the stack.
TEST(Json, LimitsDepth) {
  EXPECT_TRUE(parse(std::string(256, '[') + std::string(256, ']')));
  EXPECT_FALSE(parse(std::string(257, '[') + std::string(257, ']')));
  EXPECT_FALSE(parse(std::string(1'000'000, '[')));
}

// The last of a repeated name wins, also in large objects, where names are indexed.
TEST(Json, KeepsTheLastOfARepeatedName) {
  EXPECT_EQ(write(*parse(R"({"a":1,"b":2,"a":3})")), R"({"a":3,"b":2})");
  std::string text = "{";
  for (int i = 0; i < 100; ++i) text += "\"k" + std::to_string(i) + "\":1,";
  text += R"("k7":2,"k99":3})";
  const auto value = parse(text);
  EXPECT_EQ(value->as_object().size(), 100u);
  EXPECT_EQ(value->get_int64("k7"), 2);
  EXPECT_EQ(value->get_int64("k99"), 3);
}

// Numbers compare by value, exactly, beyond what a double holds.
TEST(Json, ComparesNumbersExactly) {
  const auto number = [](const char* text) { return Number::from_text(text); };
  EXPECT_EQ(number("1"), number("1.0"));
  EXPECT_EQ(number("100"), number("1e2"));
  EXPECT_EQ(number("-0"), number("0.0e9"));
  EXPECT_LT(compare(number("9007199254740992"), number("9007199254740993")), 0);
  EXPECT_LT(compare(number("-2"), number("1")), 0);
  EXPECT_GT(compare(number("-1.5"), number("-1.6")), 0);
  EXPECT_GT(compare(number("1e999999999999999999"), number("1e400")), 0);
  EXPECT_EQ(number("1e2").as_int64(), 100);
  EXPECT_EQ(number("1.50e1").as_int64(), 15);
  EXPECT_EQ(number("1.5").as_int64(), std::nullopt);
  EXPECT_EQ(number("9223372036854775808").as_int64(), std::nullopt);
  EXPECT_TRUE(number("2.50e1").is_integral());
  EXPECT_FALSE(number("2.55e1").is_integral());
}

// Objects are equal whatever the order of their members.
TEST(Json, ComparesObjectsInAnyOrder) {
  EXPECT_EQ(*parse(R"({"a":1,"b":[2.0]})"), *parse(R"({"b":[2],"a":1.0})"));
  EXPECT_NE(*parse(R"({"a":1})"), *parse(R"({"a":1,"b":null})"));
}

// A document is the same whichever form it came in, and its size that of its text.
TEST(Json, DocumentsHaveTwoForms) {
  for (const char* text :
       {R"({"b":1,"a":[true,false,null,"x"],"c":{}})", R"("\n\t\"\\é\u0001")", "[]", "[[],{}]", "-0.50"}) {
    const Value value = *parse(text);
    for (const Document& document : {Document(text), Document(value)}) {
      EXPECT_EQ(document.text(), text);
      EXPECT_EQ(document.size(), std::string_view(text).size());
      EXPECT_EQ(Document(document).value(), value);
    }
  }
  EXPECT_FALSE(Document("{").value());
  EXPECT_TRUE(Document().empty());
  EXPECT_FALSE(Document(Value()).empty());
}

// Parts of pointers (RFC 6901 §5).
TEST(Pointer, parts) {
  EXPECT_EQ(escape_pointer("a/b~c~1"), "a~1b~0c~01");
  for (const char* name : {"", "a/b", "m~n", "~1", "k\"l", " "})
    EXPECT_EQ(unescape_pointer(escape_pointer(name)), name);
  for (const char* wrong : {"~", "a~", "~2", "~~0"}) EXPECT_EQ(unescape_pointer(wrong), std::nullopt) << wrong;
}

}  // namespace
}  // namespace json
