// What a query or a scan selects, and what it costs.

#include "localcloud/services/dynamodb/read.hpp"

#include <algorithm>

#include "localcloud/services/dynamodb/errors.hpp"

namespace localcloud::dynamodb {

Result<Done> check_selection(std::optional<Select> select, bool has_projection, bool has_index) {
  if (select == Select::all_projected_attributes && !has_index) {
    return failure(invalid_parameter("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName"));
  }
  if (has_projection && select && *select != Select::specific_attributes) {
    return failure(validation("Cannot specify the ProjectionExpression when choosing to get " +
                              std::string(wire::to_wire(*select))));
  }
  if (!has_projection && select == Select::specific_attributes) {
    return failure(
        validation("Must specify the AttributesToGet or ProjectionExpression when choosing to get "
                   "SPECIFIC_ATTRIBUTES"));
  }
  return Done{};
}

Result<const Index*> find_index_for_read(const Table& table, const std::optional<std::string>& name, bool consistent) {
  if (!name) return nullptr;
  const Index* index = table.find_index(*name);
  if (index == nullptr) return failure(index_not_found(*name));
  if (consistent && index->scope == Index::Scope::global) {
    return failure(validation("Consistent reads are not supported on global secondary indexes"));
  }
  return index;
}

namespace {

bool keeps(const Table& table, const Index& index, const std::string& attribute) {
  const auto is_key = [&](const KeySchema& keys) {
    return attribute == keys.hash.name || (keys.range && attribute == keys.range->name);
  };
  return index.projection == Projection::all || is_key(table.keys) || is_key(index.keys) ||
         std::find(index.included.begin(), index.included.end(), attribute) != index.included.end();
}

}  // namespace

Result<PageRequest::Source> find_source(const Table& table, const Index* index, std::optional<Select> select,
                                        const ReadExpressions& expressions) {
  using Source = PageRequest::Source;
  if (index == nullptr || index->projection == Projection::all) return Source::as_kept;
  const bool global = index->scope == Index::Scope::global;
  if (select == Select::all_attributes) {
    if (!global) return Source::whole_item;
    return failure(invalid_parameter("Select type ALL_ATTRIBUTES is not supported for global secondary index " +
                                     index->name + " because its projection type is not ALL"));
  }
  std::string beyond;
  const auto note = [&](const Path& path) {
    if (keeps(table, *index, path.attribute())) return;
    if (!beyond.empty()) beyond += ", ";
    beyond += path.attribute();
  };
  if (expressions.projection) std::for_each(expressions.projection->begin(), expressions.projection->end(), note);
  if (beyond.empty()) return Source::as_kept;
  if (!global) return Source::whole_item;
  return failure(invalid_parameter("Global secondary index " + index->name + " does not project [" + beyond + "]"));
}

Consumed consumed_by(const Page& page, const PageRequest& request, Consistency consistency) {
  Consumed consumed;
  const double units = read_units(page.bytes, consistency);
  if (request.index == nullptr) {
    consumed.add_table(units);
    return consumed;
  }
  consumed.add_index(*request.index, units);
  if (request.source == PageRequest::Source::whole_item && page.scanned_count > 0) {
    consumed.add_table(read_units(page.fetched_bytes, consistency));
  }
  return consumed;
}

}  // namespace localcloud::dynamodb
