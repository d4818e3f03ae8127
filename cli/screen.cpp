#include "cli/screen.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/text.hpp"

namespace cli {

namespace {

using namespace std::chrono_literals;

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.,-+%") == std::string_view::npos;
}

}  // namespace

std::string in_colour(Colour colour, std::string_view text) {
  static const bool is_terminal = ::isatty(STDOUT_FILENO) != 0;
  if (!is_terminal) return std::string(text);
  const char* code = "2";
  switch (colour) {
    case Colour::green:
      code = "32";
      break;
    case Colour::red:
      code = "31";
      break;
    case Colour::yellow:
      code = "33";
      break;
    case Colour::bold:
      code = "1";
      break;
    case Colour::dim:
      break;
  }
  return fmt::format("\033[{}m{}\033[0m", code, text);
}

void Progress::at(std::uint64_t done, std::uint64_t of, std::string_view note) {
  const auto now = std::chrono::steady_clock::now();
  if (now - began_ < 2s || now - drawn_ < 100ms || ::isatty(STDERR_FILENO) == 0) return;
  drawn_ = now;
  is_drawn_ = true;
  constexpr int kWidth = 30;
  std::string bar;
  if (of > 0) {
    const int filled = static_cast<int>(kWidth * std::min(done, of) / of);
    bar = fmt::format("[{}{}] {:3}% ", std::string(static_cast<std::size_t>(filled), '#'),
                      std::string(static_cast<std::size_t>(kWidth - filled), '.'), 100 * std::min(done, of) / of);
  }
  fmt::print(stderr, "\r\033[K{} {}{} {}", what_, bar, done, note);
  std::fflush(stderr);
}

void Progress::clear() {
  if (!is_drawn_) return;
  fmt::print(stderr, "\r\033[K");
  std::fflush(stderr);
  is_drawn_ = false;
}

std::string columns(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], base::count_code_points(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string space(widths[i] - base::count_code_points(row[i]), ' ');
      line += is_number(row[i]) ? space + row[i] : row[i] + space;
      line += "  ";
    }
    while (line.ends_with(' ')) line.pop_back();
    out += line + "\n";
  }
  return out;
}

std::string printable(std::string_view text, std::size_t characters_max) {
  std::string out;
  std::size_t characters = 0;
  for (const char c : text) {
    const bool begins = (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    if (begins && ++characters > characters_max) return out + "…";
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7f ? '?' : c;
  }
  return out;
}

}  // namespace cli
