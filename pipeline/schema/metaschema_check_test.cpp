// Schemas against the meta-schemas of their drafts.

#include "pipeline/schema/metaschema_check.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "json/parse.hpp"

namespace pipeline::schema {
namespace {

std::string breaks_of(std::string_view schema) {
  std::string out;
  for (const Violation& violation : check_by_metaschema(json::parse(schema).value()))
    out += violation.path + " " + violation.keyword + ";";
  return out;
}

// What compiling passes over is told, by the rules of the draft that the schema names.
TEST(MetaschemaCheck, drafts) {
  const std::string draft4 = R"("$schema":"http://json-schema.org/draft-04/schema#",)";
  EXPECT_EQ(breaks_of(R"({"properties":{"a":{"uniqueItems":1}},"title":7})"),
            "/properties/a/uniqueItems type;/title type;");
  EXPECT_EQ(breaks_of("{" + draft4 + R"("required":"a"})"), "/required type;");
  EXPECT_EQ(breaks_of("{" + draft4 + R"("exclusiveMinimum":1})"), "/exclusiveMinimum type; dependentRequired;");
  EXPECT_EQ(breaks_of(R"({"exclusiveMinimum":1})"), "");
  for (const char* draft : {"http://json-schema.org/draft-06/schema#", "http://json-schema.org/draft-07/schema#",
                            "https://json-schema.org/draft/2019-09/schema"}) {
    const std::string schema = std::string(R"({"$schema":")") + draft + R"(","minLength":-1})";
    EXPECT_EQ(breaks_of(schema), "/minLength minimum;") << draft;
  }
  EXPECT_EQ(breaks_of(R"({"$schema":"https://example.com/mine","type":7})"), "");
  EXPECT_EQ(breaks_of("true"), "");
  EXPECT_EQ(breaks_of("7"), " type;");
}

// Snowplow's self-describing schemas are draft 4 with a member more.
TEST(MetaschemaCheck, self_describing) {
  EXPECT_EQ(breaks_of(R"({"$schema":
    "http://iglucentral.com/schemas/com.snowplowanalytics.self-desc/schema/jsonschema/1-0-0#",
    "self":{"vendor":"com.acme","name":"click","format":"jsonschema","version":"1-0-0"},"minimum":1})"),
            "");
}

// Those that are shipped keep the rules.
TEST(MetaschemaCheck, shipped) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(PIPELINE_SOURCE_DIR "/pipeline/schemas")) {
    if (!entry.is_regular_file()) continue;
    std::ifstream file(entry.path());
    std::stringstream text;
    text << file.rdbuf();
    EXPECT_EQ(breaks_of(text.str()), "") << entry.path();
    ++count;
  }
  EXPECT_GE(count, 10u);
}

}  // namespace
}  // namespace pipeline::schema
