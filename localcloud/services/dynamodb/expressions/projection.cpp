// Text to the paths of a projection.

#include "localcloud/services/dynamodb/expressions/projection.hpp"

#include "localcloud/services/dynamodb/expressions/parser.hpp"

namespace localcloud::dynamodb {

Result<std::vector<Path>> parse_projection(std::string_view text, Substitutions& substitutions) {
  Parser parser(text, "ProjectionExpression", substitutions);
  TRY(parser.check_size());
  std::vector<Path> paths;
  do {
    paths.push_back(TRY(parser.parse_path()));
  } while (parser.accept(","));
  TRY(parser.finish());
  std::vector<const Path*> pointers;
  for (const Path& path : paths) pointers.push_back(&path);
  if (const std::optional<std::string> overlap = find_overlap(pointers)) return failure(parser.error(*overlap));
  return paths;
}

}  // namespace localcloud::dynamodb
