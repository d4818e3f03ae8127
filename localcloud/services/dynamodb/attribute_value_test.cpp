// Values: from JSON with AWS's refusals, back to JSON, through the store's bytes, their sizes and their key order.

#include "localcloud/services/dynamodb/attribute_value.hpp"

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "localcloud/services/dynamodb/encoding.hpp"

namespace localcloud::dynamodb {
namespace {

Result<ItemInput> read(std::string_view text) {
  const auto json = json::parse(text);
  EXPECT_TRUE(json) << text;
  return item_from_json(*json);
}

Item item(std::string_view text) {
  Result<ItemInput> input = read(text);
  EXPECT_TRUE(input && !input->problem) << text;
  return std::move(input->item);
}

std::string written(const Item& item) {
  std::string out;
  write_json(out, item);
  return out;
}

// Every type goes in and comes out as it was, names and sets sorted, numbers in one form; the store's bytes keep it.
TEST(AttributeValue, RoundTrips) {
  const std::pair<std::string, std::string> cases[] = {
      {"{}", "{}"},
      {R"({"a":{"S":"é \"q\""}})", R"({"a":{"S":"é \"q\""}})"},
      {R"({"a":{"S":""}})", R"({"a":{"S":""}})"},
      {R"({"a":{"N":"1e2"}})", R"({"a":{"N":"100"}})"},
      {R"({"a":{"N":"-0.0012345678901234567890123456789012345"}})",
       R"({"a":{"N":"-0.0012345678901234567890123456789012345"}})"},
      {R"({"a":{"N":"9.9e-130"}})", R"({"a":{"N":"0.)" + std::string(129, '0') + R"(99"}})"},
      {R"({"a":{"B":"AAEC"}})", R"({"a":{"B":"AAEC"}})"},
      {R"({"a":{"B":""}})", R"({"a":{"B":""}})"},
      {R"({"b":{"BOOL":false},"a":{"BOOL":true},"c":{"NULL":true}})",
       R"({"a":{"BOOL":true},"b":{"BOOL":false},"c":{"NULL":true}})"},
      {R"({"a":{"SS":["b","a"]}})", R"({"a":{"SS":["a","b"]}})"},
      {R"({"a":{"NS":["2","1","-3.5"]}})", R"({"a":{"NS":["-3.5","1","2"]}})"},
      {R"({"a":{"BS":["Ag==","AQ=="]}})", R"({"a":{"BS":["AQ==","Ag=="]}})"},
      {R"({"a":{"L":[]},"m":{"M":{}}})", R"({"a":{"L":[]},"m":{"M":{}}})"},
      {R"({"a":{"M":{"z":{"L":[{"S":"x"},{"N":"1"},{"M":{"q":{"NULL":true}}}]},"b":{"S":"y"}}}})",
       R"({"a":{"M":{"b":{"S":"y"},"z":{"L":[{"S":"x"},{"N":"1"},{"M":{"q":{"NULL":true}}}]}}}})"},
      {R"({"a":{"S":"x","N":null}})", R"({"a":{"S":"x"}})"},
  };
  for (const auto& [in, out] : cases) {
    const Item read_item = item(in);
    EXPECT_EQ(written(read_item), out);
    std::string bytes;
    append_item(bytes, read_item);
    EXPECT_EQ(decode_item(bytes), read_item) << in;
  }
}

// Wrong content is kept with the value, in AWS's words.
TEST(AttributeValue, KeepsTheFirstProblem) {
  const std::string invalid = "One or more parameter values were invalid: ";
  const std::pair<std::string, std::string> cases[] = {
      {R"({})", "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"},
      {R"({"X":"1"})", "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"},
      {R"({"S":"a","N":"1"})",
       "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"},
      {R"({"N":""})", "The parameter cannot be converted to a numeric value"},
      {R"({"N":"b"})", "The parameter cannot be converted to a numeric value: b"},
      {R"({"NULL":false})", invalid + "Null attribute value types must have the value of true"},
      {R"({"SS":[]})", invalid + "An string set  may not be empty"},
      {R"({"NS":[]})", invalid + "An number set  may not be empty"},
      {R"({"BS":[]})", invalid + "Binary sets should not be empty"},
      {R"({"SS":["a","b","a"]})", invalid + "Input collection [a, b, a] contains duplicates."},
      {R"({"NS":["1","1.0"]})", "Input collection contains duplicates"},
      {R"({"BS":["AQ==","AQ=="]})", invalid + "Input collection [AQ==, AQ==] of type BS contains duplicates."},
      {R"({"L":[{"S":"a"},{"M":{"x":{"N":"z"}}}]})", "The parameter cannot be converted to a numeric value: z"},
  };
  for (const auto& [value, message] : cases) {
    const Result<ItemInput> input = read("{\"ok\":{\"S\":\"x\"},\"k\":" + value + "}");
    ASSERT_TRUE(input) << value;
    ASSERT_TRUE(input->problem) << value;
    EXPECT_EQ(input->problem->message, message);
    EXPECT_EQ(input->problem->name, "k");
    EXPECT_EQ(input->check().error().code, "ValidationException");
  }
}

