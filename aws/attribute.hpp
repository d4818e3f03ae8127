#pragma once
// JSON as DynamoDB's JSON form writes it, each value with its type: {"S": "click"}, {"N": "1.50"}, {"M": {…}}. Pure.

#include <string>

#include "json/value.hpp"

namespace aws {

void append_attribute(std::string& out, const json::Value& value);

}  // namespace aws
