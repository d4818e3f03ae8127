#pragma once
// What Query and Scan share: their expressions, what they select, and their answer.

#include <optional>
#include <vector>

#include "localcloud/services/dynamodb/api_items.hpp"
#include "localcloud/services/dynamodb/capacity.hpp"
#include "localcloud/services/dynamodb/expressions/condition.hpp"
#include "localcloud/services/dynamodb/expressions/projection.hpp"
#include "localcloud/services/dynamodb/page.hpp"

namespace localcloud::dynamodb {

struct ReadExpressions {
  std::optional<Condition> filter;
  std::optional<std::vector<Path>> projection;
};

// Select against the other parameters, before any expression is read.
Result<Done> check_selection(std::optional<Select> select, bool has_projection, bool has_index);
// The index, if it is there and can be read so.
Result<const Index*> find_index_for_read(const Table& table, const std::optional<std::string>& name, bool consistent);
// Where the items come from, given what is selected; refuses what a global index doesn't keep.
Result<PageRequest::Source> find_source(const Table& table, const Index* index, std::optional<Select> select,
                                        const ReadExpressions& expressions);
Consumed consumed_by(const Page& page, const PageRequest& request, Consistency consistency);

template <class Input>
Result<Done> check_select(const Input& input) {
  return check_selection(input.select, input.projection_expression.has_value(), input.index_name.has_value());
}

template <class Input>
Result<ReadExpressions> read_expressions(const Input& input, Substitutions& substitutions) {
  ReadExpressions expressions;
  if (input.filter_expression) {
    expressions.filter = TRY(parse_condition(*input.filter_expression, "FilterExpression", substitutions));
  }
  if (input.projection_expression) {
    expressions.projection = TRY(parse_projection(*input.projection_expression, substitutions));
  }
  return expressions;
}

template <class Input>
Result<const Index*> find_read_index(const Table& table, const Input& input) {
  return find_index_for_read(table, input.index_name, input.consistent_read.value_or(false));
}

// All but the range and the order. The expressions must outlive what it answers.
template <class Input>
Result<PageRequest> plan_page(const Table& table, const Index* index, const Input& input,
                              const ReadExpressions& expressions) {
  PageRequest request{.table = table, .index = index, .range = {}, .limit = input.limit};
  if (expressions.filter) request.filter = &*expressions.filter;
  if (expressions.projection) request.projection = &*expressions.projection;
  if (input.select == Select::count) request.items = PageRequest::Items::counted;
  request.source = TRY(find_source(table, index, input.select, expressions));
  return request;
}

template <class Output, class Input>
Output answer_page(Page page, const PageRequest& request, const Input& input) {
  const Consistency consistency = input.consistent_read.value_or(false) ? Consistency::strong : Consistency::eventual;
  Output output;
  output.count = page.count;
  output.scanned_count = page.scanned_count;
  output.consumed_capacity =
      consumed_by(page, request, consistency).report(request.table, input.return_consumed_capacity);
  output.last_evaluated_key = std::move(page.last_key);
  if (request.items == PageRequest::Items::given) output.items = std::move(page.items);
  return output;
}

}  // namespace localcloud::dynamodb
