#pragma once
// The operations on tables: requests and responses.

#include "localcloud/services/dynamodb/api_common.hpp"
#include "localcloud/services/dynamodb/table.hpp"

namespace localcloud::dynamodb {

enum class KeyType { hash, range };
constexpr std::array<std::string_view, 2> wire_names(KeyType) {
  return {"HASH", "RANGE"};
}

enum class AttributeType { s, n, b };
constexpr std::array<std::string_view, 3> wire_names(AttributeType) {
  return {"S", "N", "B"};
}

constexpr std::array<std::string_view, 3> wire_names(Projection) {
  return {"ALL", "KEYS_ONLY", "INCLUDE"};
}

enum class BillingMode { provisioned, pay_per_request };
constexpr std::array<std::string_view, 2> wire_names(BillingMode) {
  return {"PROVISIONED", "PAY_PER_REQUEST"};
}

enum class TableClass { standard, standard_infrequent_access };
constexpr std::array<std::string_view, 2> wire_names(TableClass) {
  return {"STANDARD", "STANDARD_INFREQUENT_ACCESS"};
}

enum class TableStatus { creating, updating, deleting, active };
constexpr std::array<std::string_view, 4> wire_names(TableStatus) {
  return {"CREATING", "UPDATING", "DELETING", "ACTIVE"};
}

enum class TtlStatus { enabling, disabling, enabled, disabled };
constexpr std::array<std::string_view, 4> wire_names(TtlStatus) {
  return {"ENABLING", "DISABLING", "ENABLED", "DISABLED"};
}

enum class BackupsStatus { enabled, disabled };
constexpr std::array<std::string_view, 2> wire_names(BackupsStatus) {
  return {"ENABLED", "DISABLED"};
}

struct KeySchemaElement {
  std::string attribute_name;
  KeyType key_type = {};
  static constexpr auto members() {
    return wire::members(wire::required("AttributeName", &KeySchemaElement::attribute_name, wire::length(1, 255)),
                         wire::required("KeyType", &KeySchemaElement::key_type));
  }
};

struct AttributeDefinition {
  std::string attribute_name;
  AttributeType attribute_type = {};
  static constexpr auto members() {
    return wire::members(wire::required("AttributeName", &AttributeDefinition::attribute_name, wire::length(1, 255)),
                         wire::required("AttributeType", &AttributeDefinition::attribute_type));
  }
};

struct ProjectionInput {
  std::optional<Projection> projection_type;
  std::optional<std::vector<std::string>> non_key_attributes;
  static constexpr auto members() {
    return wire::members(wire::optional("ProjectionType", &ProjectionInput::projection_type),
                         wire::optional("NonKeyAttributes", &ProjectionInput::non_key_attributes, wire::length(1, 20)));
  }
};

struct ProvisionedThroughput {
  std::int64_t read_capacity_units = 0;
  std::int64_t write_capacity_units = 0;
  static constexpr auto members() {
    return wire::members(
        wire::required("ReadCapacityUnits", &ProvisionedThroughput::read_capacity_units, wire::range(1, INT64_MAX)),
        wire::required("WriteCapacityUnits", &ProvisionedThroughput::write_capacity_units, wire::range(1, INT64_MAX)));
  }
};

struct LocalIndexInput {
  std::string index_name;
  std::vector<KeySchemaElement> key_schema;
  ProjectionInput projection = {};
  static constexpr auto members() {
    return wire::members(wire::required("IndexName", &LocalIndexInput::index_name, kIndexNameLimits),
                         wire::required("KeySchema", &LocalIndexInput::key_schema, kAtLeastOne),
                         wire::required("Projection", &LocalIndexInput::projection));
  }
};

struct GlobalIndexInput {
  std::string index_name;
  std::vector<KeySchemaElement> key_schema;
  ProjectionInput projection = {};
  std::optional<ProvisionedThroughput> provisioned_throughput;
  static constexpr auto members() {
    return wire::members(wire::required("IndexName", &GlobalIndexInput::index_name, kIndexNameLimits),
                         wire::required("KeySchema", &GlobalIndexInput::key_schema, kAtLeastOne),
                         wire::required("Projection", &GlobalIndexInput::projection),
                         wire::optional("ProvisionedThroughput", &GlobalIndexInput::provisioned_throughput),
                         wire::refused("OnDemandThroughput", "WarmThroughput"));
  }
};

struct Tag {
  std::string key;
  std::string value;
  static constexpr auto members() {
    return wire::members(wire::required("Key", &Tag::key, wire::length(1, 128)),
                         wire::required("Value", &Tag::value, wire::length(0, 256)));
  }
};

struct ThroughputDescription {
  std::int64_t number_of_decreases_today = 0;
  std::int64_t read_capacity_units = 0;
  std::int64_t write_capacity_units = 0;
  static constexpr auto members() {
    return wire::members(wire::required("NumberOfDecreasesToday", &ThroughputDescription::number_of_decreases_today),
                         wire::required("ReadCapacityUnits", &ThroughputDescription::read_capacity_units),
                         wire::required("WriteCapacityUnits", &ThroughputDescription::write_capacity_units));
  }
};

struct BillingModeSummary {
  BillingMode billing_mode = {};
  wire::Timestamp last_update_to_pay_per_request;
  static constexpr auto members() {
    return wire::members(
        wire::required("BillingMode", &BillingModeSummary::billing_mode),
        wire::required("LastUpdateToPayPerRequestDateTime", &BillingModeSummary::last_update_to_pay_per_request));
  }
};

struct TableClassSummary {
  TableClass table_class = {};
  static constexpr auto members() {
    return wire::members(wire::required("TableClass", &TableClassSummary::table_class));
  }
};

struct IndexDescription {
  std::string index_name;
  std::vector<KeySchemaElement> key_schema;
  ProjectionInput projection = {};
  std::optional<TableStatus> index_status;
  std::optional<ThroughputDescription> provisioned_throughput;
  std::int64_t index_size_bytes = 0;
  std::int64_t item_count = 0;
  std::string index_arn;
  static constexpr auto members() {
    return wire::members(wire::required("IndexName", &IndexDescription::index_name),
                         wire::required("KeySchema", &IndexDescription::key_schema),
                         wire::required("Projection", &IndexDescription::projection),
                         wire::optional("IndexStatus", &IndexDescription::index_status),
                         wire::optional("ProvisionedThroughput", &IndexDescription::provisioned_throughput),
                         wire::required("IndexSizeBytes", &IndexDescription::index_size_bytes),
                         wire::required("ItemCount", &IndexDescription::item_count),
                         wire::required("IndexArn", &IndexDescription::index_arn));
  }
};

struct TableDescription {
  std::vector<AttributeDefinition> attribute_definitions;
  std::string table_name;
  std::vector<KeySchemaElement> key_schema;
  TableStatus table_status = {};
  wire::Timestamp creation_date_time;
  ThroughputDescription provisioned_throughput = {};
  std::int64_t table_size_bytes = 0;
  std::int64_t item_count = 0;
  std::string table_arn;
  std::string table_id;
  std::optional<BillingModeSummary> billing_mode_summary;
  std::optional<std::vector<IndexDescription>> local_secondary_indexes;
  std::optional<std::vector<IndexDescription>> global_secondary_indexes;
  std::optional<TableClassSummary> table_class_summary;
  bool deletion_protection_enabled = false;
  static constexpr auto members() {
    return wire::members(wire::required("AttributeDefinitions", &TableDescription::attribute_definitions),
                         wire::required("TableName", &TableDescription::table_name),
                         wire::required("KeySchema", &TableDescription::key_schema),
                         wire::required("TableStatus", &TableDescription::table_status),
                         wire::required("CreationDateTime", &TableDescription::creation_date_time),
                         wire::required("ProvisionedThroughput", &TableDescription::provisioned_throughput),
                         wire::required("TableSizeBytes", &TableDescription::table_size_bytes),
                         wire::required("ItemCount", &TableDescription::item_count),
                         wire::required("TableArn", &TableDescription::table_arn),
                         wire::required("TableId", &TableDescription::table_id),
                         wire::optional("BillingModeSummary", &TableDescription::billing_mode_summary),
                         wire::optional("LocalSecondaryIndexes", &TableDescription::local_secondary_indexes),
                         wire::optional("GlobalSecondaryIndexes", &TableDescription::global_secondary_indexes),
                         wire::optional("TableClassSummary", &TableDescription::table_class_summary),
                         wire::required("DeletionProtectionEnabled", &TableDescription::deletion_protection_enabled));
  }
};

struct CreateTable {
  static constexpr std::string_view kName = "CreateTable";

