// ECMA-262 patterns in RE2's words.

#include "pipeline/schema/pattern.hpp"

#include <re2/re2.h>

#include <array>
#include <optional>
#include <utility>

namespace pipeline::schema {

namespace {

// Names of Unicode properties that RE2 knows only by their short form.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kProperties = {{
    {"Letter", "L"},
    {"Uppercase_Letter", "Lu"},
    {"Lowercase_Letter", "Ll"},
    {"Mark", "M"},
    {"Number", "N"},
    {"Decimal_Number", "Nd"},
    {"digit", "Nd"},
    {"Punctuation", "P"},
    {"Symbol", "S"},
    {"Separator", "Z"},
}};

constexpr std::string_view kSpaces =
    R"(\t\n\x{b}\f\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff})";

// One escape that begins at ecma[at] == '\\'; appends it and returns how many characters it took.
std::size_t append_escape(std::string& out, std::string_view ecma, std::size_t at, bool in_class) {
  const char c = at + 1 < ecma.size() ? ecma[at + 1] : '\0';
  if (c == 'u' && at + 5 < ecma.size() && ecma[at + 2] != '{') {
    out += "\\x{" + std::string(ecma.substr(at + 2, 4)) + "}";
    return 6;
  }
  if (c == 'u' && at + 2 < ecma.size() && ecma[at + 2] == '{') {
    out += "\\x";
    return 2;
  }
  if (c == 'c' && at + 2 < ecma.size()) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const unsigned code = static_cast<unsigned char>(ecma[at + 2]) % 32;
    out += std::string("\\x{") + kHex[code / 16] + kHex[code % 16] + "}";
    return 3;
  }
  if (c == 's' || (c == 'S' && !in_class)) {
    // RE2's \s leaves out the vertical tab and everything beyond ASCII.
    out += in_class ? std::string(kSpaces) : std::string(c == 's' ? "[" : "[^") + std::string(kSpaces) + "]";
    return 2;
  }
  if ((c == 'p' || c == 'P') && at + 2 < ecma.size() && ecma[at + 2] == '{') {
    const auto end = ecma.find('}', at);
    const std::string_view name = end == std::string_view::npos ? "" : ecma.substr(at + 3, end - at - 3);
    for (const auto& [known, short_name] : kProperties) {
      if (name == known) {
        out += std::string("\\") + c + "{" + std::string(short_name) + "}";
        return end - at + 1;
      }
    }
  }
  out += '\\';
  if (c != '\0') out += c;
  return c == '\0' ? 1 : 2;
}

std::string to_re2(std::string_view ecma) {
  std::string out;
  bool in_class = false;
  for (std::size_t i = 0; i < ecma.size();) {
    const char c = ecma[i];
    if (c == '\\') {
      i += append_escape(out, ecma, i, in_class);
      continue;
    }
    if (!in_class && ecma.substr(i).starts_with("(?<") && i + 3 < ecma.size() && ecma[i + 3] != '=' &&
        ecma[i + 3] != '!') {
      out += "(?P<";
      i += 3;
      continue;
    }
    if (!in_class && ecma.substr(i).starts_with("[^]")) {
      out += "(?s:.)";
      i += 3;
      continue;
    }
    if (c == '.' && !in_class) {
      out += R"([^\n\r\x{2028}\x{2029}])";
      ++i;
      continue;
    }
    if (c == '[') {
      // Inside a class ECMA-262 takes '[' as itself, RE2 might read "[:alpha:]".
      if (in_class) out += '\\';
      in_class = true;
    }
    if (c == ']') in_class = false;
    out += c;
    ++i;
  }
  return out;
}

// Where the group that opens at `open` closes, or npos.
std::size_t closing(std::string_view pattern, std::size_t open) {
  int depth = 0;
  bool in_class = false;
  for (std::size_t i = open; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (in_class) {
      in_class = pattern[i] != ']';
    } else if (pattern[i] == '[') {
      in_class = true;
    } else if (pattern[i] == '(') {
      ++depth;
    } else if (pattern[i] == ')' && --depth == 0) {
      return i;
    }
  }
  return std::string_view::npos;
}

bool has_alternatives(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '|') return true;
    if (pattern[i] == '\\') ++i;
    if (i < pattern.size() && pattern[i] == '(') i = closing(pattern, i);
    if (i < pattern.size() && pattern[i] == '[') i = pattern.find(']', i + 1);
    if (i == std::string_view::npos) return true;
  }
  return false;
}

// ^(?!a)b$, ^(?=a)b$ and the same within one group, ^((?!a)b)$: the look-ahead is a pattern of its own.
struct Ahead {
  std::string condition;
  bool is_wanted;
  std::string rest;
};

std::optional<Ahead> split_ahead(std::string_view pattern) {
  if (!pattern.starts_with("^(")) return std::nullopt;
  std::string_view body = pattern.substr(1);
  std::string_view end;
  if (!body.starts_with("(?")) {
    const std::size_t close = closing(body, 0);
    if (close == std::string_view::npos) return std::nullopt;
    end = body.substr(close + 1);
    if (!end.empty() && end != "$") return std::nullopt;
    body = body.substr(1, close - 1);
  }
  const bool is_wanted = body.starts_with("(?=");
  if (!is_wanted && !body.starts_with("(?!")) return std::nullopt;
  const std::size_t close = closing(body, 0);
  if (close == std::string_view::npos || has_alternatives(body.substr(close + 1))) return std::nullopt;
  return Ahead{.condition = "^(?:" + std::string(body.substr(3, close - 3)) + ")",
               .is_wanted = is_wanted,
               .rest = "^" + std::string(body.substr(close + 1)) + std::string(end)};
}

// Beyond this, a byte of a hostile text could cost microseconds.
constexpr int kProgramSizeMax = 10'000;

}  // namespace

Pattern::Pattern(std::string_view text) : text_(text), sequence_(Sequence::compile(text)) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

std::expected<Pattern, std::string> Pattern::compile(std::string_view ecma) {
  constexpr std::size_t kLengthMax = 8192;
  if (ecma.size() > kLengthMax) return std::unexpected("a pattern is longer than 8192 bytes");
  Pattern pattern(ecma);
  if (pattern.sequence_) return pattern;
  std::string rest(ecma);
  while (auto ahead = split_ahead(rest)) {
    if (auto added = pattern.add(ahead->condition, ahead->is_wanted); !added) return std::unexpected(added.error());
    rest = std::move(ahead->rest);
  }
  if (auto added = pattern.add(rest, true); !added) return std::unexpected(added.error());
  return pattern;
}

std::expected<void, std::string> Pattern::add(std::string_view ecma, bool is_wanted) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(8 << 20);
  options.set_dot_nl(false);
  options.set_never_capture(true);
  auto program = std::make_unique<re2::RE2>(to_re2(ecma), options);
  if (!program->ok()) return std::unexpected("RE2 can't take the pattern: " + program->error());
  if (program->ProgramSize() > kProgramSizeMax)
    return std::unexpected("a pattern is too large once its counts are written out");
  size_ += static_cast<std::uint64_t>(program->ProgramSize());
  parts_.push_back({.program = std::move(program), .is_wanted = is_wanted});
  return {};
}

bool Pattern::all_parts_match(std::string_view text) const {
  const re2::StringPiece piece(text.data(), text.size());
  for (const Part& part : parts_) {
    if (part.program->Match(piece, 0, piece.size(), re2::RE2::UNANCHORED, nullptr, 0) != part.is_wanted) return false;
  }
  return true;
}

}  // namespace pipeline::schema
