// What each request must be allowed to do: its action on the table, the index, or every table it names.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html

#include <span>

#include "base/text.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"
#include "localcloud/services/dynamodb/partiql/select.hpp"
#include "localcloud/services/dynamodb/partiql/statement.hpp"

namespace localcloud::dynamodb {

namespace {

std::string text_of(const AttributeValue& value) {
  if (const auto* text = value.get_if<std::string>()) return *text;
  if (const auto* number = value.get_if<Number>()) return number->text();
  if (const auto* binary = value.get_if<Binary>()) return base::to_base64(binary->bytes);
  return "";
}

TablePtr find(DynamoDb& room, const storage::Reader& reader, const wire::Caller& caller, const TableName& name) {
  const Result<TablePtr> table = find_table(room, reader, caller, name);
  return table ? *table : nullptr;
}

void add_leading_key(wire::Access& access, const AttributeValue* value) {
  if (value == nullptr) return;
  if (access.context.empty()) access.context.push_back({"dynamodb:LeadingKeys", {}});
  access.context.front().second.push_back(text_of(*value));
}

Accesses on_table(std::string action, const wire::Caller& caller, const TableName& table) {
  return {{std::move(action), table.arn(caller)}};
}

// An action on one item, with the value of its partition key.
Accesses on_item(std::string action, DynamoDb& room, const wire::Caller& caller, const TableName& name,
                 const Item& item) {
  wire::Access access{std::move(action), name.arn(caller)};
  if (const TablePtr table = find(room, *room.store.snapshot(), caller, name))
    add_leading_key(access, item.find(table->keys.hash.name));
  return {std::move(access)};
}

StatementTarget target_of(const Statement& statement) {
  if (const auto* insert = std::get_if<InsertStatement>(&statement)) return {true, insert->table, std::nullopt};
  const auto& select = std::get<SelectStatement>(statement);
  return {false, select.table, select.index};
}

// What the statements of a request need. Those that need the same are asked for once.
class StatementAccesses {
 public:
  StatementAccesses(DynamoDb& room, const wire::Caller& caller)
      : room_(room), caller_(caller), reader_(room.store.snapshot()) {}

  void add(const std::string& text, const Parameters& parameters) {
    const auto form = room_.forms.find(text);
    if (form != nullptr && form->check(parameters)) {
      Place* const place = find_place({true, form->table, std::nullopt});
      if (place == nullptr) return;
      const AttributeValue* key = nullptr;
      if (place->table != nullptr) key = form->find(place->table->keys.hash.name, parameters);
      ask(*place, key != nullptr ? std::span(key, 1) : std::span<const AttributeValue>());
      return;
    }
    const Result<Statement> statement = parse_statement(text, parameters);
    // A statement that isn't well formed is refused before it does anything.
    const std::optional<StatementTarget> target = statement ? target_of(*statement) : find_target(text);
    Place* const place = target ? find_place(*target) : nullptr;
    if (place == nullptr) return;
    std::vector<AttributeValue> keys;
    if (place->table != nullptr && statement) keys = keys_of(*place, *statement);
    ask(*place, keys);
  }

  Accesses take() { return std::move(accesses_); }

 private:
  // A table or an index as statements name it.
  struct Place {
    StatementTarget target;
    std::string arn;
    TablePtr table;  // nullptr: there is none of that name
    // Where its access lies: of the statements that name partition keys, and of those that don't. They are asked for
    // apart, or what a policy says of keys would hold for statements without any.
    std::optional<std::size_t> with_keys;
    std::optional<std::size_t> without_keys;
  };

  // Nothing where no table can have that name.
  Place* find_place(const StatementTarget& target) {
    for (Place& known : places_) {
      if (known.target == target) return &known;
    }
    const Result<TableName> name = read_table_name(target.table);
    if (!name) return nullptr;
    std::string arn = target.index ? name->index_arn(caller_, *target.index) : name->arn(caller_);
    places_.push_back({target, std::move(arn), find(room_, *reader_, caller_, *name), {}, {}});
    return &places_.back();
  }

