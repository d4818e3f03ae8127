// A schema as a value.

#include "pipeline/schema/metaschema_check.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "pipeline/schema/documents.hpp"

namespace pipeline::schema {

namespace {

std::string_view metaschema_of(Draft draft) {
  switch (draft) {
    case Draft::draft4:
      return "http://json-schema.org/draft-04/schema";
    case Draft::draft6:
      return "http://json-schema.org/draft-06/schema";
    case Draft::draft7:
      return "http://json-schema.org/draft-07/schema";
    case Draft::draft2019_09:
      return "https://json-schema.org/draft/2019-09/schema";
    case Draft::draft2020_12:
      break;
  }
  return "https://json-schema.org/draft/2020-12/schema";
}

}  // namespace

std::vector<Violation> check_by_metaschema(const json::Value& schema) {
  const auto named = schema.get_string("$schema");
  const auto draft = named ? draft_of(*named) : Draft::draft2020_12;
  if (!draft) return {};
  const std::string_view address = metaschema_of(*draft);
  const auto metaschema = Schema::compile(json::Object{{"$schema", address}, {"$ref", address}});
  CHECK(metaschema);
  // From 2019-09 on each vocabulary has its own, which say the same of what isn't a schema at all.
  std::vector<Violation> violations;
  for (Violation& violation : metaschema->validate(schema)) {
    if (std::ranges::find(violations, violation) == violations.end()) violations.push_back(std::move(violation));
  }
  return violations;
}

}  // namespace pipeline::schema
