#pragma once
// CHECK(condition): our own mistakes stop the program, in release too, and say what was expected and where: the file by
// its name alone, so that the same sources make the same program in whichever folder.

namespace base {
[[noreturn]] void check_failed(const char* condition, const char* file, int line) noexcept;
}

#define CHECK(condition)                                       \
  (__builtin_expect(static_cast<bool>(condition), 1) ? void(0) \
                                                     : ::base::check_failed(#condition, __FILE_NAME__, __LINE__))
