#pragma once
// References between registered schemas. Each has the address registry:/<type>/<version>.json, so that one in another
// folder is ../address/1-0-0.json, in the bucket as in a folder of files. Pure: whoever has the documents gives them.

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "json/value.hpp"

namespace pipeline::schema {

inline constexpr std::string_view kRegistry = "registry:/";

// "schemas/address/1-0-0.json" ▶ "registry:/address/1-0-0.json"
std::string registry_address(std::string_view key);
// The key of a registered schema by its address; nothing where the address isn't that of one.
std::optional<std::string> registered_key(std::string_view address);

// What a schema refers to, and what that refers to, until nothing is left to read or there is too much of it.
class References {
 public:
  static constexpr std::size_t kDocumentsMax = 32;
  static constexpr std::size_t kBytesMax = 4 << 20;  // of all of them

  // `address` is the schema's own.
  References(const json::Value& schema, const std::string& address);

  // The key of the next document that is to be read; nothing where there is none.
  std::optional<std::string> next() const;
  // What was read for next().
  void found(const json::Value& document, std::size_t bytes);
  // Or why not: `problem` is empty where there is none. Compiling tells whether it was needed.
  void missing(const std::string& problem);

  bool is_whole() const { return is_whole_; }  // nothing was missing
  const std::string& problem() const { return problem_; }
  // By address.
  const std::map<std::string, json::Value>& documents() const { return documents_; }

 private:
  void look_into(const json::Value& document, const std::string& address);

  std::set<std::string> known_;  // addresses
  std::deque<std::string> waiting_;
  std::map<std::string, json::Value> documents_;
  std::size_t bytes_ = 0;
  bool is_whole_ = true;
  std::string problem_;
};

}  // namespace pipeline::schema