  struct Input {
    std::optional<std::vector<AttributeDefinition>> attribute_definitions;
    std::optional<std::vector<KeySchemaElement>> key_schema;
    std::optional<std::vector<LocalIndexInput>> local_secondary_indexes;
    std::optional<std::vector<GlobalIndexInput>> global_secondary_indexes;
    std::optional<BillingMode> billing_mode;
    std::optional<ProvisionedThroughput> provisioned_throughput;
    std::optional<std::vector<Tag>> tags;
    std::optional<TableClass> table_class;
    std::optional<bool> deletion_protection_enabled;
    TableName table_name = {};
    static constexpr auto members() {
      return wire::members(wire::optional("AttributeDefinitions", &Input::attribute_definitions),
                           wire::optional("KeySchema", &Input::key_schema, kAtLeastOne),
                           wire::optional("LocalSecondaryIndexes", &Input::local_secondary_indexes),
                           wire::optional("GlobalSecondaryIndexes", &Input::global_secondary_indexes),
                           wire::optional("BillingMode", &Input::billing_mode),
                           wire::optional("ProvisionedThroughput", &Input::provisioned_throughput),
                           wire::optional("Tags", &Input::tags), wire::optional("TableClass", &Input::table_class),
                           wire::optional("DeletionProtectionEnabled", &Input::deletion_protection_enabled),
                           wire::refused("StreamSpecification", "SSESpecification", "WarmThroughput", "ResourcePolicy",
                                         "OnDemandThroughput", "GlobalTableSourceArn",
                                         "GlobalTableSettingsReplicationMode", "VectorIndexes"),
                           wire::required("TableName", &Input::table_name, kTableNameLimits));
    }
  };
  struct Output {
    TableDescription table_description = {};
    static constexpr auto members() {
      return wire::members(wire::required("TableDescription", &Output::table_description));
    }
  };
};

struct DescribeTable {
  static constexpr std::string_view kName = "DescribeTable";

