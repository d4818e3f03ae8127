// The public JSON Schema Test Suite, and the telemetry schemas and documents that Mozilla publishes, where they are
// there: the environment variable PIPELINE_SHARED, or ../shared beside the source tree.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "json/parse.hpp"
#include "pipeline/schema/schema.hpp"

namespace pipeline::schema {
namespace {

namespace fs = std::filesystem;

fs::path conformance_folder() {
  const char* const shared = std::getenv("PIPELINE_SHARED");
  return fs::path(shared ? shared : PIPELINE_SOURCE_DIR "/../shared") / "conformance";
}

json::Value read_json(const fs::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  auto value = json::parse(text.str());
  EXPECT_TRUE(value) << path;
  return value ? *std::move(value) : json::Value();
}

std::vector<fs::path> json_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

// Under the addresses that the suite gives them.
std::map<std::string, json::Value> remotes(const fs::path& folder) {
  std::map<std::string, json::Value> documents;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    documents["http://localhost:1234/" + entry.path().lexically_relative(folder).generic_string()] =
        read_json(entry.path());
  }
  return documents;
}

struct Tally {
  int passed = 0;
  int total = 0;
};

// What is not run, and why. Of the required cases that is none.
struct LeftOut {
  std::string_view file;
  std::string_view group;
  std::string_view reason;
};

constexpr std::array<LeftOut, 1> kLeftOut = {{
    {"format/hostname.json", "validation of A-label (punycode) host names",
     "a label that begins with xn-- is held to the rules of every label; what it decodes to isn't looked up in IDNA's "
     "tables, which none of the libraries has"},
}};

void run_group(const std::string& file, const json::Value& group, const CompileOptions& options, Tally& tally) {
  const std::string_view about = *group.get_string("description");
  const auto schema = Schema::compile(*group.find("schema"), options);
  for (const json::Value& test : group.find("tests")->as_array()) {
    const bool is_valid = schema && schema->is_valid(*test.find("data"));
    const bool passes = schema && is_valid == *test.get_bool("valid");
    ++tally.total;
    if (passes) ++tally.passed;
    EXPECT_TRUE(passes) << file << ": " << about << ": " << *test.get_string("description")
                        << (schema ? "" : " (" + schema.error() + ")");
    EXPECT_EQ(is_valid, schema && schema->validate(*test.find("data")).empty());
  }
}

void run_file(const fs::path& path, const CompileOptions& options, Tally& tally) {
  const std::string file = path.parent_path().filename().string() + "/" + path.filename().string();
  const json::Value groups = read_json(path);
  for (const json::Value& group : groups.as_array()) {
    const bool is_left_out = std::ranges::any_of(kLeftOut, [&](const LeftOut& one) {
      return one.file == file && one.group == *group.get_string("description");
    });
    if (!is_left_out) run_group(file, group, options, tally);
  }
}

class Required : public testing::TestWithParam<std::pair<const char*, Draft>> {};

// Every required case of a draft passes.
TEST_P(Required, Cases) {
  const fs::path folder = conformance_folder() / "json-schema";
  if (!fs::exists(folder)) GTEST_SKIP() << "no conformance data: set PIPELINE_SHARED";
  const auto [name, draft] = GetParam();
  const CompileOptions options{
      .draft = draft, .formats = Formats::annotations, .documents = remotes(folder / "remotes")};
  Tally tally;
  for (const fs::path& file : json_files(folder / "tests" / name)) run_file(file, options, tally);
  fmt::print("JSON-Schema-Test-Suite {}: {} of {}\n", name, tally.passed, tally.total);
}

INSTANTIATE_TEST_SUITE_P(Suite, Required,
                         testing::Values(std::pair("draft4", Draft::draft4), std::pair("draft6", Draft::draft6),
                                         std::pair("draft7", Draft::draft7),
                                         std::pair("draft2019-09", Draft::draft2019_09),
                                         std::pair("draft2020-12", Draft::draft2020_12)),
                         [](const auto& param) {
                           std::string name = param.param.first;
                           std::erase(name, '-');
                           return name;
                         });

// The formats that are asserted, with the suite's cases for them.
TEST(Suite, Formats) {
  const fs::path folder = conformance_folder() / "json-schema";
  if (!fs::exists(folder)) GTEST_SKIP() << "no conformance data: set PIPELINE_SHARED";
  const CompileOptions options{.draft = Draft::draft2020_12, .formats = Formats::asserted};
  Tally tally;
  for (const char* name : {"date-time", "date", "time", "email", "uri", "uri-reference", "uuid", "ipv4", "ipv6",
                           "hostname", "json-pointer"}) {
    run_file(folder / "tests/draft2020-12/optional/format" / (std::string(name) + ".json"), options, tally);
  }
  fmt::print("JSON-Schema-Test-Suite formats: {} of {}\n", tally.passed, tally.total);
}

// Mozilla's documents, named <type>.<version>.<case>.pass.json or .fail.json, are judged as their names say.
TEST(Mozilla, Documents) {
  const fs::path folder = conformance_folder() / "mozilla-pipeline";
  if (!fs::exists(folder)) GTEST_SKIP() << "no conformance data: set PIPELINE_SHARED";
  Tally tally;
  for (const fs::directory_entry& group : fs::directory_iterator(folder / "validation")) {
    for (const fs::path& file : json_files(group.path())) {
      const std::string name = file.filename().string();
      const std::size_t version = name.find('.');
      const std::string type = name.substr(0, version);
      const std::string schema_name = name.substr(0, name.find('.', version + 1)) + ".schema.json";
      const fs::path schema_path = folder / "schemas" / group.path().filename() / type / schema_name;
      ++tally.total;
      const auto schema = Schema::compile(read_json(schema_path));
      if (!schema) {
        ADD_FAILURE() << schema_path << ": " << schema.error();
        continue;
      }
      const auto violations = schema->validate(read_json(file));
      const bool is_expected = violations.empty() == name.ends_with(".pass.json");
      if (is_expected) ++tally.passed;
      EXPECT_TRUE(is_expected) << file
                               << (violations.empty() ? "" : ": " + violations[0].path + " " + violations[0].message);
    }
  }
  fmt::print("mozilla-pipeline: {} of {}\n", tally.passed, tally.total);
  EXPECT_GT(tally.total, 0);
}

}  // namespace
}  // namespace pipeline::schema
