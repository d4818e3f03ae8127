// Zips as they should be, and as an attacker makes them.

#include "localcloud/services/lambda/runtime/package.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "localcloud/services/lambda/zip_for_tests.hpp"

namespace localcloud::lambda {
namespace {

class PackageTest : public testing::Test {
 protected:
  PackageTest() {
    char name[] = "/tmp/package_test.XXXXXX";
    root = mkdtemp(name);
  }
  ~PackageTest() override { std::filesystem::remove_all(root); }

  static std::string content(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  base::RandomIds ids;
  std::filesystem::path root;
};

// Files, folders and modes come out; the same zip is stored once.
TEST_F(PackageTest, installs_a_package) {
  const CodeStore store(root / "functions", ids);
  const std::string zip =
      make_zip({{"bootstrap", "#!/bin/sh\n"}, {"lib/", "", 040755}, {"lib/a/b.txt", "text", 0100640}});
  const auto code = store.install(zip);
  ASSERT_TRUE(code) << code.error().message;
  EXPECT_EQ(code->bytes, static_cast<std::int64_t>(zip.size()));
  EXPECT_EQ(code->sha256.size(), 44u);
  const auto folder = store.folder_of(code->sha256);
  EXPECT_EQ(content(folder / "bootstrap"), "#!/bin/sh\n");
  EXPECT_EQ(content(folder / "lib/a/b.txt"), "text");
  struct stat status;
  ASSERT_EQ(stat((folder / "bootstrap").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0755u);
  EXPECT_EQ(store.install(zip)->sha256, code->sha256);
  store.keep_only({code->sha256});
  EXPECT_TRUE(std::filesystem::exists(folder));
  store.keep_only({});
  EXPECT_FALSE(std::filesystem::exists(folder));
}

// Nothing is written outside its folder, no link is followed or made, and a failure leaves nothing behind.
TEST_F(PackageTest, refuses_hostile_packages) {
  const CodeStore store(root / "functions", ids, {.unzipped_bytes_max = 1000, .entries_max = 5});
  const std::string could_not = "Could not unzip uploaded file. Please check your file, then try to upload again.";
  const std::string bomb(2000, 'x');
  for (const auto& [zip, message] : std::vector<std::pair<std::string, std::string>>{
           {"", "Uploaded file must be a non-empty zip"},
           {"not a zip", could_not},
           {make_zip({{"bootstrap", "x"}}).substr(0, 30), could_not},
           {make_zip({{"../escaped", "x"}}), could_not},
           {make_zip({{"a/../../escaped", "x"}}), could_not},
           {make_zip({{"/tmp/escaped", "x"}}), could_not},
           {make_zip({{"a\\..\\b", "x"}}), could_not},
           {make_zip({{"./a", "x"}}), could_not},
           {make_zip({{"a//b", "x"}}), could_not},
           {make_zip({{std::string(300, 'n'), "x"}}), could_not},
           {make_zip({{"link", "/etc/passwd", 0120777}}), could_not},
           {make_zip({{"device", "", 0020666}}), could_not},
           {make_zip({{"a", "x"}, {"a/b", "x"}}), could_not},
           {make_zip({{"1", ""}, {"2", ""}, {"3", ""}, {"4", ""}, {"5", ""}, {"6", ""}}), could_not},
           {make_zip({{"bomb", bomb}}), "Unzipped size must be smaller than 262144000 bytes"},
           {make_zip({{"1", bomb.substr(600)}, {"2", bomb.substr(600)}}),
            "Unzipped size must be smaller than 262144000 bytes"}}) {
    const auto code = store.install(zip);
    ASSERT_FALSE(code) << message;
    EXPECT_EQ(code.error().code, "InvalidParameterValueException");
    EXPECT_EQ(code.error().message, message);
  }
  EXPECT_TRUE(std::filesystem::is_empty(root / "functions"));
  EXPECT_FALSE(std::filesystem::exists(root / "escaped"));
}

// What a crash left half unzipped goes when the store opens.
TEST_F(PackageTest, removes_interrupted_installs) {
  std::filesystem::create_directories(root / "functions" / ".new-0123" / "a");
  std::filesystem::create_directories(root / "functions" / "whole");
  const CodeStore store(root / "functions", ids);
  EXPECT_FALSE(std::filesystem::exists(root / "functions" / ".new-0123"));
  EXPECT_TRUE(std::filesystem::exists(root / "functions" / "whole"));
}

}  // namespace
}  // namespace localcloud::lambda
