// Places of addresses, by a database that is written here.

#include "pipeline/enrichment/geo.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "json/parse.hpp"
#include "json/write.hpp"
#include "pipeline/enrichment/database_for_tests.hpp"

namespace pipeline::enrichment {
namespace {

std::string database() {
  DatabaseForTests database;
  database.add(
      "192.0.2.0", 24,
      json::parse(
          R"({"continent":{"code":"EU"},"country":{"iso_code":"DE"},"city":{"names":{"en":"Berlin","de":"Berlin!"}},
                               "subdivisions":[{"iso_code":"BE"}],"location":{"time_zone":"Europe/Berlin"}})")
          .value()
          .as_object());
  database.add("2001:db8::", 32, json::parse(R"({"country":{"iso_code":"FR"}})").value().as_object());
  database.add("198.51.100.0", 24,
               json::parse(R"({"country":"no map","city":{"names":{"en":""}},"continent":{"code":{"a":"b"}}})")
                   .value()
                   .as_object());
  database.add("203.0.113.0", 24, json::Object{{"country", json::Object{{"iso_code", "\xff\xfe"}}}});
  return database.bytes();
}

TEST(Geo, places) {
  const auto geo = Geo::open(database());
  ASSERT_TRUE(geo) << geo.error();
  const auto place = [&](const char* address) { return json::write(geo->find(address)); };
  const char* const berlin =
      R"({"continent":"EU","country":"DE","region":"BE","city":"Berlin","timezone":"Europe/Berlin"})";
  EXPECT_EQ(place("192.0.2.7"), berlin);
  EXPECT_EQ(place("192.0.2.0"), berlin);  // as it is cut short
  EXPECT_EQ(place("2001:db8:1::"), R"({"country":"FR"})");
  for (const char* const nowhere :
       {"192.0.3.1", "::1", "2001:db9::", "", "nonsense", "192.0.2", "localhost", "198.51.100.1", "203.0.113.1"}) {
    EXPECT_EQ(place(nowhere), "{}") << nowhere;
  }
}

// A file that is none, or a part of one, or has a byte changed, is refused or answers something; nothing else happens,
// and no file stays behind.
TEST(Geo, damaged) {
  const std::string whole = database();
  EXPECT_FALSE(Geo::open(""));
  EXPECT_FALSE(Geo::open("nonsense"));
  EXPECT_FALSE(Geo::open(whole.substr(0, whole.size() / 2)));
  for (std::size_t i = 0; i < whole.size(); i += 7) {
    std::string bytes = whole;
    bytes[i] = static_cast<char>(bytes[i] ^ 0x5a);
    if (const auto geo = Geo::open(bytes)) {
      for (const char* const address : {"192.0.2.7", "2001:db8::1", "198.51.100.1"}) (void)geo->find(address);
    }
  }
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::temp_directory_path())) {
    EXPECT_FALSE(entry.path().filename().string().starts_with("geo.")) << entry.path();
  }
}

}  // namespace
}  // namespace pipeline::enrichment
