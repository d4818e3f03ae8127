// RocksDB behind Reader and Transaction, and the lane's thread.

#include "localcloud/storage/store.hpp"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <latch>
#include <map>
#include <mutex>
#include <thread>

#include "base/log.hpp"
#include "localcloud/storage/file_system.hpp"
#include "localcloud/storage/folders.hpp"
#include "localcloud/storage/keys.hpp"
#include "localcloud/storage/log_check.hpp"
#include "localcloud/storage/versions.hpp"

namespace localcloud::storage {

namespace {

// One commit takes at most this many writes, and stops taking more past this many bytes, so that the first of a
// burst is not held up by the last.
constexpr std::size_t kBatchWritesMax = 512;
constexpr std::size_t kBatchBytesMax = 8 << 20;

// Between two attempts to write again to a disk that refused to.
constexpr std::chrono::milliseconds kResumePause{100};

std::string probe_key() {
  return Key("health").bytes();
}

rocksdb::Slice slice(std::string_view text) {
  return {text.data(), text.size()};
}
std::string_view view(rocksdb::Slice slice) {
  return {slice.data(), slice.size()};
}

void require(const rocksdb::Status& status, const char* what) {
  if (!status.ok()) throw StorageFailure(std::string(what) + ": " + status.ToString());
}

// The database as it is read: what a checksum finds is noted.
struct Tables {
  rocksdb::DB& db;
  Damage* damage;

  void require_read(const rocksdb::Status& status) const {
    if (status.IsCorruption() && damage) damage->note("the store: " + status.ToString());
    require(status, "read");
  }

  std::optional<std::string> get(const rocksdb::ReadOptions& options, std::string_view key) const {
    std::string value;
    const rocksdb::Status status = db.Get(options, db.DefaultColumnFamily(), slice(key), &value);
    if (status.IsNotFound()) return std::nullopt;
    require_read(status);
    return value;
  }

  void scan(rocksdb::ReadOptions options, std::string_view from, std::string_view to, const Visit& visit) const {
    const rocksdb::Slice end = slice(to);
    options.iterate_upper_bound = &end;
    const std::unique_ptr<rocksdb::Iterator> it(db.NewIterator(options));
    for (it->Seek(slice(from)); it->Valid(); it->Next()) {
      if (visit(view(it->key()), view(it->value())) == Step::stop) return;
    }
    require_read(it->status());
  }

  void scan_back(rocksdb::ReadOptions options, std::string_view from, std::string_view to, const Visit& visit) const {
    const rocksdb::Slice begin = slice(from);
    options.iterate_lower_bound = &begin;
    const std::unique_ptr<rocksdb::Iterator> it(db.NewIterator(options));
    it->SeekForPrev(slice(to));
    if (it->Valid() && view(it->key()) == to) it->Prev();
    for (; it->Valid(); it->Prev()) {
      if (visit(view(it->key()), view(it->value())) == Step::stop) return;
    }
    require_read(it->status());
  }
};

class Current final : public Reader {
 public:
  Current(Tables tables, const Versions& versions) : tables_(tables), versions_(versions) {}

  std::optional<std::string> get(std::string_view key) const override { return tables_.get({}, key); }
  std::optional<std::uint64_t> version(std::string_view key) const override { return unless_odd(versions_.of(key)); }
  void scan(std::string_view from, std::string_view to, const Visit& visit) const override {
    tables_.scan({}, from, to, visit);
  }
  void scan_back(std::string_view from, std::string_view to, const Visit& visit) const override {
    tables_.scan_back({}, from, to, visit);
  }

 private:
  Tables tables_;
  const Versions& versions_;
};

class Snapshot final : public Reader {
 public:
  Snapshot(Tables tables, const Versions& versions) : tables_(tables), versions_(versions), latest_(versions.latest()) {
    options_.snapshot = tables_.db.GetSnapshot();
  }
  ~Snapshot() override { tables_.db.ReleaseSnapshot(options_.snapshot); }
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  std::optional<std::string> get(std::string_view key) const override { return tables_.get(options_, key); }

