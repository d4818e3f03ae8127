#pragma once
// One request and its answer.

#include "localcloud/wire/http/connection.hpp"

namespace localcloud::wire::http {

// Reads a request, has it answered, sends the answer; whether the connection goes on.
Task<bool> exchange(Connection& connection, const Handler& handler);

}  // namespace localcloud::wire::http
