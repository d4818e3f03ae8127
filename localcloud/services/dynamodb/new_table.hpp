#pragma once
// What a CreateTable request says, checked by AWS's rules.

#include <map>
#include <string>

#include "localcloud/services/dynamodb/api_tables.hpp"

namespace localcloud::dynamodb {

// All that the request says; whose and where the table is, and its ids, are for the caller to fill in.
Result<Table> read_new_table(const CreateTable::Input& input);

// Adds a request's tags to those of a table.
Result<Done> add_tags(const std::vector<Tag>& tags, std::map<std::string, std::string>& out);

}  // namespace localcloud::dynamodb
