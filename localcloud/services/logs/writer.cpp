// The thread that writes queued lines.

#include "localcloud/services/logs/writer.hpp"

#include <condition_variable>
#include <thread>

#include "base/log.hpp"

namespace localcloud::logs {

namespace {

// One transaction's share of the queue: bounded, for it holds up the lane.
constexpr std::size_t kLinesPerWriteMax = 4000;

std::size_t size_of(const Batch& batch) {
  std::size_t bytes = sizeof(Batch);
  for (const Line& line : batch.lines) bytes += line.message.size() + sizeof(Line);
  return bytes;
}

// The stream to write to, created where that is allowed.
struct Target {
  std::uint64_t group_id;
  Stream stream;
};
std::optional<Target> hold_target(storage::Transaction& transaction, const Batch& batch, std::int64_t now_ms) {
  const Destination& to = batch.destination;
  std::optional<Group> group = find_group(transaction, to.place(), to.group);
  if (!group) {
    if (batch.missing != Missing::create_group_and_stream) return std::nullopt;
    Group created;
    created.name = to.group;
    created.created_ms = now_ms;
    group = create_group(transaction, to.place(), std::move(created));
  }
  std::optional<Stream> stream = find_stream(transaction, group->id, to.stream);
  if (!stream) {
    if (batch.missing == Missing::refuse) return std::nullopt;
    stream = create_stream(transaction, group->id, to.stream, now_ms);
  }
  return Target{group->id, *std::move(stream)};
}

// Whether there was a stream to write the batch to.
bool write_batch(storage::Transaction& transaction, const Batch& batch, std::int64_t now_ms) {
  std::optional<Target> target = hold_target(transaction, batch, now_ms);
  if (!target) return false;
  std::vector<NewEvent> events;
  events.reserve(batch.lines.size());
  for (const Line& line : batch.lines) events.push_back({line.timestamp_ms, line.message});
  append_events(transaction, target->group_id, target->stream, events, now_ms);
  return true;
}

}  // namespace

struct Writer::State {
  storage::Store& store;
  const base::Clock& clock;
  LineObserver* observer;
  Options options;

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Batch> queue;
  std::size_t queued_bytes = 0;
  std::uint64_t appended = 0;  // batches ever queued
  std::uint64_t written = 0;   // of them, those that are done with
  std::uint64_t dropped_lines = 0;
  int flushing = 0;
  bool ending = false;
  std::thread thread;

  void run();
  void write(std::vector<Batch> batches);
  void write_some(std::span<const Batch* const> batches);
};

void Writer::State::run() {
  std::unique_lock lock(mutex);
  while (true) {
    changed.wait(lock, [this] { return !queue.empty() || ending; });
    if (queue.empty()) return;
    // A short wait lets more lines share one transaction.
    changed.wait_for(lock, options.linger, [this] { return ending || flushing > 0; });
    std::vector<Batch> batches = std::exchange(queue, {});
    queued_bytes = 0;
    const std::uint64_t dropped = std::exchange(dropped_lines, 0);
    lock.unlock();
    const std::size_t count = batches.size();
    if (dropped > 0)
      base::log(base::LogLevel::warning, "log lines dropped: the queue was full", {{"lines", std::to_string(dropped)}});
    write(std::move(batches));
    lock.lock();
    written += count;
    changed.notify_all();
  }
}

void Writer::State::write(std::vector<Batch> batches) {
  std::vector<const Batch*> part;
  std::size_t lines = 0;
  for (const Batch& batch : batches) {
    part.push_back(&batch);
    lines += batch.lines.size();
    if (lines >= kLinesPerWriteMax) {
      write_some(part);
      part.clear();
      lines = 0;
    }
  }
  if (!part.empty()) write_some(part);
}

void Writer::State::write_some(std::span<const Batch* const> batches) {
  LineObserver::Apply apply = observer ? observer->prepare(batches) : nullptr;
  const std::int64_t now_ms = base::to_unix_ms(clock.now());
  try {
    (void)store.write_and_wait<Done>([&](storage::Transaction& transaction) -> Result<Done> {
      std::vector<bool> written;
      for (const Batch* const batch : batches) written.push_back(write_batch(transaction, *batch, now_ms));
      if (apply) apply(transaction, written);
      return Done{};
    });
  } catch (const std::exception& failure) {
    // Nobody waits for these lines: all that can be done is to say that they are lost.
    base::log(base::LogLevel::error, "log lines lost: the store failed", {{"reason", failure.what()}});
  }
}

Writer::Writer(storage::Store& store, const base::Clock& clock, LineObserver* observer)
    : Writer(store, clock, observer, Options()) {}

Writer::Writer(storage::Store& store, const base::Clock& clock, LineObserver* observer, Options options)
    : state_(new State{store, clock, observer, options}) {
  state_->thread = std::thread([state = state_.get()] { state->run(); });
}

Writer::~Writer() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->ending = true;
  }
  state_->changed.notify_all();
  state_->thread.join();
}

void Writer::append(Batch batch) {
  std::erase_if(batch.lines, [](const Line& line) { return line.message.empty(); });
  if (batch.lines.empty()) return;
  std::ranges::stable_sort(batch.lines, {}, &Line::timestamp_ms);
  const std::size_t bytes = size_of(batch);
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->queued_bytes + bytes > state_->options.queued_bytes_max) {
      state_->dropped_lines += batch.lines.size();
      return;
    }
    state_->queued_bytes += bytes;
    ++state_->appended;
    state_->queue.push_back(std::move(batch));
  }
  state_->changed.notify_all();
}

void Writer::flush() {
  std::unique_lock lock(state_->mutex);
  const std::uint64_t wanted = state_->appended;
  ++state_->flushing;
  state_->changed.notify_all();
  state_->changed.wait(lock, [&] { return state_->written >= wanted; });
  --state_->flushing;
}

}  // namespace localcloud::logs
