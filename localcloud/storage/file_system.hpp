#pragma once
// The file system as RocksDB is to see it: what the disk refuses now it may take later.
//
// RocksDB by itself gives up for good after most failed writes, a full disk excepted. Here every failed write, sync or
// change of a name counts as one that may be tried again, so that DB::Resume() works once the disk does: it writes
// everything that isn't yet in a table file into a new one, and so doesn't depend on what became of the failed write.

#include <atomic>
#include <memory>

namespace rocksdb {
class Env;
class Logger;
}  // namespace rocksdb

namespace localcloud::storage {

// Where `refuses_a_log` is set, the next log can't be made, and it is reset. It must outlive the environment.
std::unique_ptr<rocksdb::Env> make_env(std::atomic<bool>& refuses_a_log);

// RocksDB's own log, of which we keep the errors among ours. The file that it would write by itself can't be: where the
// disk refuses one line of it, the next ends the process (as Debian builds RocksDB, with its assertions).
std::shared_ptr<rocksdb::Logger> make_logger();

}  // namespace localcloud::storage
