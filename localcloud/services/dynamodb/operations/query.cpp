// Query reads the items of one partition key, in the order of their sort keys.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html

#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"
#include "localcloud/services/dynamodb/read.hpp"

namespace localcloud::dynamodb {

namespace {

Result<Done> check_filter(const Condition& filter, const KeySchema& keys) {
  std::optional<std::string> key;
  for_each_path(filter, [&](const Path& path) {
    const std::string& name = path.attribute();
    if (name == keys.hash.name || (keys.range && name == keys.range->name)) key = name;
  });
  if (!key) return Done{};
  return failure(
      validation("Filter Expression can only contain non-primary key attributes: Primary key attribute: " + *key));
}

}  // namespace

Result<Query::Output> query(DynamoDb& room, const wire::Caller& caller, Query::Input input) {
  TRY(check_select(input));
  if (!input.key_condition_expression && !input.filter_expression) {
    TRY(Substitutions::check(input.expression_attribute_names, input.expression_attribute_values,
                             input.projection_expression && !input.expression_attribute_values
                                 ? ""
                                 : "FilterExpression and KeyConditionExpression are null"));
  }
  if (!input.key_condition_expression) {
    return failure(
        validation("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."));
  }
  Substitutions substitutions =
      TRY(Substitutions::check(input.expression_attribute_names, input.expression_attribute_values, ""));
  ReadExpressions expressions = TRY(read_expressions(input, substitutions));
  const Condition key_condition =
      TRY(parse_condition(*input.key_condition_expression, "KeyConditionExpression", substitutions));
  TRY(substitutions.check_all_used());
  if (input.exclusive_start_key && input.exclusive_start_key->problem) {
    return failure(validation("The provided starting key is invalid: " + input.exclusive_start_key->problem->message));
  }

  const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
  const TablePtr table = TRY(find_table(room, *reader, caller, input.table_name));
  const Index* index = TRY(find_read_index(*table, input));
  const KeySchema& keys = index != nullptr ? index->keys : table->keys;
  const KeyCondition condition = TRY(read_key_condition(key_condition, keys));
  if (expressions.filter) TRY(check_filter(*expressions.filter, keys));

  PageRequest request = TRY(plan_page(*table, index, input, expressions));
  request.range = query_range(*table, index, condition);
  if (!input.scan_index_forward.value_or(true)) request.order = PageRequest::Order::descending;
  if (input.exclusive_start_key) TRY(start_after(request, input.exclusive_start_key->item));
  return answer_page<Query::Output>(read_page(*reader, request), request, input);
}

}  // namespace localcloud::dynamodb
