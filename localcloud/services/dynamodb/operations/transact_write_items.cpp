// TransactWriteItems writes as many as 100 items, of one table or several: all of them, or none.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html

#include <set>

#include "aws/crypto.hpp"
#include "localcloud/services/dynamodb/capacity.hpp"
#include "localcloud/services/dynamodb/errors.hpp"
#include "localcloud/services/dynamodb/lookup.hpp"
#include "localcloud/services/dynamodb/request_tokens.hpp"
#include "localcloud/services/dynamodb/transactions.hpp"
#include "localcloud/services/dynamodb/write.hpp"
#include "localcloud/wire/json_writer.hpp"
#include "localcloud/wire/writer.hpp"

namespace localcloud::dynamodb {

namespace {

struct Action {
  enum class Kind { check, put, update, del };
  Kind kind;
  TableName table_name;
  Item item;  // that is put; else its key
  std::optional<ReturnOnFailure> return_values_on_failure;
  std::optional<Condition> condition = {};
  std::optional<Update> update = {};
};

template <class Input>
Result<Action> to_action(Action::Kind kind, Input& input, ItemInput& item) {
  TRY(item.check());
  Action action{kind, std::move(input.table_name), std::move(item.item), input.return_values_on_failure};
  if constexpr (requires { input.update_expression; }) {
    UpdateExpressions expressions = TRY(read_update(input));
    action.update = std::move(expressions.update);
    action.condition = std::move(expressions.condition);
  } else {
    action.condition = TRY(read_condition(input));
  }
  return action;
}

Result<Action> read_action(TransactWriteItem& item) {
  const int count = item.check.has_value() + item.put.has_value() + item.update.has_value() + item.del.has_value();
  if (count == 0) return failure(one_action_wanted());
  if (count > 1) return failure(only_one_action());
  if (item.check) return to_action(Action::Kind::check, *item.check, item.check->key);
  if (item.put) return to_action(Action::Kind::put, *item.put, item.put->item);
  if (item.update) return to_action(Action::Kind::update, *item.update, item.update->key);
  return to_action(Action::Kind::del, *item.del, item.del->key);
}

// The same for the same request, whatever the order of its members and attributes.
std::string hash_of(const TransactWriteItems::Input& input) {
  wire::JsonWriter writer;
  wire::write_value(writer, input, wire::Limits{});
  return aws::sha256(writer.take());
}

// The actions on one table.
struct TablePart {
  TablePart(storage::Transaction& transaction, TablePtr the_table)
      : table(std::move(the_table)), writer(transaction, *table) {}
  const TablePtr table;
  ItemWriter writer;
  std::set<std::string> keys;
  Consumed consumed;
};

// What an action is about to do.
struct Step {
  const Action& action;
  TablePart& part;
  std::string key = {};
  std::optional<StoredItem> old = {};
  UpdatedItem now = {};  // of put and update
};

class Transacting {
 public:
  Transacting(DynamoDb& room, storage::Transaction& transaction, const wire::Caller& caller)
      : room_(room), transaction_(transaction), caller_(caller) {}

  // An error is one of the whole request; what stands against the action alone is told with the others'.
  Result<Done> hold(const Action& action) {
    const TablePtr table = TRY(find_table(room_, transaction_, caller_, action.table_name));
    TablePart& part = parts_.try_emplace(table->number, transaction_, table).first->second;
    Step& step = steps_.emplace_back(action, part);
    const Result<Done> held = hold_item(step);
    objections_.push_back(held ? std::nullopt : std::optional(held.error()));
    if (!step.key.empty() && !part.keys.insert(step.key).second) return failure(item_named_twice());
    size_ += std::max(step.now.size, step.old ? step.old->size : 0);
    if (size_ > kTransactionSizeMax) return failure(transaction_too_large());
    return Done{};
  }

  Result<Done> decide() const { return check_none(objections_); }

  TransactWriteItems::Output write(const TransactWriteItems::Input& input) {
    TransactWriteItems::Output output;
    for (const Step& step : steps_) {
      TablePart& part = step.part;
      part.consumed.add_table(write_units(std::max(step.now.size, step.old ? step.old->size : 0)));
      const Action::Kind kind = step.action.kind;
      if (kind == Action::Kind::check) continue;
      if (kind == Action::Kind::del && step.old) part.writer.erase(step.key, *step.old);
      if (kind != Action::Kind::del && step.now.is_written)
        part.writer.put(step.key, step.old, step.now.item, step.now.size);
      auto metrics = collection_metrics(*part.table, step.action.item, input.return_item_collection_metrics);
      if (!metrics) continue;
      auto& all =
          output.item_collection_metrics ? *output.item_collection_metrics : output.item_collection_metrics.emplace();
      all[part.table->name].push_back(std::move(*metrics));
    }
    for (auto& [number, part] : parts_) {
      part.writer.finish();
      part.consumed.add_writes(*part.table, part.writer);
      part.consumed.count_twice();
      auto report = part.consumed.report(*part.table, input.return_consumed_capacity);
      if (!report) continue;
      (output.consumed_capacity ? *output.consumed_capacity : output.consumed_capacity.emplace())
          .push_back(std::move(*report));
    }
    return output;
  }

 private:
  Result<Done> hold_item(Step& step) {
    const Action& action = step.action;
    const Table& table = *step.part.table;
    if (action.kind == Action::Kind::put) {
      step.now.size = TRY(check_item(table, action.item));
      step.now.item = action.item;
    } else {
      TRY(check_key(table, action.item));
    }
    step.key = item_key(table, action.item);
    step.old = find_item(transaction_, step.key);
    TRY(check_condition(action.condition, step.old, action.return_values_on_failure));
    if (action.kind != Action::Kind::update) return Done{};
    TRY(check_leaves_key(table, *action.update));
    step.now = TRY(updated_item(table, action.item, step.old, action.update));
    return Done{};
  }

  DynamoDb& room_;
  storage::Transaction& transaction_;
  const wire::Caller& caller_;
  std::map<std::uint64_t, TablePart> parts_;  // by the tables' numbers
  std::vector<Step> steps_;
  Objections objections_;
  std::size_t size_ = 0;
};

}  // namespace

wire::Change<TransactWriteItems::Output> transact_write_items(DynamoDb& room, const wire::Caller& caller,
                                                              TransactWriteItems::Input input) {
  const std::string hash = input.client_request_token ? hash_of(input) : "";
  std::vector<Action> actions;
  for (TransactWriteItem& item : input.transact_items) actions.push_back(TRY(read_action(item)));

  return [&room, caller, hash, actions = std::move(actions),
          input = std::move(input)](storage::Transaction& transaction) -> Result<TransactWriteItems::Output> {
    const RequestToken token{caller.account, caller.region, input.client_request_token.value_or("")};
    const auto now_s = static_cast<std::uint64_t>(base::to_unix_s(caller.time));
    if (input.client_request_token) {
      const std::optional<std::string> known = find_request(transaction, token, now_s);
      if (known && *known != hash) return failure(other_request_of_token());
      // Unlike AWS: the second time no capacity is reported, for nothing is read.
      if (known) return TransactWriteItems::Output{};
    }
    Transacting transacting(room, transaction, caller);
    for (const Action& action : actions) TRY(transacting.hold(action));
    // Unlike AWS: TransactionConflict doesn't occur, for writes come one after another.
    TRY(transacting.decide());
    if (input.client_request_token) write_request(transaction, token, now_s, hash);
    return transacting.write(input);
  };
}

}  // namespace localcloud::dynamodb
