#pragma once
// Who is at the other end of a loopback connection: only an instance's own process may speak for it.

#include <sys/types.h>

#include <cstdint>

namespace localcloud::lambda {

// True where `pid`, or a process of its session, holds the client's end of a connection between these ports of
// 127.0.0.1. Costs a netlink question and a look at the process's descriptors: once a connection, not once a request.
bool holds_connection(pid_t pid, std::uint16_t client_port, std::uint16_t server_port);

}  // namespace localcloud::lambda
