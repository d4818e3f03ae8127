#pragma once
// This room's records and keys; the only file that knows key bytes.
//
//   machine    account region name                     ▶ StateMachine
//   definition account region name revision            ▶ the definition's text; kept as long as its executions
//   execution  account region machine name             ▶ Execution (Standard)
//   started    account region machine ~start name      ▶ its status; the order of ListExecutions
//   running    account region machine name uuid        ▶ Execution (Express) or nothing; gone at the end
//   journal    account region machine name uuid number ▶ Delivery

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "localcloud/services/stepfunctions/asl/machine.hpp"
#include "localcloud/services/stepfunctions/names.hpp"
#include "localcloud/storage/store.hpp"

namespace localcloud::stepfunctions {

struct Logging {
  std::string level = "OFF";  // ALL, ERROR, FATAL
  bool includes_data = false;
  std::string group_arn;  // ends with ":*"
  bool operator==(const Logging&) const = default;
};

struct StateMachine {
  MachineId id;
  bool is_express = false;
  std::string role_arn;
  base::Time created, updated;
  std::string revision;  // of its definition
  Logging logging;
  bool traces = false;
  std::map<std::string, std::string> tags;
};

// What an execution was started with, and where it stands.
struct Execution {
  ExecutionId id;
  std::string revision;
  std::string role_arn;
  std::string input;  // JSON text, as it came
  std::string trace_header;
  std::uint64_t seed = 0;
  Logging logging;
  base::Time started;

  asl::Status status = asl::Status::running;
  base::Time stopped;
  std::string output;  // JSON text, of a success
  asl::Failure failure;
};

std::string machine_key(const MachineId& id);
StateMachine read_machine(MachineId id, std::string_view record);
std::optional<StateMachine> find_machine(const storage::Reader& reader, const MachineId& id);
void put_machine(storage::Transaction& transaction, const StateMachine& machine);
void erase_machine(storage::Transaction& transaction, const MachineId& id);
// The machines of an account in a region in the order of their names, from the one after `after`.
void scan_machines(const storage::Reader& reader, const std::string& account, const std::string& region,
                   const std::string& after, const std::function<storage::Step(StateMachine)>& visit);

std::optional<std::string> find_definition(const storage::Reader& reader, const MachineId& id,
                                           const std::string& revision);
void put_definition(storage::Transaction& transaction, const MachineId& id, const std::string& revision,
                    std::string_view text);

// Standard ones only.
std::optional<Execution> find_execution(const storage::Reader& reader, const ExecutionId& id);
// The latest first, from the one after the token `after` (empty: the first). Visits the token of each.
void scan_executions(const storage::Reader& reader, const MachineId& id, const std::string& after,
                     std::optional<asl::Status> status,
                     const std::function<storage::Step(Execution, std::string token)>& visit);

void put_started(storage::Transaction& transaction, const Execution& execution);
void put_delivery(storage::Transaction& transaction, const ExecutionId& id, std::uint64_t number,
                  const asl::Delivery& delivery);
// The end: an Express execution leaves nothing behind, a Standard one its record and its journal.
void put_ended(storage::Transaction& transaction, const Execution& execution, std::uint64_t deliveries);
// Visits the Standard executions of all accounts that started before a time and have ended.
void scan_old(const storage::Reader& reader, base::Time before, const std::function<void(ExecutionId)>& visit);
// Removes an execution that ended before a time, with its journal; says how many records that were.
std::size_t erase_old(storage::Transaction& transaction, const ExecutionId& id, base::Time before);
std::vector<asl::Delivery> read_journal(const storage::Reader& reader, const ExecutionId& id);
std::vector<Execution> read_running(const storage::Reader& reader);

}  // namespace localcloud::stepfunctions
