#pragma once
// DynamoDB on the wire: each operation's name, request and response. No behaviour.

#include "localcloud/services/dynamodb/api_items.hpp"
#include "localcloud/services/dynamodb/api_statements.hpp"
#include "localcloud/services/dynamodb/api_tables.hpp"
#include "localcloud/services/dynamodb/api_transactions.hpp"
