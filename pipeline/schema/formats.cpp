// Formats, each by the RFC that JSON Schema names for it.

#include "pipeline/schema/formats.hpp"

#include <array>
#include <cstdint>
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
};

constexpr std::array<std::uint8_t, 256> kKinds = [] {
  std::array<std::uint8_t, 256> kinds = {};
  const auto add = [&](std::string_view characters, int kind) {
    for (const char c : characters)
      kinds[static_cast<unsigned char>(c)] = static_cast<std::uint8_t>(kinds[static_cast<unsigned char>(c)] | kind);
  };
  add("0123456789", kDigit | kHex | kMail | kUri | kLabel);
  add("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", kAlpha | kMail | kUri | kLabel);
  add("-", kLabel);
  add("abcdefABCDEF", kHex);
  add("!#$%&'*+-/=?^_`{|}~", kMail);
  add("-._~:/?@!$&'()*+,;=", kUri);
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

// Whether all are of the one kind; four at a time, and without a loop where their number is fixed.
[[gnu::always_inline]] inline bool are(std::string_view text, Kind kind) {
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t left = text.size();
  for (; left >= 4; left -= 4, at += 4) {
    if (!(kKinds[at[0]] & kKinds[at[1]] & kKinds[at[2]] & kKinds[at[3]] & kind)) return false;
  }
  for (; left > 0; --left, ++at) {
    if (!(kKinds[*at] & kind)) return false;
  }
  return true;
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
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return false;
  if (!are(text.substr(0, 4), kDigit) || !are(text.substr(5, 2), kDigit) || !are(text.substr(8, 2), kDigit))
    return false;
  const int year = two_digits(text, 0) * 100 + two_digits(text, 2);
  const int month = two_digits(text, 5), day = two_digits(text, 8);
  if (month < 1 || month > 12 || day < 1) return false;
  text.remove_prefix(10);
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return day <= kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && is_leap ? 1 : 0);
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
  const auto minutes = take_minutes(text);
  if (!minutes || text.size() < 3 || text[0] != ':' || !are(text.substr(1, 2), kDigit)) return false;
  const int second = two_digits(text, 1);
  if (second > 60) return false;
  text.remove_prefix(3);
  if (take(text, '.')) {
    std::size_t digits = 0;
    while (digits < text.size() && is_digit(text[digits])) ++digits;
    if (digits == 0) return false;
    text.remove_prefix(digits);
  }
  int offset_min = 0;
  if (!take(text, 'Z') && !take(text, 'z')) {
    const int sign = take(text, '+') ? 1 : take(text, '-') ? -1 : 0;
    if (sign == 0) return false;
    const auto offset = take_minutes(text);
    if (!offset) return false;
    offset_min = sign * *offset;
  }
  return second < 60 || ((*minutes - offset_min) % 1440 + 1440) % 1440 == 23 * 60 + 59;
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

bool is_label(std::string_view label) {
  if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
  if (!are(label, kLabel)) return false;
  // Two hyphens there announce Punycode and nothing else (RFC 5891 §4.2.3.1).
  return label.size() < 4 || label[2] != '-' || label[3] != '-' || label.starts_with("xn") || label.starts_with("XN");
}

bool is_hostname(std::string_view text) {
  if (text.size() > 253) return false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '.') continue;
    if (!is_label(text.substr(begin, i - begin))) return false;
    begin = i + 1;
  }
  return is_label(text.substr(begin));
}

bool is_ipv4(std::string_view text) {
  std::size_t at = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (at == text.size() || text[at++] != '.')) return false;
    const std::size_t begin = at;
    int value = 0;
    for (; at < text.size() && at - begin < 3 && is_digit(text[at]); ++at) value = value * 10 + (text[at] - '0');
    const std::size_t digits = at - begin;
    // A leading zero reads as octal elsewhere.
    if (digits == 0 || value > 255 || (digits > 1 && text[begin] == '0')) return false;
  }
  return at == text.size();
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
    for (char before = '.'; at < text.size() && text[at] != '@'; ++at) {
      if (!has_kind(text[at], kMail) && (text[at] != '.' || before == '.')) return false;
      before = text[at];
    }
    if (at == 0 || text[at - 1] == '.') return false;
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
  for (std::size_t percent = text.find('%'); percent != std::string_view::npos; percent = text.find('%')) {
    if (percent + 2 >= text.size() || !are(text.substr(percent + 1, 2), kHex)) return false;
    if (!are(text.substr(0, percent), kUri)) return false;
    text.remove_prefix(percent + 3);
  }
  return are(text, kUri);
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
    std::size_t end = 2;
    while (end < text.size() && text[end] != '/' && text[end] != '?' && text[end] != '#') ++end;
    if (!is_authority(text.substr(2, end - 2))) return false;
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

bool is_uuid(std::string_view text) {
  if (text.size() != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-') return false;
  return are(text.substr(0, 8), kHex) && are(text.substr(9, 4), kHex) && are(text.substr(14, 4), kHex) &&
         are(text.substr(19, 4), kHex) && are(text.substr(24, 12), kHex);
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