  struct Input {
    TableName table_name = {};
    static constexpr auto members() {
      return wire::members(wire::required("TableName", &Input::table_name, kTableNameLimits));
    }
  };
  struct Output {
    TableDescription table = {};
    static constexpr auto members() { return wire::members(wire::required("Table", &Output::table)); }
  };
};

struct UpdateTable {
  static constexpr std::string_view kName = "UpdateTable";

  struct Input {
    std::optional<BillingMode> billing_mode;
    std::optional<ProvisionedThroughput> provisioned_throughput;
    std::optional<TableClass> table_class;
    std::optional<bool> deletion_protection_enabled;
    TableName table_name;
    static constexpr auto members() {
      return wire::members(
          wire::optional("BillingMode", &Input::billing_mode),
          wire::optional("ProvisionedThroughput", &Input::provisioned_throughput),
          wire::optional("TableClass", &Input::table_class),
          wire::optional("DeletionProtectionEnabled", &Input::deletion_protection_enabled),
          wire::refused("AttributeDefinitions", "GlobalSecondaryIndexUpdates", "StreamSpecification",
                        "SSESpecification", "ReplicaUpdates", "MultiRegionConsistency", "GlobalTableWitnessUpdates",
                        "OnDemandThroughput", "WarmThroughput", "GlobalTableSettingsReplicationMode",
                        "DisassociationProtectionEnabled", "VectorIndexUpdates"),
          wire::required("TableName", &Input::table_name, kTableNameLimits));
    }
  };
  using Output = CreateTable::Output;
};

struct DeleteTable {
  static constexpr std::string_view kName = "DeleteTable";

  struct Input {
    TableName table_name = {};
    static constexpr auto members() {
      return wire::members(wire::required("TableName", &Input::table_name, kTableNameLimits));
    }
  };
  struct Output {
    TableDescription table_description = {};
    static constexpr auto members() {
      return wire::members(wire::required("TableDescription", &Output::table_description));
    }
  };
};

struct ListTables {
  static constexpr std::string_view kName = "ListTables";

  struct Input {
    std::optional<std::string> exclusive_start_table_name;
    std::optional<std::int32_t> limit;
    static constexpr auto members() {
      return wire::members(
          wire::optional("ExclusiveStartTableName", &Input::exclusive_start_table_name, wire::length(3, 255)),
          wire::optional("Limit", &Input::limit, wire::range(1, 100)));
    }
  };
  struct Output {
    std::vector<std::string> table_names;
    std::optional<std::string> last_evaluated_table_name;
    static constexpr auto members() {
      return wire::members(wire::required("TableNames", &Output::table_names),
                           wire::optional("LastEvaluatedTableName", &Output::last_evaluated_table_name));
    }
  };
};

struct TimeToLiveSpecification {
  bool enabled = false;
  std::string attribute_name;
  static constexpr auto members() {
    return wire::members(
        wire::required("Enabled", &TimeToLiveSpecification::enabled),
        wire::required("AttributeName", &TimeToLiveSpecification::attribute_name, wire::length(1, 255)));
  }
};

struct UpdateTimeToLive {
  static constexpr std::string_view kName = "UpdateTimeToLive";

  struct Input {
    TimeToLiveSpecification specification = {};
    TableName table_name = {};
    static constexpr auto members() {
      return wire::members(wire::required("TimeToLiveSpecification", &Input::specification),
                           wire::required("TableName", &Input::table_name, kTableNameLimits));
    }
  };
  struct Output {
    TimeToLiveSpecification specification = {};
    static constexpr auto members() {
      return wire::members(wire::required("TimeToLiveSpecification", &Output::specification));
    }
  };
};

struct TimeToLiveDescription {
  TtlStatus status = {};
  std::optional<std::string> attribute_name;
  static constexpr auto members() {
    return wire::members(wire::required("TimeToLiveStatus", &TimeToLiveDescription::status),
                         wire::optional("AttributeName", &TimeToLiveDescription::attribute_name));
  }
};

struct DescribeTimeToLive {
  static constexpr std::string_view kName = "DescribeTimeToLive";

