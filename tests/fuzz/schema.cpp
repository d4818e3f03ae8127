// JSON Schemas: any that compiles is asked about itself.

#include "pipeline/schema/schema.hpp"
#include "json/parse.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  const auto document = json::parse(input);
  if (!document) return;
  const auto schema = pipeline::schema::Schema::compile(*document);
  if (!schema) return;
  const auto violations = schema->validate(*document, 10);
  CHECK(violations.size() <= 10);
  CHECK(schema->is_valid(*document) == violations.empty());
}