  void scan(std::string_view from, std::string_view to, const Visit& visit) const override {
    tables_.scan(options_, from, to, visit);
  }
  void scan_back(std::string_view from, std::string_view to, const Visit& visit) const override {
    tables_.scan_back(options_, from, to, visit);
  }
  // A record that was written since, or may have been, isn't surely the one that the snapshot has.
  std::optional<std::uint64_t> version(std::string_view key) const override {
    const std::uint64_t version = versions_.of(key);
    return version <= latest_ ? unless_odd(version) : std::nullopt;
  }

 private:
  Tables tables_;
  const Versions& versions_;
  const std::uint64_t latest_;
  rocksdb::ReadOptions options_;
};

// The lane's batch in the making: what its functions wrote, over the store. Used by the lane's thread alone.
class Batch final : public Transaction {
 public:
  Batch(Tables tables, Versions& versions) : tables_(tables), versions_(versions) {}

  std::optional<std::string> get(std::string_view key) const override {
    if (const auto written = written_.find(key); written != written_.end()) return written->second;
    return tables_.get({}, key);
  }
  std::optional<std::uint64_t> version(std::string_view key) const override {
    return written_.contains(key) ? std::nullopt : unless_odd(versions_.of(key));
  }

  void put(std::string_view key, std::string_view value) override {
    bytes_ += key.size() + value.size();
    set(key, std::string(value));
  }
  void erase(std::string_view key) override {
    bytes_ += key.size();
    set(key, std::nullopt);
  }

  void scan(std::string_view from, std::string_view to, const Visit& visit) const override {
    rocksdb::ReadOptions options;
    const rocksdb::Slice end = slice(to);
    options.iterate_upper_bound = &end;
    const std::unique_ptr<rocksdb::Iterator> it(tables_.db.NewIterator(options));
    it->Seek(slice(from));
    auto written = written_.lower_bound(from);
    const auto written_end = written_.lower_bound(to);
    while (it->Valid() || written != written_end) {
      const bool stored_first = written == written_end || (it->Valid() && view(it->key()) < written->first);
      Step step = Step::go_on;
      if (stored_first) {
        step = visit(view(it->key()), view(it->value()));
        it->Next();
      } else {
        if (it->Valid() && view(it->key()) == written->first) it->Next();
        if (written->second) step = visit(written->first, *written->second);
        ++written;
      }
      if (step == Step::stop) return;
    }
    tables_.require_read(it->status());
  }

  void scan_back(std::string_view from, std::string_view to, const Visit& visit) const override {
    rocksdb::ReadOptions options;
    const rocksdb::Slice begin = slice(from);
    options.iterate_lower_bound = &begin;
    const std::unique_ptr<rocksdb::Iterator> it(tables_.db.NewIterator(options));
    it->SeekForPrev(slice(to));
    if (it->Valid() && view(it->key()) == to) it->Prev();
    auto written = std::make_reverse_iterator(written_.lower_bound(to));
    const auto written_end = std::make_reverse_iterator(written_.lower_bound(from));
    while (it->Valid() || written != written_end) {
      const bool stored_first = written == written_end || (it->Valid() && view(it->key()) > written->first);
      Step step = Step::go_on;
      if (stored_first) {
        step = visit(view(it->key()), view(it->value()));
        it->Prev();
      } else {
        if (it->Valid() && view(it->key()) == written->first) it->Prev();
        if (written->second) step = visit(written->first, *written->second);
        ++written;
      }
      if (step == Step::stop) return;
    }
    tables_.require_read(it->status());
  }

  // Forgets how to undo: what was written so far stays in the batch.
  void keep() { undo_.clear(); }

  // Undoes everything since keep().
  void undo() {
    for (auto entry = undo_.rbegin(); entry != undo_.rend(); ++entry) {
      if (entry->before) {
        written_.find(entry->key)->second = std::move(*entry->before);
      } else {
        written_.erase(written_.find(entry->key));
      }
    }
    undo_.clear();
  }

  std::size_t bytes() const { return bytes_; }
  bool empty() const { return written_.empty(); }

  // Around the commit.
  void begin_versions() const { versions_.begin(written_); }
  void end_versions() const { versions_.end(written_); }

