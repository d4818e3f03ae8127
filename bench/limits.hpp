#pragma once
// What the machine allows: what a figure is compared with, measured in the same run.

#include <cstddef>
#include <functional>
#include <optional>

#include "bench/load.hpp"

namespace bench {

// A load answered by a server in a process of its own, `serve(port)`, which never returns.
struct Floor {
  Measured measured;
  double server_cpu_us = 0;  // for one answer
};
Floor floor_of(Load load, const std::function<void(std::uint16_t port)>& serve);

// A bare epoll loop that answers whatever comes.
Floor epoll_floor(const Load& load);
// nginx with one worker, `return 200`; nothing where it isn't installed.
std::optional<Floor> nginx_floor(const Load& load);

// 500-byte puts a second of one RocksDB writer that syncs every `batch` of them, in a folder of its own.
double rocksdb_puts_per_s(std::size_t batch, std::size_t value_bytes, double seconds);

// Bytes a second of one file that is written in order and synced at its end, then read.
struct DiskSpeed {
  double written_per_s = 0;
  double read_per_s = 0;
};
DiskSpeed disk_speed(std::size_t bytes);

}  // namespace bench