  static std::vector<AttributeValue> keys_of(const Place& place, const Statement& statement) {
    const Index* const index = place.target.index ? place.table->find_index(*place.target.index) : nullptr;
    const KeySchema& keys = index != nullptr ? index->keys : place.table->keys;
    if (const auto* insert = std::get_if<InsertStatement>(&statement)) {
      const AttributeValue* const key = insert->item.find(keys.hash.name);
      return key != nullptr ? std::vector{*key} : std::vector<AttributeValue>();
    }
    return find_partitions(std::get<SelectStatement>(statement).where, keys).value_or(std::vector<AttributeValue>());
  }

  void ask(Place& place, std::span<const AttributeValue> keys) {
    std::optional<std::size_t>& access = keys.empty() ? place.without_keys : place.with_keys;
    if (!access) {
      access = accesses_.size();
      accesses_.push_back({place.target.inserts ? "dynamodb:PartiQLInsert" : "dynamodb:PartiQLSelect", place.arn});
    }
    for (const AttributeValue& key : keys) add_leading_key(accesses_[*access], &key);
  }

  DynamoDb& room_;
  const wire::Caller& caller_;
  const std::unique_ptr<storage::Reader> reader_;
  std::vector<Place> places_;
  Accesses accesses_;
};

}  // namespace

Accesses access(DynamoDb&, const wire::Caller& caller, const CreateTable::Input& input) {
  Accesses accesses = on_table("dynamodb:CreateTable", caller, input.table_name);
  if (input.tags && !input.tags->empty()) accesses.push_back({"dynamodb:TagResource", input.table_name.arn(caller)});
  return accesses;
}
Accesses access(DynamoDb&, const wire::Caller& caller, const DescribeTable::Input& input) {
  return on_table("dynamodb:DescribeTable", caller, input.table_name);
}
Accesses access(DynamoDb&, const wire::Caller&, const ListTables::Input&) {
  return {{"dynamodb:ListTables", "*"}};
}
Accesses access(DynamoDb&, const wire::Caller& caller, const UpdateTable::Input& input) {
  return on_table("dynamodb:UpdateTable", caller, input.table_name);
}
Accesses access(DynamoDb&, const wire::Caller& caller, const DeleteTable::Input& input) {
  return on_table("dynamodb:DeleteTable", caller, input.table_name);
}
Accesses access(DynamoDb&, const wire::Caller& caller, const UpdateTimeToLive::Input& input) {
  return on_table("dynamodb:UpdateTimeToLive", caller, input.table_name);
}
Accesses access(DynamoDb&, const wire::Caller& caller, const DescribeTimeToLive::Input& input) {
  return on_table("dynamodb:DescribeTimeToLive", caller, input.table_name);
}
Accesses access(DynamoDb&, const wire::Caller& caller, const UpdateContinuousBackups::Input& input) {
  return on_table("dynamodb:UpdateContinuousBackups", caller, input.table_name);
}
Accesses access(DynamoDb&, const wire::Caller& caller, const DescribeContinuousBackups::Input& input) {
  return on_table("dynamodb:DescribeContinuousBackups", caller, input.table_name);
}
Accesses access(DynamoDb&, const wire::Caller&, const TagResource::Input& input) {
  return {{"dynamodb:TagResource", input.resource_arn}};
}
Accesses access(DynamoDb&, const wire::Caller&, const UntagResource::Input& input) {
  return {{"dynamodb:UntagResource", input.resource_arn}};
}
Accesses access(DynamoDb&, const wire::Caller&, const ListTagsOfResource::Input& input) {
  return {{"dynamodb:ListTagsOfResource", input.resource_arn}};
}

Accesses access(DynamoDb& room, const wire::Caller& caller, const PutItem::Input& input) {
  return on_item("dynamodb:PutItem", room, caller, input.table_name, input.item.item);
}
Accesses access(DynamoDb& room, const wire::Caller& caller, const GetItem::Input& input) {
  return on_item("dynamodb:GetItem", room, caller, input.table_name, input.key.item);
}
Accesses access(DynamoDb& room, const wire::Caller& caller, const UpdateItem::Input& input) {
  return on_item("dynamodb:UpdateItem", room, caller, input.table_name, input.key.item);
}
Accesses access(DynamoDb& room, const wire::Caller& caller, const DeleteItem::Input& input) {
  return on_item("dynamodb:DeleteItem", room, caller, input.table_name, input.key.item);
}

Accesses access(DynamoDb& room, const wire::Caller& caller, const Query::Input& input) {
  const TableName& name = input.table_name;
  wire::Access access{"dynamodb:Query",
                      input.index_name ? name.index_arn(caller, *input.index_name) : name.arn(caller)};
  const TablePtr table = find(room, *room.store.snapshot(), caller, name);
  const Index* index = table != nullptr && input.index_name ? table->find_index(*input.index_name) : nullptr;
  Result<Substitutions> substitutions =
      Substitutions::check(input.expression_attribute_names, input.expression_attribute_values, "");
  if (table != nullptr && substitutions && input.key_condition_expression) {
    const Result<Condition> condition =
        parse_condition(*input.key_condition_expression, "KeyConditionExpression", *substitutions);
    const Result<KeyCondition> keys = condition
                                          ? read_key_condition(*condition, index != nullptr ? index->keys : table->keys)
                                          : std::unexpected(condition.error());
    if (keys) add_leading_key(access, &keys->hash);
  }
  return {std::move(access)};
}

Accesses access(DynamoDb&, const wire::Caller& caller, const Scan::Input& input) {
  const TableName& name = input.table_name;
  return {{"dynamodb:Scan", input.index_name ? name.index_arn(caller, *input.index_name) : name.arn(caller)}};
}

Accesses access(DynamoDb& room, const wire::Caller& caller, const BatchWriteItem::Input& input) {
  Accesses accesses;
  const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
  for (const auto& [text, requests] : input.request_items) {
    const Result<TableName> name = read_table_name(text);
    if (!name) continue;
    wire::Access access{"dynamodb:BatchWriteItem", name->arn(caller)};
    const TablePtr table = find(room, *reader, caller, *name);
    for (const WriteRequest& request : requests) {
      if (table == nullptr) break;
      if (request.put) add_leading_key(access, request.put->item.item.find(table->keys.hash.name));
      if (request.del) add_leading_key(access, request.del->key.item.find(table->keys.hash.name));
    }
    accesses.push_back(std::move(access));
  }
  return accesses;
}

Accesses access(DynamoDb& room, const wire::Caller& caller, const BatchGetItem::Input& input) {
  Accesses accesses;
  const std::unique_ptr<storage::Reader> reader = room.store.snapshot();
  for (const auto& [text, request] : input.request_items) {
    const Result<TableName> name = read_table_name(text);
    if (!name) continue;
    wire::Access access{"dynamodb:BatchGetItem", name->arn(caller)};
    const TablePtr table = find(room, *reader, caller, *name);
    for (const ItemInput& key : request.keys) {
      if (table != nullptr) add_leading_key(access, key.item.find(table->keys.hash.name));
    }
    accesses.push_back(std::move(access));
  }
  return accesses;
}

// Each action as the operation of its kind.
Accesses access(DynamoDb& room, const wire::Caller& caller, const TransactWriteItems::Input& input) {
  Accesses accesses;
  const auto add = [&](const char* action, const TableName& table, const ItemInput& item) {
    accesses.push_back(std::move(on_item(action, room, caller, table, item.item).front()));
  };
  for (const TransactWriteItem& item : input.transact_items) {
    if (item.check) add("dynamodb:ConditionCheckItem", item.check->table_name, item.check->key);
    if (item.put) add("dynamodb:PutItem", item.put->table_name, item.put->item);
    if (item.update) add("dynamodb:UpdateItem", item.update->table_name, item.update->key);
    if (item.del) add("dynamodb:DeleteItem", item.del->table_name, item.del->key);
  }
  return accesses;
}

Accesses access(DynamoDb& room, const wire::Caller& caller, const TransactGetItems::Input& input) {
  Accesses accesses;
  for (const TransactGetItem& item : input.transact_items) {
    const TransactGetItem::Get& get = item.get;
    accesses.push_back(std::move(on_item("dynamodb:GetItem", room, caller, get.table_name, get.key.item).front()));
  }
  return accesses;
}

Accesses access(DynamoDb& room, const wire::Caller& caller, const ExecuteStatement::Input& input) {
  StatementAccesses accesses(room, caller);
  accesses.add(input.statement, input.parameters);
  return accesses.take();
}

Accesses access(DynamoDb& room, const wire::Caller& caller, const BatchExecuteStatement::Input& input) {
  StatementAccesses accesses(room, caller);
  for (const BatchStatement& statement : input.statements) accesses.add(statement.statement, statement.parameters);
  return accesses.take();
}

}  // namespace localcloud::dynamodb