  rocksdb::WriteBatch to_write_batch() const {
    rocksdb::WriteBatch batch(bytes_ + written_.size() * 16);
    for (const auto& [key, value] : written_) {
      require(value ? batch.Put(slice(key), slice(*value)) : batch.Delete(slice(key)), "batch");
    }
    return batch;
  }

 private:
  using Written = std::optional<std::string>;  // nothing: erased

  struct Undo {
    std::string key;
    std::optional<Written> before;  // nothing: the batch didn't have it
  };

  void set(std::string_view key, Written value) {
    const auto found = written_.find(key);
    if (found == written_.end()) {
      undo_.push_back({std::string(key), std::nullopt});
      written_.emplace(std::string(key), std::move(value));
    } else {
      undo_.push_back({std::string(key), std::move(found->second)});
      found->second = std::move(value);
    }
  }

  Tables tables_;
  Versions& versions_;
  std::map<std::string, Written, std::less<>> written_;
  std::vector<Undo> undo_;
  std::size_t bytes_ = 0;
};

rocksdb::Options make_options() {
  rocksdb::Options options;
  options.create_if_missing = true;
  options.write_buffer_size = 16 << 20;
  // Eight flushed buffers, compressed, are about as large as the first level that they are merged into: merged by four
  // into RocksDB's usual 256 MB, every byte was written half as often again.
  options.level0_file_num_compaction_trigger = 8;
  options.max_bytes_for_level_base = 64 << 20;
  options.max_background_jobs = 2;
  options.compression = rocksdb::kLZ4Compression;
  options.keep_log_file_num = 2;
  options.max_open_files = 1024;
  options.bytes_per_sync = 1 << 20;
  // Most of what is looked for isn't among the last writes: what was configured long ago, what isn't there yet.
  options.memtable_whole_key_filtering = true;
  options.memtable_prefix_bloom_size_ratio = 0.05;
  // Only a torn tail is tolerated: a damaged record in the middle of the log is reported, never skipped.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  rocksdb::BlockBasedTableOptions table;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.block_cache = rocksdb::NewLRUCache(64 << 20);
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

}  // namespace

void Reader::scan_prefix(std::string_view prefix, const Visit& visit) const {
  scan(prefix, after_prefix(prefix), visit);
}

struct Store::State {
  std::atomic<bool> refuses_a_log = false;
  std::unique_ptr<rocksdb::Env> env;
  std::unique_ptr<rocksdb::DB> db;
  Versions versions;
  std::optional<Current> current;
  Damage* damage = nullptr;
  rocksdb::WriteOptions write_options;
  std::size_t queued_max = 0;

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Job*> queue;
  bool stopping = false;
  std::thread lane;

  // The lane's own: why it takes no writes, and when it looks again whether it can.
  std::string stopped_by;
  std::chrono::steady_clock::time_point look_again;

  void run() {
    std::vector<Job*> taken;
    for (;;) {
      {
        std::unique_lock lock(mutex);
        changed.wait(lock, [this] { return stopping || !queue.empty(); });
        if (queue.empty()) return;
        const auto end = queue.begin() + static_cast<std::ptrdiff_t>(std::min(queue.size(), kBatchWritesMax));
        taken.assign(queue.begin(), end);
        queue.erase(queue.begin(), end);
      }
      for (std::span<Job*> left(taken); !left.empty();) {
        const std::size_t done = commit(left);
        for (Job* job : left.first(done)) {
          // The job is gone as soon as its waiter resumes, so what tells the waiter can't stay in it.
          std::move_only_function<void()> finished = std::move(job->finished);
          finished();
        }
        left = left.subspan(done);
      }
    }
  }

  // Whether the lane takes writes; after a failed one, once the disk does again.
  bool is_writable() {
    if (stopped_by.empty()) return true;
    if (std::chrono::steady_clock::now() < look_again) return false;
    try {
      resume();
    } catch (const StorageFailure& failure) {
      stop(failure.what());
      return false;
    }
    base::log(base::LogLevel::info, "the store takes writes again");
    stopped_by.clear();
    return true;
  }

