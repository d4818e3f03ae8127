#pragma once
// What the verbs print: colours on a terminal only, a progress bar on standard error for what takes long, plain
// columns.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

enum class Form { text, json };  // --json: one object a line, for scripts

enum class Colour { green, red, yellow, bold, dim };
// The text in that colour, where standard output is a terminal.
std::string in_colour(Colour colour, std::string_view text);

// A line on standard error that tells how far a long work is; silent for two seconds, and where that is no terminal.
class Progress {
 public:
  explicit Progress(std::string what) : what_(std::move(what)) {}
  ~Progress() { clear(); }
  void at(std::uint64_t done, std::uint64_t of, std::string_view note = {});  // of 0: not known
  void clear();

 private:
  const std::string what_;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point drawn_ = {};
  bool is_drawn_ = false;
};

// Rows in columns as wide as they need to be; the first row is the heading. Numbers stand at the right.
std::string columns(const std::vector<std::vector<std::string>>& rows);

// A text of others on one line, without what a terminal would obey.
std::string printable(std::string_view text, std::size_t characters_max);

}  // namespace cli
