// Scan reads all items of a table or an index, or one segment of them.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html

#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"
#include "localcloud/services/dynamodb/read.hpp"

namespace localcloud::dynamodb {

namespace {

Result<Done> check_segments(const Scan::Input& input) {
  if (input.segment && !input.total_segments) {
    return failure(validation(
        "The TotalSegments parameter is required but was not present in the request when Segment parameter is "
        "present"));
  }
  if (!input.segment && input.total_segments) {
    return failure(validation(
        "The Segment parameter is required but was not present in the request when parameter TotalSegments is "
        "present"));
  }
  if (input.segment && *input.segment >= *input.total_segments) {
    return failure(validation(
        "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: " +
        std::to_string(*input.segment) + " is not less than TotalSegments: " + std::to_string(*input.total_segments)));
  }
  return Done{};
}

}  // namespace

Result<Scan::Output> scan(DynamoDb& room, const wire::Caller& caller, Scan::Input input) {
  TRY(check_segments(input));
  TRY(check_select(input));
  const bool any = input.filter_expression || (input.projection_expression && !input.expression_attribute_values);
  Substitutions substitutions = TRY(Substitutions::check(
      input.expression_attribute_names, input.expression_attribute_values, any ? "" : "FilterExpression is null"));
  ReadExpressions expressions = TRY(read_expressions(input, substitutions));
  TRY(substitutions.check_all_used());
  if (input.exclusive_start_key && input.exclusive_start_key->problem) {
    return failure(validation("The provided starting key is invalid: " + input.exclusive_start_key->problem->message));
  }

  const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
  const TablePtr table = TRY(find_table(room, *reader, caller, input.table_name));
  const Index* index = TRY(find_read_index(*table, input));
  PageRequest request = TRY(plan_page(*table, index, input, expressions));
  request.range =
      input.segment ? segment_range(*table, index, *input.segment, *input.total_segments) : whole_range(*table, index);
  if (input.exclusive_start_key) TRY(start_after(request, input.exclusive_start_key->item));
  return answer_page<Scan::Output>(read_page(*reader, request), request, input);
}

}  // namespace localcloud::dynamodb