  // The log that the failed batch may stand in, whole or in part, must not be written on. RocksDB makes a new one while
  // it resumes, but only where it has something to write into a table; and only while it resumes does it let go of the
  // log that failed. So it is given something, kept from writing that by itself, and resumes once more.
  void resume() {
    require(db->Resume(), "resume");
    rocksdb::WriteOptions without_log;
    without_log.disableWAL = true;
    require(db->Put(without_log, probe_key(), ""), "resume");
    refuses_a_log = true;
    db->Flush({}).PermitUncheckedError();
    refuses_a_log = false;
    require(db->Resume(), "resume");
  }

  void stop(std::string reason) {
    if (stopped_by.empty()) base::log(base::LogLevel::error, "the store takes no writes", {{"reason", reason}});
    stopped_by = std::move(reason);
    look_again = std::chrono::steady_clock::now() + kResumePause;
  }

  // Runs and commits as many of the jobs as fit one batch; returns how many.
  std::size_t commit(std::span<Job* const> jobs) {
    if (!is_writable()) {
      for (Job* job : jobs) job->failure = std::make_exception_ptr(StorageUnavailable(stopped_by));
      return jobs.size();
    }
    Batch batch({*db, damage}, versions);
    std::size_t done = 0;
    for (; done < jobs.size() && (done == 0 || batch.bytes() < kBatchBytesMax); ++done) {
      Job& job = *jobs[done];
      try {
        if (job.run(batch)) {
          batch.keep();
        } else {
          batch.undo();
        }
      } catch (...) {
        job.failure = std::current_exception();
        batch.undo();
      }
    }
    if (batch.empty()) return done;
    batch.begin_versions();
    try {
      rocksdb::WriteBatch write_batch = batch.to_write_batch();
      require(db->Write(write_options, &write_batch), "commit");
    } catch (const StorageFailure& failure) {
      stop(failure.what());
      for (std::size_t i = 0; i < done; ++i) jobs[i]->failure = std::make_exception_ptr(CommitFailure(failure.what()));
    }
    batch.end_versions();  // after a failure too: nobody knows what is durable of it
    return done;
  }
};

Store::Store(StoreOptions options) : state_(std::make_unique<State>()) {
  make_folder(options.folder);
  check_logs(options.folder);
  state_->env = make_env(state_->refuses_a_log);
  state_->damage = options.damage;
  rocksdb::Options database = make_options();
  database.env = state_->env.get();
  database.info_log = make_logger();
  database.max_bgerror_resume_count = 0;  // the lane resumes
  rocksdb::DB* db = nullptr;
  require(rocksdb::DB::Open(database, options.folder.string(), &db), "open");
  state_->db.reset(db);
  state_->current.emplace(Tables{*db, options.damage}, state_->versions);
  state_->write_options.sync = options.sync == StoreOptions::Sync::every_commit;
  state_->queued_max = options.queued_max;
  state_->lane = std::thread([state = state_.get()] { state->run(); });
}

Store::~Store() {
  {
    std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->changed.notify_one();
  state_->lane.join();
}

std::unique_ptr<Reader> Store::snapshot() const {
  return std::make_unique<Snapshot>(Tables{*state_->db, state_->damage}, state_->versions);
}

const Reader& Store::current() const {
  return *state_->current;
}

void Store::enqueue(Job& job) {
  // Notified with the mutex held: whoever waits for the job may close the store as soon as it is done.
  std::lock_guard lock(state_->mutex);
  if (state_->queue.size() >= state_->queued_max) throw StorageBusy("too many writes are waiting");
  state_->queue.push_back(&job);
  state_->changed.notify_one();
}

void Store::wait_for(Job& job) {
  // Shared: the waiter may be gone before count_down() has returned.
  const auto finished = std::make_shared<std::latch>(1);
  job.finished = [finished] { finished->count_down(); };
  enqueue(job);
  finished->wait();
}

Task<void> Store::probe() {
  WriteFunction<base::Done> touch = [](Transaction& transaction) -> Result<base::Done> {
    transaction.put(probe_key(), "");
    return base::Done{};
  };
  co_await write<base::Done>(std::move(touch));
}

}  // namespace localcloud::storage
