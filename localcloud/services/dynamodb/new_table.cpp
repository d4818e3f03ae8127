// CreateTable's rules.

#include "localcloud/services/dynamodb/new_table.hpp"

#include <algorithm>
#include <set>

#include "localcloud/services/dynamodb/errors.hpp"

namespace localcloud::dynamodb {

namespace {

constexpr std::size_t kLocalIndexesMax = 5;
constexpr std::size_t kGlobalIndexesMax = 20;
constexpr std::size_t kIncludedMax = 100;
constexpr std::size_t kTagsMax = 50;

std::string join(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) {
    if (!out.empty()) out += ", ";
    out += name;
  }
  return "[" + out + "]";
}

class NewTable {
 public:
  explicit NewTable(const CreateTable::Input& input) : input_(input) {}

  Result<Table> read() {
    if (!input_.attribute_definitions) return failure(missing("attributeDefinitions"));
    if (!input_.key_schema) return failure(missing("keySchema"));
    TRY(read_attributes(*input_.attribute_definitions));
    TRY(read_billing());
    table_.name = input_.table_name.name;
    table_.keys = TRY(read_keys(*input_.key_schema));
    TRY(read_local_indexes());
    TRY(read_global_indexes());
    TRY(check_attributes_used());
    table_.infrequent_access = input_.table_class == TableClass::standard_infrequent_access;
    table_.deletion_protected = input_.deletion_protection_enabled.value_or(false);
    if (input_.tags) TRY(add_tags(*input_.tags, table_.tags));
    return std::move(table_);
  }

 private:
  static ServiceError missing(const std::string& member) {
    return validation("1 validation error detected: Value null at '" + member +
                      "' failed to satisfy constraint: Member must not be null");
  }

  Result<Done> read_attributes(const std::vector<AttributeDefinition>& definitions) {
    for (const AttributeDefinition& definition : definitions) {
      if (find_attribute(definition.attribute_name) != nullptr) {
        return failure(
            invalid_parameter("Duplicate AttributeName in AttributeDefinitions: " + definition.attribute_name));
      }
      table_.attributes.push_back({definition.attribute_name, static_cast<Type>(definition.attribute_type)});
      attribute_names_.push_back(definition.attribute_name);
    }
    return Done{};
  }

  Result<Done> read_billing() {
    table_.pay_per_request = input_.billing_mode == BillingMode::pay_per_request;
    if (table_.pay_per_request && input_.provisioned_throughput) {
      return failure(
          invalid_parameter("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when "
                            "BillingMode is PAY_PER_REQUEST"));
    }
    if (!table_.pay_per_request && !input_.provisioned_throughput) {
      return failure(
          invalid_parameter("ReadCapacityUnits and WriteCapacityUnits must both be specified when "
                            "BillingMode is PROVISIONED"));
    }
    if (input_.provisioned_throughput) table_.throughput = units(*input_.provisioned_throughput);
    return Done{};
  }

  static Throughput units(const ProvisionedThroughput& throughput) {
    return {throughput.read_capacity_units, throughput.write_capacity_units};
  }

  const KeyAttribute* find_attribute(const std::string& name) const {
    const auto found = std::find_if(table_.attributes.begin(), table_.attributes.end(),
                                    [&](const KeyAttribute& attribute) { return attribute.name == name; });
    return found == table_.attributes.end() ? nullptr : &*found;
  }

