// Formats, each by the RFC that JSON Schema names for it.

#include "pipeline/schema/formats.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

namespace pipeline::schema {

namespace {

enum Kind : std::uint8_t {
  kDigit = 1,
  kAlpha = 2,
  kHex = 4,
  kMail = 8,    // outside quotes, before the @, besides dots
  kUri = 16,    // but for % # [ ]
  kLabel = 32,  // of a host's name
  kHost = 64,   // of a URI's host, but for % and addresses in brackets
};

constexpr std::array<std::uint8_t, 256> kKinds = [] {
  std::array<std::uint8_t, 256> kinds = {};
  const auto add = [&](std::string_view characters, int kind) {
    for (const char c : characters)
      kinds[static_cast<unsigned char>(c)] = static_cast<std::uint8_t>(kinds[static_cast<unsigned char>(c)] | kind);
  };
  add("0123456789", kDigit | kHex | kMail | kUri | kLabel | kHost);
  add("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", kAlpha | kMail | kUri | kLabel | kHost);
  add("-", kLabel);
  add("abcdefABCDEF", kHex);
  add("!#$%&'*+-/=?^_`{|}~", kMail);
  add("-._~:/?@!$&'()*+,;=", kUri);
  add("-._~!$&'()*+,;=", kHost);
  return kinds;
}();

bool has_kind(char c, int kinds) {
  return kKinds[static_cast<unsigned char>(c)] & kinds;
}
bool is_digit(char c) {
  return has_kind(c, kDigit);
}
bool is_hex(char c) {
  return has_kind(c, kHex);
}

// How many from `at` on are of the kind; looked at four at a time.
[[gnu::always_inline]] inline std::size_t run_of(std::string_view text, std::size_t at, Kind kind) {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
  const std::size_t begin = at;
  while (at + 4 <= text.size() &&
         (kKinds[bytes[at]] & kKinds[bytes[at + 1]] & kKinds[bytes[at + 2]] & kKinds[bytes[at + 3]] & kind))
    at += 4;
  while (at < text.size() && (kKinds[bytes[at]] & kind)) ++at;
  return at - begin;
}

[[gnu::always_inline]] inline bool are(std::string_view text, Kind kind) {
  return run_of(text, 0, kind) == text.size();
}

template <class Word>
Word load(const char* from) {
  Word word;
  std::memcpy(&word, from, sizeof word);
  return word;
}

// Eight characters: digits where the text has '0', the others as they are.
struct Form {
  consteval Form(const char (&text)[9]) {
    for (int i = 7; i >= 0; --i) {
      expected = expected << 8 | static_cast<unsigned char>(text[i]);
      limits = limits << 8 | (text[i] == '0' ? 0x76 : 0x7f);
    }
  }
  std::uint64_t expected = 0;
  std::uint64_t limits = 0;  // what, added to a character's difference from what is expected, makes it more than 127
};

// The digits' values, at their places; nothing where the text isn't of that form.
[[gnu::always_inline]] inline std::optional<std::array<std::uint8_t, 8>> digits_of(const char* text, Form form) {
  static_assert(std::endian::native == std::endian::little);
  constexpr std::uint64_t kHighs = 0x8080808080808080;
  const std::uint64_t digits = load<std::uint64_t>(text) ^ form.expected;
  if (((digits | ((digits & ~kHighs) + form.limits)) & kHighs) != 0) return std::nullopt;
  return std::bit_cast<std::array<std::uint8_t, 8>>(digits);
}

int two_digits(std::string_view text, std::size_t at) {
  return (text[at] - '0') * 10 + (text[at + 1] - '0');
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

bool take_date(std::string_view& text) {
  if (text.size() < 10) return false;
  const auto head = digits_of(text.data(), "0000-00-");
  if (!head || !is_digit(text[8]) || !is_digit(text[9])) return false;
  const auto& d = *head;
  const int year = d[0] * 1000 + d[1] * 100 + d[2] * 10 + d[3];
  const int month = d[5] * 10 + d[6], day = two_digits(text, 8);
  if (month < 1 || month > 12 || day < 1) return false;
  text.remove_prefix(10);
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (day <= kDays[static_cast<std::size_t>(month - 1)]) return true;
  const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && day == 29 && is_leap;
}

// "12:34" as minutes.
std::optional<int> take_minutes(std::string_view& text) {
  if (text.size() < 5 || text[2] != ':') return std::nullopt;
  if (!are(text.substr(0, 2), kDigit) || !are(text.substr(3, 2), kDigit)) return std::nullopt;
  const int hour = two_digits(text, 0), minute = two_digits(text, 3);
  if (hour > 23 || minute > 59) return std::nullopt;
  text.remove_prefix(5);
  return hour * 60 + minute;
}

// RFC 3339 §5.6: a leap second exists at 23:59:60 UTC only.
bool take_time(std::string_view& text) {
  if (text.size() < 9) return false;
  const auto clock = digits_of(text.data(), "00:00:00");
  if (!clock) return false;
  const auto& d = *clock;
  const int hour = d[0] * 10 + d[1], minute = d[3] * 10 + d[4], second = d[6] * 10 + d[7];
  if (hour > 23 || minute > 59 || second > 60) return false;
  std::size_t at = 8;
  if (text[at] == '.') {
    const std::size_t digits = run_of(text, at + 1, kDigit);
    if (digits == 0) return false;
    at += 1 + digits;
  }
  text.remove_prefix(at);
  int offset_min = 0;
  if (!take(text, 'Z') && !take(text, 'z')) {
    const int sign = take(text, '+') ? 1 : take(text, '-') ? -1 : 0;
    if (sign == 0) return false;
    const auto offset = take_minutes(text);
    if (!offset) return false;
    offset_min = sign * *offset;
  }
  return second < 60 || ((hour * 60 + minute - offset_min) % 1440 + 1440) % 1440 == 23 * 60 + 59;
}

bool is_date(std::string_view text) {
  return take_date(text) && text.empty();
}
bool is_time(std::string_view text) {
  return take_time(text) && text.empty();
}
bool is_date_time(std::string_view text) {
  return take_date(text) && (take(text, 'T') || take(text, 't')) && take_time(text) && text.empty();
}

// Of characters that may be in one.
bool is_label(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
  // Two hyphens there announce Punycode and nothing else (RFC 5891 §4.2.3.1).
  return label.size() < 4 || label[2] != '-' || label[3] != '-' || label.starts_with("xn") || label.starts_with("XN");
}

bool is_hostname(std::string_view text) {
  if (text.size() > 253) return false;
  for (std::size_t at = 0;; ++at) {
    const std::size_t length = run_of(text, at, kLabel);
    if (!is_label(text.substr(at, length))) return false;
    at += length;
    if (at == text.size()) return true;
    if (text[at] != '.') return false;
  }
}

// RFC 2673 §3.2
bool is_ipv4(std::string_view text) {
  constexpr std::size_t kShortest = std::string_view("0.0.0.0").size(),
                        kLongest = std::string_view("255.255.255.255").size();
  if (text.size() < kShortest || text.size() > kLongest) return false;
  // What comes behind the end is no digit. So short, a part can't overflow.
  std::array<char, kLongest + 1> characters = {};
  std::ranges::copy(text, characters.begin());
  const char* at = characters.data();
  const auto digit_at = [](const char* p) { return static_cast<unsigned>(static_cast<unsigned char>(*p - '0')); };
  for (int part = 0;; ++part) {
    unsigned number = digit_at(at++);
    if (number > 9) return false;
    for (; digit_at(at) <= 9; ++at) {
      if (number == 0) return false;  // a leading zero reads as octal elsewhere
      number = number * 10 + digit_at(at);
    }
    if (number > 255) return false;
    if (part == 3) return at == characters.data() + text.size();
    if (*at++ != '.') return false;
  }
}

bool is_ipv6(std::string_view text) {
  int groups = 0;
  bool has_gap = false;
  if (text.starts_with("::")) {
    has_gap = true;
    text.remove_prefix(2);
    if (text.empty()) return true;
  }
  while (true) {
    if (text.find('.') != std::string_view::npos && text.find(':') == std::string_view::npos) {
      if (!is_ipv4(text)) return false;
      groups += 2;
      break;
    }
    std::size_t digits = 0;
    while (digits < text.size() && digits < 5 && is_hex(text[digits])) ++digits;
    if (digits == 0 || digits > 4) return false;
    text.remove_prefix(digits);
    ++groups;
    if (text.empty()) break;
    if (!take(text, ':')) return false;
    if (take(text, ':')) {
      if (has_gap) return false;
      has_gap = true;
      if (text.empty()) break;
    } else if (text.empty()) {
      return false;
    }
  }
  return has_gap ? groups <= 7 : groups == 8;
}

// RFC 5321: a dot-string or a quoted string, then a domain or an address literal.
bool is_email(std::string_view text) {
  std::size_t at = 0;
  if (text.starts_with('"')) {
    for (at = 1; at < text.size() && text[at] != '"'; ++at) {
      if (text[at] == '\\') ++at;
      if (at >= text.size() || static_cast<unsigned char>(text[at]) < 0x20) return false;
    }
    ++at;
  } else {
    while (true) {
      const std::size_t length = run_of(text, at, kMail);
      at += length;
      if (length == 0 || at == text.size()) return false;
      if (text[at] != '.') break;
      ++at;
    }
  }
  if (at >= text.size() || text[at] != '@') return false;
  const std::string_view domain = text.substr(at + 1);
  if (domain.size() > 2 && domain.front() == '[' && domain.back() == ']') {
    const std::string_view literal = domain.substr(1, domain.size() - 2);
    return literal.starts_with("IPv6:") ? is_ipv6(literal.substr(5)) : is_ipv4(literal);
  }
  return is_hostname(domain);
}

// Characters that may stand anywhere in a URI, with whole percent-encodings.
bool are_uri_characters(std::string_view text) {
  for (std::size_t at = 0;; at += 3) {
    at += run_of(text, at, kUri);
    if (at == text.size()) return true;
    if (text[at] != '%' || at + 2 >= text.size() || !is_hex(text[at + 1]) || !is_hex(text[at + 2])) return false;
  }
}

bool is_authority(std::string_view text) {
  if (const auto at = text.find('@'); at != std::string_view::npos) {
    if (!are_uri_characters(text.substr(0, at))) return false;
    text.remove_prefix(at + 1);
    if (text.find('@') != std::string_view::npos) return false;
  }
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos || !is_ipv6(text.substr(1, end - 1))) return false;
    text.remove_prefix(end + 1);
    if (text.empty()) return true;
    if (!take(text, ':')) return false;
  } else {
    const auto colon = text.find(':');
    if (!are_uri_characters(text.substr(0, colon))) return false;
    if (colon == std::string_view::npos) return true;
    text.remove_prefix(colon + 1);
  }
  return are(text, kDigit);
}

// What follows "scheme:", or all of a relative reference.
bool is_hierarchy(std::string_view text) {
  if (text.starts_with("//")) {
    const auto ends = [&](std::size_t at) {
      return at == text.size() || text[at] == '/' || text[at] == '?' || text[at] == '#';
    };
    const std::size_t host = 2 + run_of(text, 2, kHost);
    std::size_t end = host;
    while (!ends(end)) ++end;
    if (end != host && !is_authority(text.substr(2, end - 2))) return false;
    text.remove_prefix(end);
  }
  const auto hash = text.find('#');
  return are_uri_characters(text.substr(0, hash)) &&
         (hash == std::string_view::npos || are_uri_characters(text.substr(hash + 1)));
}

std::size_t scheme_length(std::string_view text) {
  if (text.empty() || !has_kind(text[0], kAlpha)) return 0;
  std::size_t i = 1;
  while (i < text.size() && (has_kind(text[i], kAlpha | kDigit) || text[i] == '+' || text[i] == '-' || text[i] == '.'))
    ++i;
  return i < text.size() && text[i] == ':' ? i : 0;
}

bool is_uri(std::string_view text) {
  const std::size_t scheme = scheme_length(text);
  return scheme > 0 && is_hierarchy(text.substr(scheme + 1));
}

bool is_uri_reference(std::string_view text) {
  if (const std::size_t scheme = scheme_length(text); scheme > 0) return is_hierarchy(text.substr(scheme + 1));
  const auto colon = text.find(':');
  const auto slash = text.find_first_of("/?#");
  if (colon != std::string_view::npos && (slash == std::string_view::npos || colon < slash)) return false;
  return is_hierarchy(text);
}

// Hexadecimal digits, all eight.
bool are_hex(std::uint64_t characters) {
  constexpr auto each = [](std::uint8_t byte) { return byte * 0x0101010101010101ULL; };
  // The high bit of each byte tells whether it is at least what was added to reach it; bytes beyond ASCII have it.
  const std::uint64_t low = characters & each(0x7f), letters = low | each(0x20);
  const std::uint64_t are_digits = (low + each(0x80 - '0')) & ~(low + each(0x80 - '9' - 1));
  const std::uint64_t are_letters = (letters + each(0x80 - 'a')) & ~(letters + each(0x80 - 'f' - 1));
  return ((are_digits | are_letters) & ~characters & each(0x80)) == each(0x80);
}

// RFC 9562 §4: 8-4-4-4-12 digits.
bool is_uuid(std::string_view text) {
  if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return false;
  const auto eight = [&](std::size_t at) { return load<std::uint64_t>(text.data() + at); };
  const auto fours = [&](std::size_t first, std::size_t second) {
    return load<std::uint32_t>(text.data() + first) | std::uint64_t{load<std::uint32_t>(text.data() + second)} << 32;
  };
  return are_hex(eight(0)) && are_hex(fours(9, 14)) && are_hex(fours(19, 24)) && are_hex(eight(28));
}

bool is_json_pointer(std::string_view text) {
  if (!text.empty() && text[0] != '/') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '~' && (i + 1 >= text.size() || (text[i + 1] != '0' && text[i + 1] != '1'))) return false;
  }
  return true;
}

constexpr std::array<std::pair<std::string_view, FormatCheck>, 11> kFormats = {{
    {"date-time", is_date_time},
    {"date", is_date},
    {"time", is_time},
    {"email", is_email},
    {"hostname", is_hostname},
    {"ipv4", is_ipv4},
    {"ipv6", is_ipv6},
    {"uri", is_uri},
    {"uri-reference", is_uri_reference},
    {"uuid", is_uuid},
    {"json-pointer", is_json_pointer},
}};

}  // namespace

FormatCheck find_format(std::string_view name) {
  for (const auto& [known, check] : kFormats) {
    if (known == name) return check;
  }
  return nullptr;
}

}  // namespace pipeline::schema
