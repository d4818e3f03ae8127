// A disk that fails on request: preloaded (LD_PRELOAD) into the server that tests/crash tries, whose own code knows
// nothing of it.
//
// Below the folder DISK_FOLDER it does three things with the calls that change files.
//   - It carries out the order that stands in the file DISK_ORDER, which may be rewritten at any time:
//       kill before|after CALL GLOB N   kill -9 at the Nth such call on a path that matches; CALL may be `any`
//       fail ERRNO GLOB                 calls that would write to such a path fail: a write first writes half of it
//   - It writes a journal to DISK_JOURNAL, where that is set, of what a power loss would keep: which file was synced up
//   to
//     which size, which folder's entries were synced. power_loss.py undoes what was not.
//   - It gives what is removed or replaced a second name in DISK_SHELTER, so that the removal can be undone.
// What writes past all this (a writable shared mapping, a write into the synced part of a file) is journaled as such:
// the harness then fails, for its picture of the disk would be wrong.

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace {

struct File {
  std::string path;
  ino_t inode = 0;
};

struct Disk {
  std::string folder, shelter;
  int order_file = -1, journal = -1;
  pid_t process = 0;

  std::mutex mutex;
  std::map<int, File> open_files;
  std::map<ino_t, off_t> synced;  // up to there a file's bytes survive a power loss
  std::string order;
  long matches = 0;
  std::atomic<long> syncs = 0;
  std::atomic<long> removed = 0;
};

Disk* disk = nullptr;

// The C library's own function of that name.
template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}
#define REAL(name) static const auto real_##name = real<decltype(::name)>(#name)

const char* setting(const char* name) {
  const char* const value = std::getenv(name);
  return value ? value : "";
}