  Result<KeySchema> read_keys(const std::vector<KeySchemaElement>& elements) {
    if (elements.size() > 2) {
      return failure(
          validation("1 validation error detected: Value at 'keySchema' failed to satisfy constraint: Member "
                     "must have length less than or equal to 2"));
    }
    if (elements[0].key_type != KeyType::hash) {
      return failure(validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type"));
    }
    if (elements.size() > 1 && elements[1].key_type != KeyType::range) {
      return failure(validation("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type"));
    }
    if (elements.size() > 1 && elements[0].attribute_name == elements[1].attribute_name) {
      return failure(validation("Both the Hash Key and the Range Key element in the KeySchema have the same name"));
    }
    std::vector<std::string> names;
    for (const KeySchemaElement& element : elements) names.push_back(element.attribute_name);
    KeySchema keys;
    for (const KeySchemaElement& element : elements) {
      const KeyAttribute* attribute = find_attribute(element.attribute_name);
      if (attribute == nullptr) {
        return failure(invalid_parameter("Some index key attributes are not defined in AttributeDefinitions. Keys: " +
                                         join(names) + ", AttributeDefinitions: " + join(attribute_names_)));
      }
      used_.insert(attribute->name);
      (element.key_type == KeyType::hash ? keys.hash : keys.range.emplace()) = *attribute;
    }
    return keys;
  }

  Result<Done> read_local_indexes() {
    if (!input_.local_secondary_indexes) return Done{};
    const auto& indexes = *input_.local_secondary_indexes;
    if (indexes.empty()) return failure(invalid_parameter("List of LocalSecondaryIndexes is empty"));
    if (indexes.size() > kLocalIndexesMax) {
      return failure(invalid_parameter("Number of LocalSecondaryIndexes exceeds per-table limit of 5"));
    }
    if (!table_.keys.range) {
      return failure(
          invalid_parameter("Table KeySchema does not have a range key, which is required when specifying "
                            "a LocalSecondaryIndex"));
    }
    for (const LocalIndexInput& given : indexes) {
      Index index = TRY(read_index(given.index_name, given.key_schema, given.projection));
      index.scope = Index::Scope::local;
      if (!index.keys.range) {
        return failure(invalid_parameter("Index KeySchema does not have a range key for index: " + index.name));
      }
      if (index.keys.hash.name != table_.keys.hash.name) {
        return failure(invalid_parameter(
            "Index KeySchema does not have the same leading hash key as table KeySchema for index: " + index.name +
            ". index hash key: " + index.keys.hash.name + ", table hash key: " + table_.keys.hash.name));
      }
      table_.indexes.push_back(std::move(index));
    }
    return Done{};
  }

  Result<Done> read_global_indexes() {
    if (!input_.global_secondary_indexes) return Done{};
    const auto& indexes = *input_.global_secondary_indexes;
    if (indexes.empty()) return failure(invalid_parameter("List of GlobalSecondaryIndexes is empty"));
    if (indexes.size() > kGlobalIndexesMax) {
      return failure(invalid_parameter("GlobalSecondaryIndex count exceeds the per-table limit of 20"));
    }
    for (const GlobalIndexInput& given : indexes) {
      Index index = TRY(read_index(given.index_name, given.key_schema, given.projection));
      index.scope = Index::Scope::global;
      if (table_.pay_per_request && given.provisioned_throughput) {
        return failure(invalid_parameter("ProvisionedThroughput should not be specified for index: " + index.name +
                                         " when BillingMode is PAY_PER_REQUEST"));
      }
      if (!table_.pay_per_request && !given.provisioned_throughput) {
        return failure(invalid_parameter("ProvisionedThroughput is not specified for index: " + index.name));
      }
      if (given.provisioned_throughput) index.throughput = units(*given.provisioned_throughput);
      table_.indexes.push_back(std::move(index));
    }
    return Done{};
  }

  Result<Index> read_index(const std::string& name, const std::vector<KeySchemaElement>& keys,
                           const ProjectionInput& projection) {
    TRY(read_table_name(name));
    if (table_.find_index(name) != nullptr) return failure(invalid_parameter("Duplicate index name: " + name));
    Index index;
    index.name = name;
    index.keys = TRY(read_keys(keys));
    if (!projection.projection_type) return failure(invalid_parameter("Unknown ProjectionType: null"));
    index.projection = *projection.projection_type;
    const bool lists = projection.non_key_attributes.has_value();
    if (index.projection == Projection::include && !lists) {
      return failure(invalid_parameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified"));
    }
    if (index.projection != Projection::include && lists) {
      return failure(invalid_parameter("ProjectionType is " + std::string(wire::to_wire(index.projection)) +
                                       ", but NonKeyAttributes is specified"));
    }
    if (!lists) return index;
    index.included = *projection.non_key_attributes;
    if (std::set<std::string>(index.included.begin(), index.included.end()).size() != index.included.size()) {
      return failure(invalid_parameter("NonKeyAttributes contains duplicates for index: " + name));
    }
    included_ += index.included.size();
    if (included_ > kIncludedMax) {
      return failure(invalid_parameter("Number of NonKeyAttributes across all indexes exceeds the limit of 100"));
    }
    return index;
  }

  Result<Done> check_attributes_used() const {
    if (used_.size() == table_.attributes.size()) return Done{};
    if (table_.indexes.empty()) {
      return failure(
          invalid_parameter("Number of attributes in KeySchema does not exactly match number of attributes "
                            "defined in AttributeDefinitions"));
    }
    return failure(invalid_parameter("Some AttributeDefinitions are not used. AttributeDefinitions: " +
                                     join(attribute_names_) + ", keys used: " + join({used_.begin(), used_.end()})));
  }

  const CreateTable::Input& input_;
  Table table_;
  std::vector<std::string> attribute_names_;
  std::set<std::string> used_;
  std::size_t included_ = 0;
};

}  // namespace

Result<Table> read_new_table(const CreateTable::Input& input) {
  return NewTable(input).read();
}

Result<Done> add_tags(const std::vector<Tag>& tags, std::map<std::string, std::string>& out) {
  for (const Tag& tag : tags) {
    if (tag.key.starts_with("aws:")) {
      return failure(
          validation("One or more parameter values were invalid: Tag keys starting with 'aws:' are reserved "
                     "for system use"));
    }
    out[tag.key] = tag.value;
  }
  if (out.size() > kTagsMax) {
    return failure(limit_exceeded("Subscriber limit exceeded: Number of tags on a table exceeds the limit of 50"));
  }
  return Done{};
}

}  // namespace localcloud::dynamodb