// A wrong JSON type is a SerializationException.
TEST(AttributeValue, RefusesWrongJson) {
  for (const char* value : {R"({"S":1})", R"({"S":["a"]})", R"({"BOOL":"true"})", R"({"L":{}})", R"({"M":[]})",
                            R"({"SS":"a"})", R"({"SS":[1]})", R"({"N":1})", R"({"B":"?"})", R"("text")", R"([])"}) {
    const Result<ItemInput> input = read("{\"k\":" + std::string(value) + "}");
    ASSERT_FALSE(input) << value;
    EXPECT_EQ(input.error().code, "SerializationException") << value;
  }
}

// 32 levels are taken, 33 are not.
TEST(AttributeValue, LimitsNesting) {
  const auto nested = [](int depth) {
    std::string text = R"({"S":"x"})";
    for (int i = 0; i < depth; ++i) text = i % 2 == 0 ? "{\"L\":[" + text + "]}" : "{\"M\":{\"a\":" + text + "}}";
    return "{\"k\":" + text + "}";
  };
  EXPECT_FALSE(read(nested(32))->problem);
  ASSERT_TRUE(read(nested(33))->problem);
  EXPECT_EQ(read(nested(33))->problem->message,
            "Nesting Levels have exceeded supported limits: Attribute value nesting levels exceeded the limit of 32");
}

// Sizes as AWS counts them.
TEST(AttributeValue, Sizes) {
  const std::pair<std::string, std::size_t> cases[] = {
      {R"({"ab":{"S":"é"}})", 4},
      {R"({"a":{"N":"12345"}})", 1 + 4},
      {R"({"a":{"N":"-1"}})", 1 + 3},
      {R"({"a":{"N":"0"}})", 1 + 1},
      {R"({"a":{"N":"1000"}})", 1 + 2},
      {R"({"a":{"B":"AAEC"}})", 1 + 3},
      {R"({"a":{"BOOL":true},"b":{"NULL":true}})", 4},
      {R"({"a":{"L":[]}})", 1 + 3},
      {R"({"a":{"L":[{"S":"xy"},{"S":"z"}]}})", 1 + 3 + 3 + 2},
      {R"({"a":{"M":{"k":{"S":"xy"}}}})", 1 + 3 + 1 + 3},
      {R"({"a":{"SS":["ab","c"]}})", 1 + 3},
  };
  for (const auto& [text, size] : cases) EXPECT_EQ(size_of(item(text)), size) << text;
}

// The bytes of keys sort as AWS sorts range keys; a value's bytes are never the beginning of another's.
TEST(AttributeValue, KeysSort) {
  const std::vector<std::string> sorted = {"",
                                           std::string(1, '\0'),
                                           std::string("\0\0", 2),
                                           std::string("\0a", 2),
                                           "\x01",
                                           "a",
                                           std::string("a\0", 2),
                                           std::string("a\0b", 3),
                                           "a\x01",
                                           "aa",
                                           "b",
                                           "é",
                                           "\xff",
                                           "\xff\xff"};
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    for (std::size_t j = 0; j < sorted.size(); ++j) {
      std::string a;
      std::string b;
      std::string prefix;
      append_ordered(a, Binary{sorted[i]});
      append_ordered(b, Binary{sorted[j]});
      append_ordered_prefix(prefix, Binary{sorted[i]});
      EXPECT_EQ(a < b, i < j);
      EXPECT_EQ(b.starts_with(a), i == j);
      EXPECT_EQ(b.starts_with(prefix), sorted[j].starts_with(sorted[i])) << i << " " << j;
    }
  }
}

// An item's members are found, replaced and removed by name; of a repeated name the last stays.
TEST(AttributeValue, ItemMembers) {
  Item members;
  members.append("b", 1);
  members.append("a", "x");
  members.append("b", 2);
  members.settle();
  EXPECT_EQ(written(members), R"({"a":{"S":"x"},"b":{"N":"2"}})");
  members.set("aa", true);
  members.erase("a");
  members.erase("nothing");
  EXPECT_EQ(written(members), R"({"aa":{"BOOL":true},"b":{"N":"2"}})");
  EXPECT_EQ(members.find("a"), nullptr);
  ASSERT_NE(members.find("b"), nullptr);
  EXPECT_EQ(*members.find("b"), AttributeValue(2));
}

}  // namespace
}  // namespace localcloud::dynamodb
