#pragma once
// JSON Schema: compiled once into a flat program, then run against any number of values.
//
// Drafts 4, 6, 7, 2019-09 and 2020-12, told apart by "$schema" (2020-12 where there is none). References stay within
// the documents that are given at compile time: nothing is ever fetched.
// https://json-schema.org/draft/2020-12/json-schema-core  https://json-schema.org/draft-07/json-schema-validation

#include <expected>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "json/value.hpp"

namespace pipeline::schema {

// A rule that a value breaks.
struct Violation {
  std::string path;     // JSON pointer to the part of the value
  std::string keyword;  // e.g. "required"
  std::string message;  // e.g. "must have the member \"url\""

  bool operator==(const Violation&) const = default;
};

enum class Draft { draft4, draft6, draft7, draft2019_09, draft2020_12 };
enum class Formats { asserted, annotations };

struct CompileOptions {
  Draft draft = Draft::draft2020_12;  // of a schema that doesn't say
  Formats formats = Formats::asserted;
  // The schema's own address, which its references start from.
  std::string address = {};
  // The registry: further documents that the schema may refer to, by absolute URI.
  std::map<std::string, json::Value> documents = {};
};

struct Program;
class Treatments;

// Immutable, thread-safe, cheap to copy.
class Schema {
 public:
  // What is wrong with the schema and where, where it can't be compiled: a malformed keyword, a reference to nowhere, a
  // pattern that RE2 can't take, an unknown draft.
  static std::expected<Schema, std::string> compile(const json::Value& schema, const CompileOptions& options = {});

  // Everything that is wrong with the value, up to violations_max.
  std::vector<Violation> validate(const json::Value& value, std::size_t violations_max = 50) const;
  bool is_valid(const json::Value& value) const;

  // What the schema says of how values are stored.
  const Treatments& treatments() const;

 private:
  explicit Schema(std::shared_ptr<const Program> program) : program_(std::move(program)) {}
  std::shared_ptr<const Program> program_;
};

}  // namespace pipeline::schema
