// Forms of INSERTs: a statement read by way of its form is what it would be without, and so are its errors.

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "localcloud/services/dynamodb/partiql/form_cache.hpp"

namespace localcloud::dynamodb {
namespace {

ValueInput value(std::string_view json) {
  return *value_from_json(json::parse(json).value());
}

std::string shown(const Result<Statement>& statement) {
  if (!statement) return statement.error().code + ": " + statement.error().message;
  const auto* insert = std::get_if<InsertStatement>(&*statement);
  if (insert == nullptr) return "a SELECT";
  std::string text = insert->table + " ";
  write_json(text, insert->item);
  return text;
}

const ValueInput kText = value(R"({"S":"a text that is too long to lie within its string"})");
const ValueInput kMap = value(R"({"M":{"b":{"N":"1"},"a":{"L":[{"BOOL":true}]}}})");
const ValueInput kEmpty = value("{}");
const ValueInput kNotANumber = value(R"({"N":"x"})");

// Whatever the text and the parameters.
TEST(Form, MeansWhatTheTextMeans) {
  const char* const texts[] = {
      R"(INSERT INTO "t" VALUE {'b': ?, 'a': ?})",
      R"(insert into t value {"b":?,'a':?};)",
      R"(INSERT INTO t VALUE {'b': ?, 'a': 1})",
      R"(INSERT INTO t VALUE {'b': ?, 'b': ?})",
      R"(INSERT INTO t VALUE {'b': [?, ?]})",
      R"(INSERT INTO t VALUE {'b': ?, 'a': ?,})",
      R"(INSERT INTO t VALUE {'b': ?, 'a': ?)",
      R"(INSERT INTO t VALUE {'b': ?, 'a': ?} x)",
      R"(INSERT INTO t VALUE {b: ?, a: ?})",
      R"(INSERT INTO t VALUE {})",
      R"(INSERT INTO t VALUE ?)",
      R"(INSERT INTO t)",
      R"(INSERT INTO t VALUE {'b': ?, 'a': 'x)",
      R"(SELECT * FROM t WHERE a = ? AND b = ?)",
      R"(DELETE FROM t WHERE a = ? AND b = ?)",
      "",
  };
  const Parameters given[] = {std::nullopt,
                              std::vector<ValueInput>{},
                              std::vector{kText},
                              std::vector{kMap},
                              std::vector{kText, kMap},
                              std::vector{kText, kMap, kText},
                              std::vector{kEmpty},
                              std::vector{kText, kEmpty},
                              std::vector{kNotANumber, kEmpty},
                              std::vector{kText, kMap, kNotANumber}};
  FormCache forms;
  for (const std::string text : texts) {
    for (const Parameters& parameters : given) {
      const std::string wanted = shown(parse_statement(text, parameters));
      for (int time = 0; time < 2; ++time) {
        EXPECT_EQ(shown(read_statement(forms, text, parameters)), wanted) << text;
      }
    }
  }
}

// Only what is all parameters has a form; it finds the value of an attribute without making an item.
TEST(Form, FindsParameters) {
  FormCache forms;
  const auto form = forms.find(R"(INSERT INTO "t" VALUE {'b': ?, 'a': ?})");
  ASSERT_NE(form, nullptr);
  EXPECT_EQ(forms.find(R"(INSERT INTO "t" VALUE {'b': ?, 'a': ?})"), form);
  const Parameters parameters = std::vector{kText, kMap};
  EXPECT_EQ(form->find("a", parameters), &(*parameters)[1].value);
  EXPECT_EQ(form->find("c", parameters), nullptr);
  EXPECT_EQ(forms.find("INSERT INTO t VALUE {'b': 1}"), nullptr);
}

// A sender who never sends one text twice costs no more memory than the cache's bound.
TEST(Form, IsKeptInABoundedCache) {
  FormCache forms;
  for (int i = 0; i < 1000; ++i) {
    ASSERT_NE(forms.find("INSERT INTO t VALUE {'" + std::to_string(i) + "': ?}"), nullptr);
    ASSERT_LE(forms.size(), FormCache::kFormsMax);
  }
}

}  // namespace
}  // namespace localcloud::dynamodb
