// Records as JSON, and the keys they lie under.

#include "localcloud/services/stepfunctions/records.hpp"

#include "base/check.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/storage/keys.hpp"

namespace localcloud::stepfunctions {
namespace {

using storage::Key;

Key key(std::string_view kind, const MachineId& id) {
  return Key("stepfunctions").add(kind).add(id.account).add(id.region).add(id.name);
}

Key execution_key(const ExecutionId& id) {
  return key("execution", id.machine).add(id.name);
}
Key running_key(const ExecutionId& id) {
  return key("running", id.machine).add(id.name).add(id.uuid);
}
Key journal_key(const ExecutionId& id) {
  return key("journal", id.machine).add(id.name).add(id.uuid);
}
// Times count down, so that the latest come first.
std::uint64_t counting_down(base::Time time) {
  return ~static_cast<std::uint64_t>(base::to_unix_us(time));
}
Key started_key(const Execution& execution) {
  return key("started", execution.id.machine).add(counting_down(execution.started)).add(execution.id.name);
}
std::string written(asl::Status status) {
  return std::to_string(static_cast<int>(status));
}

json::Value must_parse(std::string_view text) {
  auto value = json::parse(text);
  CHECK(value.has_value());
  return std::move(*value);
}

std::string text_of(const json::Value& record, std::string_view name) {
  return std::string(record.get_string(name).value_or(""));
}
base::Time time_of(const json::Value& record, std::string_view name) {
  return base::from_unix_us(record.get_int64(name).value_or(0));
}

json::Value write_logging(const Logging& logging) {
  return json::Object{{"level", logging.level}, {"data", logging.includes_data}, {"group", logging.group_arn}};
}

Logging read_logging(const json::Value* record) {
  if (record == nullptr) return {};
  return {text_of(*record, "level"), record->get_bool("data").value_or(false), text_of(*record, "group")};
}

std::string write_machine(const StateMachine& machine) {
  json::Object tags;
  for (const auto& [name, value] : machine.tags) tags.append(name, value);
  return json::write(json::Object{{"express", machine.is_express},
                                  {"role", machine.role_arn},
                                  {"created", base::to_unix_us(machine.created)},
                                  {"updated", base::to_unix_us(machine.updated)},
                                  {"revision", machine.revision},
                                  {"logging", write_logging(machine.logging)},
                                  {"traces", machine.traces},
                                  {"tags", std::move(tags)}});
}

std::string write_execution(const Execution& execution) {
  json::Object record{{"revision", execution.revision},
                      {"role", execution.role_arn},
                      {"input", execution.input},
                      {"seed", std::to_string(execution.seed)},
                      {"started", base::to_unix_us(execution.started)}};
  if (!execution.trace_header.empty()) record.append("trace", execution.trace_header);
  if (execution.logging.level != "OFF") record.append("logging", write_logging(execution.logging));
  if (execution.status == asl::Status::running) return json::write(json::Value(std::move(record)));
  record.append("status", static_cast<int>(execution.status));
  record.append("stopped", base::to_unix_us(execution.stopped));
  if (execution.status == asl::Status::succeeded) record.append("output", execution.output);
  if (execution.failure.error) record.append("error", *execution.failure.error);
  if (execution.failure.cause) record.append("cause", *execution.failure.cause);
  return json::write(json::Value(std::move(record)));
}

std::optional<std::string> optional_text(const json::Value& record, std::string_view name) {
  const auto text = record.get_string(name);
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

Execution read_execution(ExecutionId id, std::string_view text) {
  const json::Value record = must_parse(text);
  Execution execution;
  execution.id = std::move(id);
  execution.revision = text_of(record, "revision");
  execution.role_arn = text_of(record, "role");
  execution.input = text_of(record, "input");
  execution.trace_header = text_of(record, "trace");
  execution.seed = std::stoull(text_of(record, "seed"));
  execution.logging = read_logging(record.find("logging"));
  execution.started = time_of(record, "started");
  execution.status = static_cast<asl::Status>(record.get_int64("status").value_or(0));
  execution.stopped = time_of(record, "stopped");
  execution.output = text_of(record, "output");
  execution.failure = {optional_text(record, "error"), optional_text(record, "cause")};
  return execution;
}

}  // namespace

std::string machine_key(const MachineId& id) {
  return key("machine", id).bytes();
}

StateMachine read_machine(MachineId id, std::string_view text) {
  const json::Value record = must_parse(text);
  StateMachine machine;
  machine.id = std::move(id);
  machine.is_express = record.get_bool("express").value_or(false);
  machine.role_arn = text_of(record, "role");
  machine.created = time_of(record, "created");
  machine.updated = time_of(record, "updated");
  machine.revision = text_of(record, "revision");
  machine.logging = read_logging(record.find("logging"));
  machine.traces = record.get_bool("traces").value_or(false);
  for (const auto& [name, value] : record.find("tags")->as_object()) machine.tags.emplace(name, value.as_string());
  return machine;
}

std::optional<StateMachine> find_machine(const storage::Reader& reader, const MachineId& id) {
  const std::optional<std::string> record = reader.get(machine_key(id));
  if (!record) return std::nullopt;
  return read_machine(id, *record);
}

void put_machine(storage::Transaction& transaction, const StateMachine& machine) {
  transaction.put(machine_key(machine.id), write_machine(machine));
}

void erase_machine(storage::Transaction& transaction, const MachineId& id) {
  transaction.erase(machine_key(id));
}

void scan_machines(const storage::Reader& reader, const std::string& account, const std::string& region,
                   const std::string& after, const std::function<storage::Step(StateMachine)>& visit) {
  const Key prefix = Key("stepfunctions").add("machine").add(account).add(region);
  const std::string from =
      after.empty() ? prefix.bytes() : storage::after_prefix(machine_key({account, region, after}));
  reader.scan(from, storage::after_prefix(prefix.bytes()), [&](std::string_view found, std::string_view record) {
    storage::KeyReader rest(found.substr(prefix.bytes().size()));
    return visit(read_machine({account, region, rest.text()}, record));
  });
}

std::optional<std::string> find_definition(const storage::Reader& reader, const MachineId& id,
                                           const std::string& revision) {
  return reader.get(key("definition", id).add(revision));
}

void put_definition(storage::Transaction& transaction, const MachineId& id, const std::string& revision,
                    std::string_view text) {
  transaction.put(key("definition", id).add(revision), text);
}

std::optional<Execution> find_execution(const storage::Reader& reader, const ExecutionId& id) {
  const std::optional<std::string> record = reader.get(execution_key(id));
  if (!record) return std::nullopt;
  return read_execution(id, *record);
}

void scan_executions(const storage::Reader& reader, const MachineId& id, const std::string& after,
                     std::optional<asl::Status> status,
                     const std::function<storage::Step(Execution, std::string token)>& visit) {
  const Key prefix = key("started", id);
  const std::string from = after.empty() ? prefix.bytes() : storage::after_prefix(prefix.bytes() + after);
  reader.scan(from, storage::after_prefix(prefix.bytes()), [&](std::string_view found, std::string_view value) {
    if (status && value != written(*status)) return storage::Step::go_on;
    const std::string_view token = found.substr(prefix.bytes().size());
    storage::KeyReader rest(token);
    rest.number();
    std::optional<Execution> execution = find_execution(reader, {id, rest.text()});
    CHECK(execution.has_value());
    return visit(std::move(*execution), std::string(token));
  });
}

void put_started(storage::Transaction& transaction, const Execution& execution) {
  if (execution.id.is_express()) {
    transaction.put(running_key(execution.id), write_execution(execution));
    return;
  }
  transaction.put(execution_key(execution.id), write_execution(execution));
  transaction.put(started_key(execution), written(execution.status));
  transaction.put(running_key(execution.id), "");
}

void put_delivery(storage::Transaction& transaction, const ExecutionId& id, std::uint64_t number,
                  const asl::Delivery& delivery) {
  json::Object record{
      {"k", static_cast<int>(delivery.kind)}, {"c", delivery.command}, {"t", base::to_unix_us(delivery.time)}};
  if (delivery.kind == asl::Delivery::Kind::result) record.append("r", json::write(delivery.result));
  if (delivery.failure.error) record.append("error", *delivery.failure.error);
  if (delivery.failure.cause) record.append("cause", *delivery.failure.cause);
  transaction.put(journal_key(id).add(number), json::write(json::Value(std::move(record))));
}

void put_ended(storage::Transaction& transaction, const Execution& execution, std::uint64_t deliveries) {
  transaction.erase(running_key(execution.id));
  if (execution.id.is_express()) {
    for (std::uint64_t number = 0; number < deliveries; ++number)
      transaction.erase(journal_key(execution.id).add(number));
    return;
  }
  transaction.put(execution_key(execution.id), write_execution(execution));
  transaction.put(started_key(execution), written(execution.status));
}

// Within a machine the latest come first, so what is old stands together at the end.
void scan_old(const storage::Reader& reader, base::Time before, const std::function<void(ExecutionId)>& visit) {
  const Key all = Key("stepfunctions").add("started");
  const std::string end = storage::after_prefix(all.bytes());
  std::string from = all.bytes();
  while (true) {
    std::optional<MachineId> machine;
    reader.scan(from, end, [&](std::string_view found, std::string_view) {
      storage::KeyReader rest(found.substr(all.bytes().size()));
      machine = MachineId{rest.text(), rest.text(), rest.text()};
      return storage::Step::stop;
    });
    if (!machine) return;
    const Key prefix = key("started", *machine);
    from = storage::after_prefix(prefix.bytes());
    const Key oldest = Key(prefix).add(counting_down(before));
    reader.scan(oldest, from, [&](std::string_view found, std::string_view status) {
      storage::KeyReader rest(found.substr(prefix.bytes().size()));
      rest.number();
      if (status != written(asl::Status::running)) visit({*machine, rest.text()});
      return storage::Step::go_on;
    });
  }
}

std::size_t erase_old(storage::Transaction& transaction, const ExecutionId& id, base::Time before) {
  const std::optional<Execution> execution = find_execution(transaction, id);
  if (!execution || execution->status == asl::Status::running || execution->stopped >= before) return 0;
  std::vector<std::string> keys = {execution_key(id).bytes(), started_key(*execution).bytes()};
  transaction.scan_prefix(journal_key(id), [&](std::string_view found, std::string_view) {
    keys.emplace_back(found);
    return storage::Step::go_on;
  });
  for (const std::string& each : keys) transaction.erase(each);
  return keys.size();
}

std::vector<asl::Delivery> read_journal(const storage::Reader& reader, const ExecutionId& id) {
  std::vector<asl::Delivery> deliveries;
  const std::string prefix = journal_key(id).bytes();
  reader.scan_prefix(prefix, [&](std::string_view found, std::string_view text) {
    // An Express execution's deliveries are written behind it; one behind a gap was made of what isn't there.
    if (storage::KeyReader(found.substr(prefix.size())).number() != deliveries.size()) return storage::Step::stop;
    const json::Value record = must_parse(text);
    asl::Delivery delivery;
    delivery.kind = static_cast<asl::Delivery::Kind>(record.get_int64("k").value_or(0));
    delivery.command = static_cast<std::uint64_t>(record.get_int64("c").value_or(0));
    delivery.time = time_of(record, "t");
    if (const auto result = record.get_string("r")) delivery.result = must_parse(*result);
    delivery.failure = {optional_text(record, "error"), optional_text(record, "cause")};
    deliveries.push_back(std::move(delivery));
    return storage::Step::go_on;
  });
  return deliveries;
}

std::vector<Execution> read_running(const storage::Reader& reader) {
  std::vector<Execution> running;
  const Key prefix = Key("stepfunctions").add("running");
  reader.scan_prefix(prefix.bytes(), [&](std::string_view found, std::string_view record) {
    storage::KeyReader rest(found.substr(prefix.bytes().size()));
    ExecutionId id;
    id.machine.account = rest.text();
    id.machine.region = rest.text();
    id.machine.name = rest.text();
    id.name = rest.text();
    id.uuid = rest.text();
    if (id.is_express()) {
      running.push_back(read_execution(std::move(id), record));
    } else if (std::optional<Execution> execution = find_execution(reader, id)) {
      running.push_back(std::move(*execution));
    }
    return storage::Step::go_on;
  });
  return running;
}

}  // namespace localcloud::stepfunctions
