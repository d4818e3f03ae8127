#pragma once
// What Landlock doesn't know of: a filter on a process's system calls, for where namespaces aren't to be had.

namespace localcloud::lambda {

enum class Signals { to_itself_only, as_landlock_says };

// From now on, this process and its descendants can't truncate by path or change a file's mode, owner, times or
// attributes (EPERM); and, where it says so, signal no process but this one. Async-signal-safe; false with errno where
// it can't be had. Needs no_new_privs.
bool filter_system_calls(Signals signals);

}  // namespace localcloud::lambda
