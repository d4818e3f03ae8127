#pragma once
// What the machine allows: what a figure is compared with, measured in the same run.

#include <cstddef>

#include "bench/load.hpp"

namespace bench {

// Requests a second that a bare epoll loop on one core answers, under the same load.
double http_floor_per_s(const Load& load);

// 500-byte puts a second of one RocksDB writer that syncs every `batch` of them, in a folder of its own.
double rocksdb_puts_per_s(std::size_t batch, std::size_t value_bytes, double seconds);

// Bytes a second of one file written in order and synced at its end.
double disk_bytes_per_s(std::size_t bytes);

}  // namespace bench
