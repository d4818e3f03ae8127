#pragma once
// Whether a schema is one by its draft's own rules: compiling passes over some keywords of the wrong kind.

#include <vector>

#include "pipeline/schema/schema.hpp"

namespace pipeline::schema {

// What the schema breaks of the meta-schema of its draft (2020-12 where it doesn't say). Nothing where its "$schema" is
// none of the drafts'. Thread-safe.
std::vector<Violation> check_by_metaschema(const json::Value& schema);

}  // namespace pipeline::schema
