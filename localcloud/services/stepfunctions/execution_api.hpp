#pragma once
// The requests and responses of the operations on executions. No behaviour.

#include <optional>
#include <string>
#include <vector>

#include "json/value.hpp"
#include "localcloud/services/stepfunctions/api.hpp"

namespace localcloud::stepfunctions {

struct StartExecution {
  static constexpr std::string_view kName = "StartExecution";
  struct Input {
    std::string state_machine_arn;
    std::optional<std::string> name, input, trace_header;
    static constexpr auto members() {
      return wire::members(wire::required("stateMachineArn", &Input::state_machine_arn, kArnLength),
                           wire::optional("name", &Input::name, kNameLength),
                           wire::optional("input", &Input::input, kInputLength),
                           wire::optional("traceHeader", &Input::trace_header, kTraceHeaderLength));
    }
  };
  struct Output {
    std::string execution_arn;
    wire::Timestamp start_date;
    static constexpr auto members() {
      return wire::members(wire::required("executionArn", &Output::execution_arn),
                           wire::required("startDate", &Output::start_date));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return machine_access(caller, "states:StartExecution", input.state_machine_arn);
  }
};

struct BillingDetails {
  std::optional<std::int64_t> memory_mb, duration_ms;
  static constexpr auto members() {
    return wire::members(wire::optional("billedMemoryUsedInMB", &BillingDetails::memory_mb),
                         wire::optional("billedDurationInMilliseconds", &BillingDetails::duration_ms));
  }
};

struct StartSyncExecution {
  static constexpr std::string_view kName = "StartSyncExecution";
  struct Input {
    std::string state_machine_arn;
    std::optional<std::string> name, input, trace_header;
    std::optional<IncludedData> included_data;
    static constexpr auto members() {
      return wire::members(wire::required("stateMachineArn", &Input::state_machine_arn, kArnLength),
                           wire::optional("name", &Input::name, kNameLength),
                           wire::optional("input", &Input::input, kInputLength),
                           wire::optional("traceHeader", &Input::trace_header, kTraceHeaderLength),
                           wire::optional("includedData", &Input::included_data));
    }
  };
  struct Output {
    std::string execution_arn;
    std::optional<std::string> state_machine_arn, name;
    wire::Timestamp start_date, stop_date;
    SyncStatus status = SyncStatus::succeeded;
    std::optional<std::string> error, cause, input;
    std::optional<DataDetails> input_details;
    std::optional<std::string> output;
    std::optional<DataDetails> output_details;
    std::optional<std::string> trace_header;
    std::optional<BillingDetails> billing;
    static constexpr auto members() {
      return wire::members(
          wire::required("executionArn", &Output::execution_arn),
          wire::optional("stateMachineArn", &Output::state_machine_arn), wire::optional("name", &Output::name),
          wire::required("startDate", &Output::start_date), wire::required("stopDate", &Output::stop_date),
          wire::required("status", &Output::status), wire::optional("error", &Output::error),
          wire::optional("cause", &Output::cause), wire::optional("input", &Output::input),
          wire::optional("inputDetails", &Output::input_details), wire::optional("output", &Output::output),
          wire::optional("outputDetails", &Output::output_details),
          wire::optional("traceHeader", &Output::trace_header), wire::optional("billingDetails", &Output::billing));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return machine_access(caller, "states:StartSyncExecution", input.state_machine_arn);
  }
};

struct DescribeExecution {
  static constexpr std::string_view kName = "DescribeExecution";
  struct Input {
    std::string execution_arn;
    std::optional<IncludedData> included_data;
    static constexpr auto members() {
      return wire::members(wire::required("executionArn", &Input::execution_arn, kArnLength),
                           wire::optional("includedData", &Input::included_data));
    }
  };
  struct Output {
    std::string execution_arn, state_machine_arn;
    std::optional<std::string> name;
    ExecutionStatus status = ExecutionStatus::running;
    wire::Timestamp start_date;
    std::optional<wire::Timestamp> stop_date;
    std::optional<std::string> input;
    std::optional<DataDetails> input_details;
    std::optional<std::string> output;
    std::optional<DataDetails> output_details;
    std::optional<std::string> trace_header, error, cause;
    std::optional<std::int32_t> redrive_count;
    std::optional<std::string> redrive_status, redrive_status_reason;
    static constexpr auto members() {
      return wire::members(
          wire::required("executionArn", &Output::execution_arn),
          wire::required("stateMachineArn", &Output::state_machine_arn), wire::optional("name", &Output::name),
          wire::required("status", &Output::status), wire::required("startDate", &Output::start_date),
          wire::optional("stopDate", &Output::stop_date), wire::optional("input", &Output::input),
          wire::optional("inputDetails", &Output::input_details), wire::optional("output", &Output::output),
          wire::optional("outputDetails", &Output::output_details),
          wire::optional("traceHeader", &Output::trace_header), wire::optional("error", &Output::error),
          wire::optional("cause", &Output::cause), wire::optional("redriveCount", &Output::redrive_count),
          wire::optional("redriveStatus", &Output::redrive_status),
          wire::optional("redriveStatusReason", &Output::redrive_status_reason));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return machine_access(caller, "states:DescribeExecution", input.execution_arn);
  }
};

struct ExecutionListItem {
  std::string execution_arn, state_machine_arn, name;
  ExecutionStatus status = ExecutionStatus::running;
  wire::Timestamp start_date;
  std::optional<wire::Timestamp> stop_date;
  std::optional<std::int32_t> redrive_count;
  static constexpr auto members() {
    return wire::members(wire::required("executionArn", &ExecutionListItem::execution_arn),
                         wire::required("stateMachineArn", &ExecutionListItem::state_machine_arn),
                         wire::required("name", &ExecutionListItem::name),
                         wire::required("status", &ExecutionListItem::status),
                         wire::required("startDate", &ExecutionListItem::start_date),
                         wire::optional("stopDate", &ExecutionListItem::stop_date),
                         wire::optional("redriveCount", &ExecutionListItem::redrive_count));
  }
};

struct ListExecutions {
  static constexpr std::string_view kName = "ListExecutions";
  struct Input {
    std::optional<std::string> state_machine_arn;
    std::optional<ExecutionStatus> status_filter;
    std::optional<std::int32_t> max_results;
    std::optional<std::string> next_token;
    static constexpr auto members() {
      return wire::members(wire::optional("stateMachineArn", &Input::state_machine_arn, kArnLength),
                           wire::optional("statusFilter", &Input::status_filter),
                           wire::optional("maxResults", &Input::max_results, kPageSize),
                           wire::optional("nextToken", &Input::next_token, wire::length(1, 3096)),
                           wire::refused("mapRunArn", "redriveFilter"));
    }
  };
  struct Output {
    std::vector<ExecutionListItem> executions;
    std::optional<std::string> next_token;
    static constexpr auto members() {
      return wire::members(wire::required("executions", &Output::executions),
                           wire::optional("nextToken", &Output::next_token));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return machine_access(caller, "states:ListExecutions", input.state_machine_arn.value_or("*"));
  }
};

struct GetExecutionHistory {
  static constexpr std::string_view kName = "GetExecutionHistory";
  struct Input {
    std::string execution_arn;
    std::optional<std::int32_t> max_results;
    std::optional<bool> reverse_order;
    std::optional<std::string> next_token;
    std::optional<bool> include_execution_data;
    static constexpr auto members() {
      return wire::members(wire::required("executionArn", &Input::execution_arn, kArnLength),
                           wire::optional("maxResults", &Input::max_results, kPageSize),
                           wire::optional("reverseOrder", &Input::reverse_order),
                           wire::optional("nextToken", &Input::next_token, kTokenLength),
                           wire::optional("includeExecutionData", &Input::include_execution_data));
    }
  };
  struct Output {
    std::vector<json::Value> events;
    std::optional<std::string> next_token;
    static constexpr auto members() {
      return wire::members(wire::required("events", &Output::events), wire::optional("nextToken", &Output::next_token));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return machine_access(caller, "states:GetExecutionHistory", input.execution_arn);
  }
};

struct StopExecution {
  static constexpr std::string_view kName = "StopExecution";
  struct Input {
    std::string execution_arn;
    std::optional<std::string> error, cause;
    static constexpr auto members() {
      return wire::members(wire::required("executionArn", &Input::execution_arn, kArnLength),
                           wire::optional("error", &Input::error, wire::length(0, 256)),
                           wire::optional("cause", &Input::cause, wire::length(0, 32'768)));
    }
  };
  struct Output {
    wire::Timestamp stop_date;
    static constexpr auto members() { return wire::members(wire::required("stopDate", &Output::stop_date)); }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return machine_access(caller, "states:StopExecution", input.execution_arn);
  }
};

struct DescribeStateMachineForExecution {
  static constexpr std::string_view kName = "DescribeStateMachineForExecution";
  struct Input {
    std::string execution_arn;
    std::optional<IncludedData> included_data;
    static constexpr auto members() {
      return wire::members(wire::required("executionArn", &Input::execution_arn, kArnLength),
                           wire::optional("includedData", &Input::included_data));
    }
  };
  struct Output {
    std::string state_machine_arn, name, definition, role_arn;
    wire::Timestamp update_date;
    std::optional<LoggingConfiguration> logging;
    std::optional<std::string> revision_id;
    static constexpr auto members() {
      return wire::members(
          wire::required("stateMachineArn", &Output::state_machine_arn), wire::required("name", &Output::name),
          wire::required("definition", &Output::definition), wire::required("roleArn", &Output::role_arn),
          wire::required("updateDate", &Output::update_date), wire::optional("loggingConfiguration", &Output::logging),
          wire::optional("revisionId", &Output::revision_id));
    }
  };
  static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input) {
    return machine_access(caller, "states:DescribeStateMachineForExecution", input.execution_arn);
  }
};

}  // namespace localcloud::stepfunctions