__attribute__((constructor)) void start() {
  if (!*setting("DISK_FOLDER")) return;
  auto* const made = new Disk;  // lives as long as the process: the last calls come after static destructors
  made->folder = setting("DISK_FOLDER");
  made->shelter = setting("DISK_SHELTER");
  if (*setting("DISK_ORDER"))
    made->order_file = static_cast<int>(syscall(SYS_openat, AT_FDCWD, setting("DISK_ORDER"), O_RDONLY | O_CLOEXEC, 0));
  if (*setting("DISK_JOURNAL")) {
    made->journal = static_cast<int>(
        syscall(SYS_openat, AT_FDCWD, setting("DISK_JOURNAL"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  }
  made->process = getpid();
  disk = made;
}

// Not in a forked child: it may hold nobody's mutex, and writes nothing of the server's.
bool watching() {
  return disk && static_cast<pid_t>(syscall(SYS_getpid)) == disk->process;
}

bool is_below(std::string_view path) {
  return path.starts_with(disk->folder) && (path.size() == disk->folder.size() || path[disk->folder.size()] == '/');
}

std::string path_of(int folder, const char* path) {
  if (path[0] == '/') return path;
  char base[PATH_MAX];
  const std::string link = folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/" + std::to_string(folder);
  const long length = syscall(SYS_readlinkat, AT_FDCWD, link.c_str(), base, sizeof base);
  return std::string(base, length < 0 ? 0 : static_cast<std::size_t>(length)) + "/" + path;
}

// The paths that matter, as they are; nothing for all others.
std::optional<std::string> watched(int folder, const char* path) {
  if (!watching() || !path) return std::nullopt;
  std::string whole = path_of(folder, path);
  while (whole.size() > 1 && whole.back() == '/') whole.pop_back();
  return is_below(whole) ? std::optional(std::move(whole)) : std::nullopt;
}

std::optional<File> watched(int descriptor) {
  if (!watching()) return std::nullopt;
  const std::lock_guard lock(disk->mutex);
  const auto found = disk->open_files.find(descriptor);
  return found == disk->open_files.end() ? std::nullopt : std::optional(found->second);
}

void journal(const std::string& line) {
  if (disk->journal >= 0) syscall(SYS_write, disk->journal, (line + "\n").data(), line.size() + 1);
}

std::optional<struct stat> status_of(const std::string& path) {
  struct stat status{};
  if (syscall(SYS_newfstatat, AT_FDCWD, path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
  return status;
}

off_t size_of(int descriptor) {
  struct stat status{};
  return syscall(SYS_newfstatat, descriptor, "", &status, AT_EMPTY_PATH) == 0 ? status.st_size : 0;
}

// Orders

enum class When { before, after };

struct Order {
  std::array<char, 16> verb{}, when{}, call{};
  std::array<char, 256> glob{};
  long number = 0;
};

// The order as it stands now; a new one counts from nothing.
Order read_order() {
  std::array<char, 320> text{};
  if (disk->order_file < 0 || syscall(SYS_pread64, disk->order_file, text.data(), text.size() - 1, 0L) <= 0) return {};
  if (disk->order != text.data()) {
    disk->order = text.data();
    disk->matches = 0;
  }
  Order order;
  if (std::sscanf(text.data(), "kill %15s %15s %255s %ld", order.when.data(), order.call.data(), order.glob.data(),
                  &order.number) == 4) {
    order.verb = {'k', 'i', 'l', 'l'};
  } else if (std::sscanf(text.data(), "fail %15s %255s", order.call.data(), order.glob.data()) == 2) {
    order.verb = {'f', 'a', 'i', 'l'};
  }
  return order;
}

bool matches(const Order& order, const std::string& path) {
  return fnmatch(order.glob.data(), path.c_str(), 0) == 0;
}

void die_if_ordered(When when, const char* call, const std::string& path) {
  const std::lock_guard lock(disk->mutex);
  const Order order = read_order();
  if (std::string_view(order.verb.data()) != "kill") return;
  if ((std::string_view(order.when.data()) == "before") != (when == When::before)) return;
  if (std::string_view(order.call.data()) != "any" && std::string_view(order.call.data()) != call) return;
  if (!matches(order, path) || ++disk->matches != order.number) return;
  syscall(SYS_kill, disk->process, SIGKILL);
  for (;;) syscall(SYS_pause);
}

// The error that a call on `path` is to fail with, or nothing.
int ordered_error(const std::string& path) {
  const std::lock_guard lock(disk->mutex);
  const Order order = read_order();
  if (std::string_view(order.verb.data()) != "fail" || !matches(order, path)) return 0;
  const std::string_view name = order.call.data();
  return name == "ENOSPC" ? ENOSPC : name == "EROFS" ? EROFS : EIO;
}

// Carries out a call on a path: the kill before, the failure instead, the journal's line with it, the kill after.
// A call that makes or removes a name and its line in the journal are one step to every other such call.
template <class Action>
auto change(const char* call, const std::string& path, Action action) -> decltype(action()) {
  die_if_ordered(When::before, call, path);
  if (const int error = ordered_error(path)) {
    errno = error;
    return -1;
  }
  const auto result = [&] {
    const std::lock_guard lock(disk->mutex);
    return action();
  }();
  const int error = errno;
  die_if_ordered(When::after, call, path);
  errno = error;
  return result;
}

// Names

void shelter(const std::string& path) {
  const auto status = status_of(path);
  if (disk->shelter.empty() || !status || !S_ISREG(status->st_mode)) return;
  const std::string name = disk->shelter + "/" + std::to_string(status->st_ino) + "-" + std::to_string(disk->removed++);
  syscall(SYS_linkat, AT_FDCWD, path.c_str(), AT_FDCWD, name.c_str(), 0);
}

template <class Call>
int open_watched(const std::string& path, int flags, Call call) {
  const bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_CREAT) != 0;
  const auto opened = [&] {
    const auto before = status_of(path);
    const int descriptor = call();
    if (descriptor < 0) return descriptor;
    struct stat status{};
    syscall(SYS_newfstatat, descriptor, "", &status, AT_EMPTY_PATH);
    if (!before) disk->synced[status.st_ino] = 0;
    const auto synced = disk->synced.try_emplace(status.st_ino, status.st_size).first;
    if (!before) journal("create " + std::to_string(status.st_ino) + " " + path);
    if (before && (flags & O_TRUNC) != 0 && before->st_size > 0) {
      synced->second = 0;
      journal("cut " + std::to_string(status.st_ino) + " 0");
    }
    disk->open_files[descriptor] = {path, status.st_ino};
    return descriptor;
  };
  if (writes) return change("open", path, opened);
  const std::lock_guard lock(disk->mutex);
  return opened();
}

template <class Call>
int rename_watched(const std::string& from, const std::string& to, Call call) {
  return change("rename", to, [&] {
    shelter(to);
    const int result = call();
    if (result == 0) journal("rename " + from + " " + to);
    return result;
  });
}

template <class Call>
int remove_watched(const std::string& path, Call call) {
  return change("unlink", path, [&] {
    shelter(path);
    const int result = call();
    if (result == 0) journal("remove " + path);
    return result;
  });
}

template <class Call>
int mkdir_watched(const std::string& path, Call call) {
  return change("mkdir", path, [&] {
    const int result = call();
    if (result == 0) journal("mkdir " + path);
    return result;
  });
}

// Bytes

template <class Call>
ssize_t write_watched(const File& file, std::size_t count, Call call) {
  die_if_ordered(When::before, "write", file.path);
  if (const int error = ordered_error(file.path)) {
    // A disk that fills up takes the beginning of a write.
    static std::atomic<bool> halved = false;
    if (error == ENOSPC && count > 1 && !halved.exchange(true)) return call(count / 2);
    halved = false;
    errno = error;
    return -1;
  }
  const ssize_t written = call(count);
  die_if_ordered(When::after, "write", file.path);
  return written;
}

template <class Call>
int sync_watched(const char* name, int descriptor, const File& file, Call call) {
  die_if_ordered(When::before, name, file.path);
  if (const int error = ordered_error(file.path)) {
    errno = error == ENOSPC ? EIO : error;
    return -1;
  }
  const std::string token = std::to_string(++disk->syncs);
  const off_t size = size_of(descriptor);
  journal("begin " + token + " " + std::to_string(file.inode) + " " + std::to_string(size) + " " + file.path);
  const int result = call();
  if (result == 0) {
    journal("end " + token);
    const std::lock_guard lock(disk->mutex);
    off_t& synced = disk->synced[file.inode];
    synced = std::max(synced, size);
  }
  const int error = errno;
  die_if_ordered(When::after, name, file.path);
  errno = error;
  return result;
}

template <class Call>
int cut_watched(const File& file, off_t size, Call call) {
  return change("truncate", file.path, [&] {
    const int result = call();
    off_t& synced = disk->synced[file.inode];
    if (result == 0 && size < synced) {
      synced = size;
      journal("cut " + std::to_string(file.inode) + " " + std::to_string(size));
    }
    return result;
  });
}

void check_overwriting(const File& file, off_t offset) {
  const std::lock_guard lock(disk->mutex);
  if (offset < disk->synced[file.inode]) journal("! a write into what was synced: " + file.path);
}

mode_t mode_of(int flags, va_list rest) {
  return (flags & (O_CREAT | O_TMPFILE)) != 0 ? static_cast<mode_t>(va_arg(rest, int)) : 0;
}

}  // namespace

#define WITH_MODE(flags)                    \
  va_list rest;                             \
  va_start(rest, flags);                    \
  const mode_t mode = mode_of(flags, rest); \
  va_end(rest)

extern "C" {

int open(const char* path, int flags, ...) {
  WITH_MODE(flags);
  REAL(open);
  const auto whole = watched(AT_FDCWD, path);
  return whole ? open_watched(*whole, flags, [&] { return real_open(path, flags, mode); })
               : real_open(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  WITH_MODE(flags);
  REAL(open64);
  const auto whole = watched(AT_FDCWD, path);
  return whole ? open_watched(*whole, flags, [&] { return real_open64(path, flags, mode); })
               : real_open64(path, flags, mode);
}
int openat(int folder, const char* path, int flags, ...) {
  WITH_MODE(flags);
  REAL(openat);
  const auto whole = watched(folder, path);
  return whole ? open_watched(*whole, flags, [&] { return real_openat(folder, path, flags, mode); })
               : real_openat(folder, path, flags, mode);
}
int openat64(int folder, const char* path, int flags, ...) {
  WITH_MODE(flags);
  REAL(openat64);
  const auto whole = watched(folder, path);
  return whole ? open_watched(*whole, flags, [&] { return real_openat64(folder, path, flags, mode); })
               : real_openat64(folder, path, flags, mode);
}

// What is written through stdio is RocksDB's own log; its bytes count as never synced.
FILE* fopen(const char* path, const char* how) {
  REAL(fopen);
  const auto whole = watched(AT_FDCWD, path);
  if (!whole) return real_fopen(path, how);
  FILE* file = nullptr;
  const int flags = std::strchr(how, 'w')   ? O_WRONLY | O_CREAT | O_TRUNC
                    : std::strchr(how, 'a') ? O_WRONLY | O_CREAT
                                            : O_RDONLY;
  open_watched(*whole, flags, [&] {
    file = real_fopen(path, how);
    return file ? fileno(file) : -1;
  });
  return file;
}
FILE* fopen64(const char* path, const char* how) {
  return fopen(path, how);
}

int close(int descriptor) {
  REAL(close);
  if (watching()) {
    const std::lock_guard lock(disk->mutex);
    disk->open_files.erase(descriptor);
  }
  return real_close(descriptor);
}

ssize_t write(int descriptor, const void* bytes, size_t count) {
  REAL(write);
  const auto file = watched(descriptor);
  if (!file) return real_write(descriptor, bytes, count);
  return write_watched(*file, count, [&](std::size_t some) { return real_write(descriptor, bytes, some); });
}
ssize_t pwrite(int descriptor, const void* bytes, size_t count, off_t offset) {
  REAL(pwrite);
  const auto file = watched(descriptor);
  if (!file) return real_pwrite(descriptor, bytes, count, offset);
  check_overwriting(*file, offset);
  return write_watched(*file, count, [&](std::size_t some) { return real_pwrite(descriptor, bytes, some, offset); });
}
ssize_t pwrite64(int descriptor, const void* bytes, size_t count, off64_t offset) {
  return pwrite(descriptor, bytes, count, offset);
}

int fsync(int descriptor) {
  REAL(fsync);
  const auto file = watched(descriptor);
  return file ? sync_watched("fsync", descriptor, *file, [&] { return real_fsync(descriptor); })
              : real_fsync(descriptor);
}
int fdatasync(int descriptor) {
  REAL(fdatasync);
  const auto file = watched(descriptor);
  return file ? sync_watched("fdatasync", descriptor, *file, [&] { return real_fdatasync(descriptor); })
              : real_fdatasync(descriptor);
}

int ftruncate(int descriptor, off_t size) noexcept {
  REAL(ftruncate);
  const auto file = watched(descriptor);
  return file ? cut_watched(*file, size, [&] { return real_ftruncate(descriptor, size); })
              : real_ftruncate(descriptor, size);
}
int ftruncate64(int descriptor, off64_t size) noexcept {
  return ftruncate(descriptor, size);
}

int fallocate(int descriptor, int mode, off_t offset, off_t size) {
  REAL(fallocate);
  const auto file = watched(descriptor);
  return file ? change("fallocate", file->path, [&] { return real_fallocate(descriptor, mode, offset, size); })
              : real_fallocate(descriptor, mode, offset, size);
}
int fallocate64(int descriptor, int mode, off64_t offset, off64_t size) {
  return fallocate(descriptor, mode, offset, size);
}

int rename(const char* from, const char* to) noexcept {
  REAL(rename);
  const auto source = watched(AT_FDCWD, from), target = watched(AT_FDCWD, to);
  return source && target ? rename_watched(*source, *target, [&] { return real_rename(from, to); })
                          : real_rename(from, to);
}
int renameat(int from_folder, const char* from, int to_folder, const char* to) noexcept {
  REAL(renameat);
  const auto source = watched(from_folder, from), target = watched(to_folder, to);
  return source && target
             ? rename_watched(*source, *target, [&] { return real_renameat(from_folder, from, to_folder, to); })
             : real_renameat(from_folder, from, to_folder, to);
}

int unlink(const char* path) noexcept {
  REAL(unlink);
  const auto whole = watched(AT_FDCWD, path);
  return whole ? remove_watched(*whole, [&] { return real_unlink(path); }) : real_unlink(path);
}
int unlinkat(int folder, const char* path, int flags) noexcept {
  REAL(unlinkat);
  const auto whole = watched(folder, path);
  return whole ? remove_watched(*whole, [&] { return real_unlinkat(folder, path, flags); })
               : real_unlinkat(folder, path, flags);
}
int remove(const char* path) noexcept {
  REAL(remove);
  const auto whole = watched(AT_FDCWD, path);
  return whole ? remove_watched(*whole, [&] { return real_remove(path); }) : real_remove(path);
}
int rmdir(const char* path) noexcept {
  REAL(rmdir);
  const auto whole = watched(AT_FDCWD, path);
  return whole ? remove_watched(*whole, [&] { return real_rmdir(path); }) : real_rmdir(path);
}

int mkdir(const char* path, mode_t mode) noexcept {
  REAL(mkdir);
  const auto whole = watched(AT_FDCWD, path);
  return whole ? mkdir_watched(*whole, [&] { return real_mkdir(path, mode); }) : real_mkdir(path, mode);
}

void* mmap(void* address, size_t length, int protection, int flags, int descriptor, off_t offset) noexcept {
  REAL(mmap);
  if (descriptor >= 0 && (flags & MAP_SHARED) != 0 && (protection & PROT_WRITE) != 0) {
    if (const auto file = watched(descriptor)) journal("! a writable mapping: " + file->path);
  }
  return real_mmap(address, length, protection, flags, descriptor, offset);
}
}
