// The schema compiler and validator: what is told of each violation, what is refused, and the public test suite.

#include "pipeline/schema/schema.hpp"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "json/parse.hpp"

namespace pipeline::schema {
namespace {

json::Value parse(std::string_view text) {
  auto value = json::parse(text);
  EXPECT_TRUE(value) << text << ": " << (value ? "" : value.error().describe());
  return value ? *value : json::Value();
}

// "path keyword: message" of each violation.
std::string violations_of(std::string_view schema, std::string_view value) {
  const auto compiled = Schema::compile(parse(schema));
  if (!compiled) return "refused: " + compiled.error();
  std::string out;
  for (const Violation& violation : compiled->validate(parse(value))) {
    out += violation.path + " " + violation.keyword + ": " + violation.message + "\n";
  }
  EXPECT_EQ(out.empty(), compiled->is_valid(parse(value)));
  return out;
}

// All violations are told, each with its place.
TEST(Schema, tells_every_violation) {
  EXPECT_EQ(violations_of(R"({"type":"object","required":["a","b"],"additionalProperties":false,
                              "properties":{"a":{"type":"string","maxLength":2},"c/d":{"items":{"minimum":1}}}})",
                          R"({"a":"xyz","c/d":[1,0,"x"],"e":1})"),
            " required: must have the member \"b\"\n"
            "/a maxLength: must be at most 2 characters\n"
            "/c~1d/1 minimum: must be at least 1\n"
            "/e additionalProperties: is not a known member\n");
}

// Their number is bounded.
TEST(Schema, bounds_violations) {
  const auto schema = Schema::compile(parse(R"({"items":{"type":"string"}})"));
  json::Array items(1000, json::Value(1));
  EXPECT_EQ(schema->validate(json::Value(items), 50).size(), 50u);
}

// Numbers are compared exactly, beyond what a double holds.
TEST(Schema, exact_numbers) {
  EXPECT_EQ(violations_of(R"({"maximum":9007199254740992})", "9007199254740993"),
            " maximum: must be at most 9007199254740992\n");
  EXPECT_EQ(violations_of(R"({"multipleOf":0.01})", "19.99"), "");
  EXPECT_EQ(violations_of(R"({"multipleOf":0.01})", "19.999"), " multipleOf: must be a multiple of 0.01\n");
  EXPECT_EQ(violations_of(R"({"multipleOf":3})", "1e300"), " multipleOf: must be a multiple of 3\n");
  EXPECT_EQ(violations_of(R"({"multipleOf":2})", "123456789012345678901234567890"), "");
  EXPECT_EQ(violations_of(R"({"type":"integer"})", "1.0"), "");
  EXPECT_EQ(violations_of(R"({"enum":[1.0]})", "1"), "");
}

// Lengths count characters, not bytes.
TEST(Schema, counts_code_points) {
  EXPECT_EQ(violations_of(R"({"maxLength":2,"minLength":2})", "\"\xe2\x82\xac\xf0\x9f\x98\x80\""), "");
}

