// A condition to ranges of keys, and those to items.

#include "localcloud/services/dynamodb/partiql/select.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "json/parse.hpp"
#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/read.hpp"

namespace localcloud::dynamodb {

namespace {

// The conditions that must all hold.
void gather(const Condition& condition, std::vector<const Condition*>& out) {
  if (condition.op != Operator::logical_and) {
    out.push_back(&condition);
    return;
  }
  for (const Condition& child : condition.children) gather(child, out);
}

std::vector<const Condition*> conjuncts(const std::optional<Condition>& where) {
  std::vector<const Condition*> out;
  if (where) gather(*where, out);
  return out;
}

// Whether it compares this attribute, on its left, with values only.
bool is_about(const Condition& condition, const std::string& attribute) {
  if (condition.operands.empty()) return false;
  const auto* path = std::get_if<Path>(&condition.operands[0]);
  return path != nullptr && !path->is_nested() && path->attribute() == attribute &&
         std::all_of(condition.operands.begin() + 1, condition.operands.end(),
                     [](const Operand& operand) { return std::holds_alternative<AttributeValue>(operand); });
}

const AttributeValue& value_at(const Condition& condition, std::size_t at) {
  return std::get<AttributeValue>(condition.operands[at]);
}

std::optional<RangeCondition> find_range(const std::vector<const Condition*>& all, const KeyAttribute& key) {
  for (const Condition* condition : all) {
    if (!is_about(*condition, key.name)) continue;
    switch (condition->op) {
      case Operator::equal:
      case Operator::less:
      case Operator::less_equal:
      case Operator::greater:
      case Operator::greater_equal:
      case Operator::between:
      case Operator::begins_with:
        break;
      default:
        continue;
    }
    const auto fits = [&](const Operand& operand) {
      const auto* value = std::get_if<AttributeValue>(&operand);
      return value == nullptr || value->type() == key.type;
    };
    const bool prefix_of_number = condition->op == Operator::begins_with && key.type == Type::n;
    if (prefix_of_number || !std::all_of(condition->operands.begin() + 1, condition->operands.end(), fits)) continue;
    return RangeCondition{condition->op, value_at(*condition, 1),
                          condition->op == Operator::between ? value_at(*condition, 2) : AttributeValue()};
  }
  return std::nullopt;
}

std::string make_token(const Item& last_key) {
  std::string json;
  write_json(json, last_key);
  return base::to_base64(json);
}

Result<Item> read_token(const std::string& token) {
  const ServiceError invalid = validation("NextToken does not match request");
  const std::optional<std::string> text = base::from_base64(token);
  const auto json = text ? json::parse(*text) : std::unexpected(json::ParseError{});
  if (!json) return failure(invalid);
  Result<ItemInput> key = item_from_json(*json);
  if (!key || key->problem) return failure(invalid);
  return std::move(key->item);
}

struct Plan {
  std::vector<KeyRange> ranges;
  bool whole_key = false;  // of one item
};

Result<Plan> plan_ranges(const Table& table, const Index* index, const SelectStatement& select) {
  const KeySchema& keys = index != nullptr ? index->keys : table.keys;
  const std::optional<std::vector<AttributeValue>> partitions = find_partitions(select.where, keys);
  if (select.order_by) {
    if (!select.where) {
      return failure(validation("Must have WHERE clause in the statement when using ORDER BY clause."));
    }
    if (!partitions) {
      return failure(validation(
          "Must have at least one non-optional hash key condition in WHERE clause when using ORDER BY clause."));
    }
    const bool is_key = *select.order_by == keys.hash.name || (keys.range && *select.order_by == keys.range->name);
    if (!is_key) {
      return failure(
          validation("Variable reference " + *select.order_by + " in ORDER BY clause must be part of the primary key"));
    }
  }
  Plan plan;
  if (!partitions) {
    plan.ranges.push_back(whole_range(table, index));
    return plan;
  }
  const std::optional<RangeCondition> range =
      keys.range ? find_range(conjuncts(select.where), *keys.range) : std::nullopt;
  for (const AttributeValue& partition : *partitions) {
    if (partition.type() != keys.hash.type) {
      return failure(invalid_parameter("Condition parameter type does not match schema type"));
    }
    plan.ranges.push_back(query_range(table, index, {partition, range}));
  }
  plan.whole_key =
      index == nullptr && partitions->size() == 1 && (!keys.range || (range && range->op == Operator::equal));
  return plan;
}

// Where the last page ended: earlier ranges have been read.
Result<Done> go_on_after(const std::string& token, PageRequest& request, std::vector<KeyRange>& ranges) {
  const Item start = TRY(read_token(token));
  while (!ranges.empty()) {
    request.range = ranges.front();
    const Result<Done> started = start_after(request, start);
    if (started) {
      ranges.front() = request.range;
      return Done{};
    }
    ranges.erase(ranges.begin());
  }
  return failure(validation("NextToken does not match request"));
}

}  // namespace

std::optional<std::vector<AttributeValue>> find_partitions(const std::optional<Condition>& where,
                                                           const KeySchema& keys) {
  for (const Condition* condition : conjuncts(where)) {
    if (!is_about(*condition, keys.hash.name)) continue;
    if (condition->op != Operator::equal && condition->op != Operator::in) continue;
    std::vector<AttributeValue> values;
    for (std::size_t i = 1; i < condition->operands.size(); ++i) {
      const AttributeValue& value = value_at(*condition, i);
      if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
    }
    return values;
  }
  return std::nullopt;
}

Result<Selected> run_select(DynamoDb& room, const storage::Reader& reader, const wire::Caller& caller,
                            const SelectStatement& select, const SelectOptions& options) {
  const TablePtr table = TRY(find_table(room, reader, caller, TRY(read_table_name(select.table))));
  const bool strong = options.consistency == Consistency::strong;
  const Index* index = TRY(find_index_for_read(*table, select.index, strong));
  Plan plan = TRY(plan_ranges(*table, index, select));
  if (options.extent == SelectOptions::Extent::one_item && !plan.whole_key) {
    return failure(
        validation("Select statements within BatchExecuteStatement must specify the primary key in the where clause."));
  }
  ReadExpressions expressions;
  if (!select.columns.empty()) expressions.projection = select.columns;
  PageRequest request{.table = *table, .index = index, .range = {}, .limit = options.limit};
  request.filter = select.where ? &*select.where : nullptr;
  request.projection = expressions.projection ? &*expressions.projection : nullptr;
  request.source = TRY(find_source(*table, index, std::nullopt, expressions));
  if (select.order == SelectStatement::Order::descending) request.order = PageRequest::Order::descending;
  if (options.next_token) TRY(go_on_after(*options.next_token, request, plan.ranges));

  Selected selected;
  Page all;
  for (const KeyRange& range : plan.ranges) {
    request.range = range;
    Page page = read_page(reader, request);
    std::move(page.items.begin(), page.items.end(), std::back_inserter(selected.items));
    all.scanned_count += page.scanned_count;
    all.bytes += page.bytes;
    all.fetched_bytes += page.fetched_bytes;
    if (request.limit) *request.limit -= page.scanned_count;
    selected.last_key = std::move(page.last_key);
    if (selected.last_key || all.bytes > kPageSizeMax) break;
  }
  if (selected.last_key) selected.next_token = make_token(*selected.last_key);
  selected.consumed_capacity = consumed_by(all, request, options.consistency).report(*table, options.return_capacity);
  return selected;
}

}  // namespace localcloud::dynamodb
