#pragma once
// Where an address is, by a database in MaxMind's format that the operator supplies.
// https://maxmind.github.io/MaxMind-DB/

#include <expected>
#include <memory>
#include <string>

#include "json/value.hpp"

namespace pipeline::enrichment {

// Immutable, thread-safe.
class Geo {
 public:
  // The bytes of a database, which are mapped from a file that has no name any more. What is wrong with them, where
  // they are none.
  static std::expected<Geo, std::string> open(const std::string& bytes);

  Geo(Geo&&) noexcept;
  Geo& operator=(Geo&&) noexcept;
  ~Geo();

  // {"continent", "country", "region", "city", "timezone"}, what the database has of it: codes, but for the city, whose
  // name is English. Empty for an address that it doesn't know, and for what is no address. No coordinates: nothing
  // here needs them, and they point at a door that is somebody's.
  json::Object find(const std::string& address) const;

 private:
  struct Database;
  explicit Geo(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

}  // namespace pipeline::enrichment