// What can't be compiled is refused with the reason; nothing is fetched.
TEST(Schema, refuses) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"pattern":"(?=a)b"})", "RE2 can't take the pattern"},
      {R"({"pattern":"(a)\\1"})", "RE2 can't take the pattern"},
      {R"({"pattern":"("})", "RE2 can't take the pattern"},
      {R"({"$ref":"https://example.com/x.json"})", "nothing is fetched"},
      {R"({"$ref":"#/$defs/x"})", "which is not there"},
      {R"({"type":"text"})", "type must name JSON types"},
      {R"({"minimum":"1"})", "minimum must be a number"},
      {R"({"minLength":-1})", "minLength must be an integer from 0"},
      {R"({"properties":[]})", "properties must be an object"},
      {R"({"properties":{"a":1}})", "a schema must be an object or a boolean"},
      {R"({"$schema":"https://example.com/mine"})", "unknown $schema"},
      {R"([])", "a schema must be an object or a boolean"},
      {R"({"multipleOf":0})", "multipleOf must be above 0"},
  };
  for (const auto& [schema, reason] : cases) {
    EXPECT_NE(violations_of(schema, "1").find(reason), std::string::npos)
        << schema << " → " << violations_of(schema, "1");
  }
}

// A circle of references ends, as does an explosion of alternatives.
TEST(Schema, ends) {
  EXPECT_EQ(violations_of(R"({"$ref":"#"})", "1"), " $ref: the schema refers to itself in a circle\n");
  EXPECT_EQ(violations_of(R"({"type":"object","additionalProperties":{"$ref":"#"}})", R"({"a":{"b":{}}})"), "");
  std::string schema = R"({"$defs":{"d0":{"type":"string"})";
  for (int i = 1; i <= 30; ++i) {
    schema += fmt::format(R"(,"d{}":{{"anyOf":[{{"$ref":"#/$defs/d{}"}},{{"$ref":"#/$defs/d{}"}}]}})", i, i - 1, i - 1);
  }
  schema += R"(},"$ref":"#/$defs/d30"})";
  EXPECT_FALSE(Schema::compile(parse(schema))->is_valid(json::Value(1)));
}

// Patterns of ECMA-262 that RE2 writes otherwise.
TEST(Schema, patterns) {
  EXPECT_EQ(violations_of(R"({"pattern":"^\\u0041(?<x>b)\\s\\p{Letter}[[]$"})", "\"Ab\xc2\xa0\xc3\xa9[\""), "");
  EXPECT_NE(violations_of(R"({"pattern":"^a$"})", R"("a\n")"), "");
  EXPECT_EQ(violations_of(R"({"pattern":"b"})", R"("abc")"), "");
}

struct Tally {
  int passed = 0;
  int total = 0;
};

std::filesystem::path suite_folder() {
  const char* shared = std::getenv("PIPELINE_SHARED");
  return std::filesystem::path(shared ? shared : PIPELINE_SOURCE_DIR "/../shared") / "conformance/json-schema";
}

json::Value read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return parse(text.str());
}

CompileOptions suite_options(const std::filesystem::path& folder, Draft draft, Formats formats) {
  CompileOptions options{.draft = draft, .formats = formats};
  const std::string skip[] = {"draft3", "v1",     draft == Draft::draft7 ? "draft2020-12" : "draft7",
                              "draft4", "draft6", "draft2019-09"};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "remotes")) {
    const std::string path = entry.path().lexically_relative(folder / "remotes").generic_string();
    bool is_skipped = !entry.is_regular_file() || path.find("metaschema") != std::string::npos;
    for (const std::string& draft_folder : skip) is_skipped = is_skipped || path.starts_with(draft_folder + "/");
    if (!is_skipped) options.documents["http://localhost:1234/" + path] = read_json(entry.path());
  }
  return options;
}

void run_file(const std::filesystem::path& path, const CompileOptions& options, Tally& tally) {
  const json::Value groups = read_json(path);
  for (const json::Value& group : groups.as_array()) {
    const auto schema = Schema::compile(*group.find("schema"), options);
    for (const json::Value& test : group.find("tests")->as_array()) {
      ++tally.total;
      const bool is_expected = *test.get_bool("valid");
      if (schema && schema->is_valid(*test.find("data")) == is_expected) {
        ++tally.passed;
      } else {
        fmt::print("  not passed: {}: {}: {}{}\n", path.filename().string(), *group.get_string("description"),
                   *test.get_string("description"), schema ? "" : " (" + schema.error() + ")");
      }
    }
  }
}

// The required cases of the public suite.
TEST(Suite, required) {
  const std::filesystem::path folder = suite_folder();
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder;
  for (const auto& [name, draft, at_least] :
       {std::tuple("draft7", Draft::draft7, 900), std::tuple("draft2020-12", Draft::draft2020_12, 1200)}) {
    const CompileOptions options = suite_options(folder, draft, Formats::annotations);
    Tally tally;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "tests" / name)) {
      if (entry.path().extension() == ".json") run_file(entry.path(), options, tally);
    }
    fmt::print("JSON-Schema-Test-Suite {}: {} of {}\n", name, tally.passed, tally.total);
    EXPECT_GE(tally.passed, at_least);
  }
}

// The formats that are asserted, with the suite's cases for them.
TEST(Suite, formats) {
  const std::filesystem::path folder = suite_folder();
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no " << folder;
  const CompileOptions options{.draft = Draft::draft2020_12, .formats = Formats::asserted};
  Tally tally;
  for (const char* name : {"date-time", "date", "time", "email", "uri", "uri-reference", "uuid", "ipv4", "ipv6",
                           "hostname", "json-pointer"}) {
    run_file(folder / "tests/draft2020-12/optional/format" / (std::string(name) + ".json"), options, tally);
  }
  fmt::print("JSON-Schema-Test-Suite formats: {} of {}\n", tally.passed, tally.total);
  EXPECT_GE(tally.passed * 100, tally.total * 95);
}

}  // namespace
}  // namespace pipeline::schema
