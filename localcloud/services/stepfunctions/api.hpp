#pragma once
// Each operation's request and response, and what the caller must be allowed to do. No behaviour.

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "localcloud/services/stepfunctions/access.hpp"
#include "localcloud/wire/access.hpp"
#include "localcloud/wire/caller.hpp"
#include "localcloud/wire/shape.hpp"

namespace localcloud::stepfunctions {

constexpr wire::Limits kArnLength = wire::length(1, 256);
constexpr wire::Limits kNameLength = wire::length(1, 80);
constexpr wire::Limits kDefinitionLength = wire::length(1, 1'048'576);
constexpr wire::Limits kInputLength = wire::length(0, 262'144);
constexpr wire::Limits kPageSize = wire::range(0, 1000);
constexpr wire::Limits kTokenLength = wire::length(1, 1024);
constexpr wire::Limits kTraceHeaderLength = wire::length(0, 256);

enum class MachineType { standard, express };
constexpr std::array<std::string_view, 2> wire_names(MachineType) {
  return {"STANDARD", "EXPRESS"};
}

enum class MachineStatus { active, deleting };
constexpr std::array<std::string_view, 2> wire_names(MachineStatus) {
  return {"ACTIVE", "DELETING"};
}

enum class LogLevel { all, error, fatal, off };
constexpr std::array<std::string_view, 4> wire_names(LogLevel) {
  return {"ALL", "ERROR", "FATAL", "OFF"};
}

enum class ExecutionStatus { running, succeeded, failed, timed_out, aborted, pending_redrive };
constexpr std::array<std::string_view, 6> wire_names(ExecutionStatus) {
  return {"RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"};
}

enum class SyncStatus { succeeded, failed, timed_out };
constexpr std::array<std::string_view, 3> wire_names(SyncStatus) {
  return {"SUCCEEDED", "FAILED", "TIMED_OUT"};
}

enum class IncludedData { all_data, metadata_only };
constexpr std::array<std::string_view, 2> wire_names(IncludedData) {
  return {"ALL_DATA", "METADATA_ONLY"};
}

enum class ValidationResult { ok, fail };
constexpr std::array<std::string_view, 2> wire_names(ValidationResult) {
  return {"OK", "FAIL"};
}

enum class Severity { error, warning };
constexpr std::array<std::string_view, 2> wire_names(Severity) {
  return {"ERROR", "WARNING"};
}

struct LogGroup {
  std::optional<std::string> log_group_arn;
  static constexpr auto members() {
    return wire::members(wire::optional("logGroupArn", &LogGroup::log_group_arn, kArnLength));
  }
};

struct LogDestination {
  std::optional<LogGroup> log_group;
  static constexpr auto members() {
    return wire::members(wire::optional("cloudWatchLogsLogGroup", &LogDestination::log_group));
  }
};

struct LoggingConfiguration {
  std::optional<LogLevel> level;
  std::optional<bool> include_execution_data;
  std::optional<std::vector<LogDestination>> destinations;
  static constexpr auto members() {
    return wire::members(wire::optional("level", &LoggingConfiguration::level),
                         wire::optional("includeExecutionData", &LoggingConfiguration::include_execution_data),
                         wire::optional("destinations", &LoggingConfiguration::destinations));
  }
};

struct TracingConfiguration {
  std::optional<bool> enabled;
  static constexpr auto members() { return wire::members(wire::optional("enabled", &TracingConfiguration::enabled)); }
};

struct Tag {
  std::optional<std::string> key, value;
  static constexpr auto members() {
    return wire::members(wire::optional("key", &Tag::key, wire::length(1, 128)),
                         wire::optional("value", &Tag::value, wire::length(0, 256)));
  }
};

// Whether a payload is whole; it always is.
struct DataDetails {
  std::optional<bool> included = true;
  static constexpr auto members() { return wire::members(wire::optional("included", &DataDetails::included)); }
};

struct Nothing {
  static constexpr auto members() { return wire::members(); }
};

struct CreateStateMachine {
  static constexpr std::string_view kName = "CreateStateMachine";
  struct Input {
    std::string name, definition, role_arn;
    std::optional<MachineType> type;
    std::optional<LoggingConfiguration> logging;
    std::optional<std::vector<Tag>> tags;
    std::optional<TracingConfiguration> tracing;
    std::optional<bool> publish;
    static constexpr auto members() {
      return wire::members(
          wire::required("name", &Input::name, kNameLength),
          wire::required("definition", &Input::definition, kDefinitionLength),
          wire::required("roleArn", &Input::role_arn, kArnLength), wire::optional("type", &Input::type),
          wire::optional("loggingConfiguration", &Input::logging), wire::optional("tags", &Input::tags),
          wire::optional("tracingConfiguration", &Input::tracing), wire::optional("publish", &Input::publish),
          wire::refused("versionDescription", "encryptionConfiguration"));
    }
  };
  struct Output {
    std::string state_machine_arn;
    wire::Timestamp creation_date;
    static constexpr auto members() {
      return wire::members(wire::required("stateMachineArn", &Output::state_machine_arn),
                           wire::required("creationDate", &Output::creation_date));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    std::vector<wire::Access> all =
        machine_access(caller, "states:CreateStateMachine", machine_arn(caller, input.name));
    all.push_back(pass_role(input.role_arn));
    return all;
  }
};

struct UpdateStateMachine {
  static constexpr std::string_view kName = "UpdateStateMachine";
  struct Input {
    std::string state_machine_arn;
    std::optional<std::string> definition, role_arn;
    std::optional<LoggingConfiguration> logging;
    std::optional<TracingConfiguration> tracing;
    std::optional<bool> publish;
    static constexpr auto members() {
      return wire::members(wire::required("stateMachineArn", &Input::state_machine_arn, kArnLength),
                           wire::optional("definition", &Input::definition, kDefinitionLength),
                           wire::optional("roleArn", &Input::role_arn, kArnLength),
                           wire::optional("loggingConfiguration", &Input::logging),
                           wire::optional("tracingConfiguration", &Input::tracing),
                           wire::optional("publish", &Input::publish),
                           wire::refused("versionDescription", "encryptionConfiguration"));
    }
  };
  struct Output {
    wire::Timestamp update_date;
    std::optional<std::string> revision_id;
    static constexpr auto members() {
      return wire::members(wire::required("updateDate", &Output::update_date),
                           wire::optional("revisionId", &Output::revision_id));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    std::vector<wire::Access> all = machine_access(caller, "states:UpdateStateMachine", input.state_machine_arn);
    if (input.role_arn) all.push_back(pass_role(*input.role_arn));
    return all;
  }
};

struct DescribeStateMachine {
  static constexpr std::string_view kName = "DescribeStateMachine";
  struct Input {
    std::string state_machine_arn;
    std::optional<IncludedData> included_data;
    static constexpr auto members() {
      return wire::members(wire::required("stateMachineArn", &Input::state_machine_arn, kArnLength),
                           wire::optional("includedData", &Input::included_data));
    }
  };
  struct Output {
    std::string state_machine_arn, name;
    std::optional<MachineStatus> status;
    std::string definition, role_arn;
    MachineType type = MachineType::standard;
    wire::Timestamp creation_date;
    std::optional<LoggingConfiguration> logging;
    std::optional<TracingConfiguration> tracing;
    std::optional<std::string> revision_id;
    static constexpr auto members() {
      return wire::members(
          wire::required("stateMachineArn", &Output::state_machine_arn), wire::required("name", &Output::name),
          wire::optional("status", &Output::status), wire::required("definition", &Output::definition),
          wire::required("roleArn", &Output::role_arn), wire::required("type", &Output::type),
          wire::required("creationDate", &Output::creation_date),
          wire::optional("loggingConfiguration", &Output::logging),
          wire::optional("tracingConfiguration", &Output::tracing), wire::optional("revisionId", &Output::revision_id));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return machine_access(caller, "states:DescribeStateMachine", input.state_machine_arn);
  }
};

struct StateMachineListItem {
  std::string state_machine_arn, name;
  MachineType type = MachineType::standard;
  wire::Timestamp creation_date;
  static constexpr auto members() {
    return wire::members(wire::required("stateMachineArn", &StateMachineListItem::state_machine_arn),
                         wire::required("name", &StateMachineListItem::name),
                         wire::required("type", &StateMachineListItem::type),
                         wire::required("creationDate", &StateMachineListItem::creation_date));
  }
};

struct ListStateMachines {
  static constexpr std::string_view kName = "ListStateMachines";
  struct Input {
    std::optional<std::int32_t> max_results;
    std::optional<std::string> next_token;
    static constexpr auto members() {
      return wire::members(wire::optional("maxResults", &Input::max_results, kPageSize),
                           wire::optional("nextToken", &Input::next_token, kTokenLength));
    }
  };
  struct Output {
    std::vector<StateMachineListItem> state_machines;
    std::optional<std::string> next_token;
    static constexpr auto members() {
      return wire::members(wire::required("stateMachines", &Output::state_machines),
                           wire::optional("nextToken", &Output::next_token));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller&, const Input&) {
    return {{"states:ListStateMachines", "*"}};
  }
};

struct DeleteStateMachine {
  static constexpr std::string_view kName = "DeleteStateMachine";
  struct Input {
    std::string state_machine_arn;
    static constexpr auto members() {
      return wire::members(wire::required("stateMachineArn", &Input::state_machine_arn, kArnLength));
    }
  };
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return machine_access(caller, "states:DeleteStateMachine", input.state_machine_arn);
  }
};

struct TagResource {
  static constexpr std::string_view kName = "TagResource";
  struct Input {
    std::string resource_arn;
    std::vector<Tag> tags;
    static constexpr auto members() {
      return wire::members(wire::required("resourceArn", &Input::resource_arn, kArnLength),
                           wire::required("tags", &Input::tags));
    }
  };
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return machine_access(caller, "states:TagResource", input.resource_arn);
  }
};

struct UntagResource {
  static constexpr std::string_view kName = "UntagResource";
  struct Input {
    std::string resource_arn;
    std::vector<std::string> tag_keys;
    static constexpr auto members() {
      return wire::members(wire::required("resourceArn", &Input::resource_arn, kArnLength),
                           wire::required("tagKeys", &Input::tag_keys));
    }
  };
  using Output = Nothing;
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return machine_access(caller, "states:UntagResource", input.resource_arn);
  }
};

struct ListTagsForResource {
  static constexpr std::string_view kName = "ListTagsForResource";
  struct Input {
    std::string resource_arn;
    static constexpr auto members() {
      return wire::members(wire::required("resourceArn", &Input::resource_arn, kArnLength));
    }
  };
  struct Output {
    std::optional<std::vector<Tag>> tags;
    static constexpr auto members() { return wire::members(wire::optional("tags", &Output::tags)); }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return machine_access(caller, "states:ListTagsForResource", input.resource_arn);
  }
};

struct ValidateStateMachineDefinition {
  static constexpr std::string_view kName = "ValidateStateMachineDefinition";
  struct Input {
    std::string definition;
    std::optional<MachineType> type;
    std::optional<Severity> severity;
    std::optional<std::int32_t> max_results;
    static constexpr auto members() {
      return wire::members(wire::required("definition", &Input::definition, kDefinitionLength),
                           wire::optional("type", &Input::type), wire::optional("severity", &Input::severity),
                           wire::optional("maxResults", &Input::max_results, wire::range(0, 100)));
    }
  };
  struct Diagnostic {
    Severity severity = Severity::error;
    std::string code, message;
    std::optional<std::string> location;
    static constexpr auto members() {
      return wire::members(wire::required("severity", &Diagnostic::severity), wire::required("code", &Diagnostic::code),
                           wire::required("message", &Diagnostic::message),
                           wire::optional("location", &Diagnostic::location));
    }
  };
  struct Output {
    ValidationResult result = ValidationResult::ok;
    std::vector<Diagnostic> diagnostics;
    std::optional<bool> truncated;
    static constexpr auto members() {
      return wire::members(wire::required("result", &Output::result),
                           wire::required("diagnostics", &Output::diagnostics),
                           wire::optional("truncated", &Output::truncated));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller&, const Input&) {
    return {{"states:ValidateStateMachineDefinition", "*"}};
  }
};

}  // namespace localcloud::stepfunctions