  struct Input {
    TableName table_name = {};
    static constexpr auto members() {
      return wire::members(wire::required("TableName", &Input::table_name, kTableNameLimits));
    }
  };
  struct Output {
    TimeToLiveDescription description = {};
    static constexpr auto members() {
      return wire::members(wire::required("TimeToLiveDescription", &Output::description));
    }
  };
};

struct PointInTimeRecoverySpecification {
  bool enabled = false;
  std::optional<std::int32_t> recovery_period_in_days;
  static constexpr auto members() {
    return wire::members(
        wire::required("PointInTimeRecoveryEnabled", &PointInTimeRecoverySpecification::enabled),
        wire::optional("RecoveryPeriodInDays", &PointInTimeRecoverySpecification::recovery_period_in_days,
                       wire::range(1, 35)));
  }
};

struct PointInTimeRecoveryDescription {
  BackupsStatus status = {};
  std::optional<std::int32_t> recovery_period_in_days;
  std::optional<wire::Timestamp> earliest_restorable;
  std::optional<wire::Timestamp> latest_restorable;
  static constexpr auto members() {
    return wire::members(
        wire::required("PointInTimeRecoveryStatus", &PointInTimeRecoveryDescription::status),
        wire::optional("RecoveryPeriodInDays", &PointInTimeRecoveryDescription::recovery_period_in_days),
        wire::optional("EarliestRestorableDateTime", &PointInTimeRecoveryDescription::earliest_restorable),
        wire::optional("LatestRestorableDateTime", &PointInTimeRecoveryDescription::latest_restorable));
  }
};

struct ContinuousBackupsDescription {
  BackupsStatus status = {};
  PointInTimeRecoveryDescription point_in_time_recovery = {};
  static constexpr auto members() {
    return wire::members(
        wire::required("ContinuousBackupsStatus", &ContinuousBackupsDescription::status),
        wire::required("PointInTimeRecoveryDescription", &ContinuousBackupsDescription::point_in_time_recovery));
  }
};

struct UpdateContinuousBackups {
  static constexpr std::string_view kName = "UpdateContinuousBackups";

  struct Input {
    PointInTimeRecoverySpecification specification = {};
    TableName table_name = {};
    static constexpr auto members() {
      return wire::members(wire::required("PointInTimeRecoverySpecification", &Input::specification),
                           wire::required("TableName", &Input::table_name, kTableNameLimits));
    }
  };
  struct Output {
    ContinuousBackupsDescription description = {};
    static constexpr auto members() {
      return wire::members(wire::required("ContinuousBackupsDescription", &Output::description));
    }
  };
};

struct DescribeContinuousBackups {
  static constexpr std::string_view kName = "DescribeContinuousBackups";

  struct Input {
    TableName table_name = {};
    static constexpr auto members() {
      return wire::members(wire::required("TableName", &Input::table_name, kTableNameLimits));
    }
  };
  using Output = UpdateContinuousBackups::Output;
};

struct TagResource {
  static constexpr std::string_view kName = "TagResource";

  struct Input {
    std::string resource_arn;
    std::vector<Tag> tags;
    static constexpr auto members() {
      return wire::members(wire::required("ResourceArn", &Input::resource_arn, wire::length(1, 1283)),
                           wire::required("Tags", &Input::tags));
    }
  };
  using Output = NoMembers;
};

struct UntagResource {
  static constexpr std::string_view kName = "UntagResource";

  struct Input {
    std::string resource_arn;
    std::vector<std::string> tag_keys;
    static constexpr auto members() {
      return wire::members(wire::required("ResourceArn", &Input::resource_arn, wire::length(1, 1283)),
                           wire::required("TagKeys", &Input::tag_keys));
    }
  };
  using Output = NoMembers;
};

struct ListTagsOfResource {
  static constexpr std::string_view kName = "ListTagsOfResource";

  struct Input {
    std::string resource_arn;
    std::optional<std::string> next_token;
    static constexpr auto members() {
      return wire::members(wire::required("ResourceArn", &Input::resource_arn, wire::length(1, 1283)),
                           wire::optional("NextToken", &Input::next_token));
    }
  };
  struct Output {
    std::vector<Tag> tags;
    std::optional<std::string> next_token;
    static constexpr auto members() {
      return wire::members(wire::required("Tags", &Output::tags), wire::optional("NextToken", &Output::next_token));
    }
  };
};

}  // namespace localcloud::dynamodb
