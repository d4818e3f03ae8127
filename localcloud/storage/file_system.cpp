#include "localcloud/storage/file_system.hpp"

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <array>
#include <cstdarg>
#include <cstdio>

#include "base/log.hpp"

namespace localcloud::storage {

namespace {

using rocksdb::FileOptions;
using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

// Without the subcode that tells a full disk from others: RocksDB would wait for space in a thread of its own.
IOStatus retryable(IOStatus status) {
  if (status.ok() || !status.IsIOError()) return status;
  IOStatus again = IOStatus::IOError(status.getState() ? status.getState() : "");
  again.SetRetryable(true);
  return again;
}

class File final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  using FSWritableFileOwnerWrapper::FSWritableFileOwnerWrapper;

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    return retryable(FSWritableFileOwnerWrapper::Append(data, options, debug));
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo& info,
                  IODebugContext* debug) override {
    return retryable(FSWritableFileOwnerWrapper::Append(data, options, info, debug));
  }
  IOStatus Flush(const IOOptions& options, IODebugContext* debug) override {
    return retryable(FSWritableFileOwnerWrapper::Flush(options, debug));
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    return retryable(FSWritableFileOwnerWrapper::Sync(options, debug));
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return retryable(FSWritableFileOwnerWrapper::Fsync(options, debug));
  }
  IOStatus RangeSync(std::uint64_t offset, std::uint64_t count, const IOOptions& options,
                     IODebugContext* debug) override {
    return retryable(FSWritableFileOwnerWrapper::RangeSync(offset, count, options, debug));
  }
  IOStatus Close(const IOOptions& options, IODebugContext* debug) override {
    return retryable(FSWritableFileOwnerWrapper::Close(options, debug));
  }
};

class Folder final : public rocksdb::FSDirectoryWrapper {
 public:
  using FSDirectoryWrapper::FSDirectoryWrapper;

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    return retryable(FSDirectoryWrapper::Fsync(options, debug));
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions& what) override {
    return retryable(FSDirectoryWrapper::FsyncWithDirOptions(options, debug, what));
  }
};

class FileSystem final : public rocksdb::FileSystemWrapper {
 public:
  explicit FileSystem(std::atomic<bool>& refuses_a_log)
      : FileSystemWrapper(rocksdb::FileSystem::Default()), refuses_a_log_(refuses_a_log) {}
  const char* Name() const override { return "EventPipelineFileSystem"; }

  IOStatus NewWritableFile(const std::string& path, const FileOptions& options,
                           std::unique_ptr<rocksdb::FSWritableFile>* result, IODebugContext* debug) override {
    if (path.ends_with(".log") && refuses_a_log_.exchange(false)) return retryable(IOStatus::IOError("as asked"));
    std::unique_ptr<rocksdb::FSWritableFile> file;
    const IOStatus status = retryable(FileSystemWrapper::NewWritableFile(path, options, &file, debug));
    if (status.ok()) *result = std::make_unique<File>(std::move(file));
    return status;
  }
  IOStatus NewDirectory(const std::string& path, const IOOptions& options,
                        std::unique_ptr<rocksdb::FSDirectory>* result, IODebugContext* debug) override {
    std::unique_ptr<rocksdb::FSDirectory> folder;
    const IOStatus status = retryable(FileSystemWrapper::NewDirectory(path, options, &folder, debug));
    if (status.ok()) *result = std::make_unique<Folder>(std::move(folder));
    return status;
  }
  IOStatus RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                      IODebugContext* debug) override {
    return retryable(FileSystemWrapper::RenameFile(from, to, options, debug));
  }

 private:
  std::atomic<bool>& refuses_a_log_;
};

class ErrorLogger final : public rocksdb::Logger {
 public:
  ErrorLogger() : Logger(rocksdb::InfoLogLevel::ERROR_LEVEL) {}
  using Logger::Logv;
  void Logv(const char* format, va_list values) override {
    std::array<char, 1024> line{};
    std::vsnprintf(line.data(), line.size(), format, values);
    base::log(base::LogLevel::error, "RocksDB", {{"line", line.data()}});
  }
};

}  // namespace

std::shared_ptr<rocksdb::Logger> make_logger() {
  return std::make_shared<ErrorLogger>();
}

std::unique_ptr<rocksdb::Env> make_env(std::atomic<bool>& refuses_a_log) {
  return rocksdb::NewCompositeEnv(std::make_shared<FileSystem>(refuses_a_log));
}

}  // namespace localcloud::storage
