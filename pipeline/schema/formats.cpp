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
  kMail = 8,  // outside quotes, before the @, besides dots
  kUri = 16,  // but for % # [ ]
};

constexpr std::array<std::uint8_t, 256> kKinds = [] {
  std::array<std::uint8_t, 256> kinds = {};
  const auto add = [&](std::string_view characters, int kind) {
    for (const char c : characters)
      kinds[static_cast<unsigned char>(c)] = static_cast<std::uint8_t>(kinds[static_cast<unsigned char>(c)] | kind);
  };
  add("0123456789", kDigit | kHex | kMail | kUri);
  add("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", kAlpha | kMail | kUri);
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

// Takes exactly `count` digits off the front.
std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int number = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!is_digit(text[i])) return std::nullopt;
    number = number * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return number;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c) return false;
  text.remove_prefix(1);
  return true;
}

bool take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return false;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return false;
  const auto day = take_digits(text, 2);
  if (!day || *month < 1 || *month > 12 || *day < 1) return false;
  constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool is_leap = (*year % 4 == 0 && *year % 100 != 0) || *year % 400 == 0;
  return *day <= kDays[static_cast<std::size_t>(*month - 1)] + (*month == 2 && is_leap ? 1 : 0);
}

// RFC 3339 §5.6: a leap second exists at 23:59:60 UTC only.
bool take_time(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return false;
  const auto minute = take_digits(text, 2);
  if (!minute || !take(text, ':')) return false;
  const auto second = take_digits(text, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 60) return false;
  if (take(text, '.')) {
    if (text.empty() || !is_digit(text[0])) return false;
    while (!text.empty() && is_digit(text[0])) text.remove_prefix(1);
  }
  int offset_min = 0;
  if (!take(text, 'Z') && !take(text, 'z')) {
    const int sign = take(text, '+') ? 1 : take(text, '-') ? -1 : 0;
    if (sign == 0) return false;
    const auto offset_hour = take_digits(text, 2);
    if (!offset_hour || !take(text, ':')) return false;
    const auto offset_minute = take_digits(text, 2);
    if (!offset_minute || *offset_hour > 23 || *offset_minute > 59) return false;
    offset_min = sign * (*offset_hour * 60 + *offset_minute);
  }
  if (*second < 60) return true;
  const int utc_min = ((*hour * 60 + *minute - offset_min) % 1440 + 1440) % 1440;
  return utc_min == 23 * 60 + 59;
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
  for (const char c : label) {
    if (!has_kind(c, kAlpha | kDigit) && c != '-') return false;
  }
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
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && !take(text, '.')) return false;
    int value = 0;
    std::size_t digits = 0;
    while (!text.empty() && is_digit(text[0]) && digits < 4) {
      value = value * 10 + (text[0] - '0');
      if (digits > 0 && value < 10) return false;  // a leading zero reads as octal elsewhere
      ++digits;
      text.remove_prefix(1);
    }
    if (digits == 0 || value > 255) return false;
  }
  return text.empty();
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

bool is_email(std::string_view text) {
  // RFC 5321: a dot-string or a quoted string, then a domain or an address literal.
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0) return false;
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  if (local.front() == '"') {
    if (local.size() < 2 || local.back() != '"') return false;
    for (std::size_t i = 1; i + 1 < local.size(); ++i) {
      if (local[i] == '\\') {
        if (++i + 1 >= local.size()) return false;
      } else if (local[i] == '"' || static_cast<unsigned char>(local[i]) < 0x20) {
        return false;
      }
    }
  } else {
    char before = '.';
    for (const char c : local) {
      if (!has_kind(c, kMail) && (c != '.' || before == '.')) return false;
      before = c;
    }
    if (before == '.') return false;
  }
  if (domain.size() > 2 && domain.front() == '[' && domain.back() == ']') {
    const std::string_view literal = domain.substr(1, domain.size() - 2);
    return literal.starts_with("IPv6:") ? is_ipv6(literal.substr(5)) : is_ipv4(literal);
  }
  return is_hostname(domain);
}

// Characters that may stand anywhere in a URI, with whole percent-encodings.
bool are_uri_characters(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (has_kind(text[i], kUri)) continue;
    if (text[i] != '%' || i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
    i += 2;
  }
  return true;
}

bool is_authority(std::string_view text) {
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = text.substr(0, at);
    if (!are_uri_characters(user) || user.find('@') != std::string_view::npos) return false;
    text.remove_prefix(at + 1);
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
  for (const char c : text) {
    if (!is_digit(c)) return false;
  }
  return true;
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
  int kinds = kHex;
  constexpr std::array<std::pair<std::size_t, std::size_t>, 5> kGroups = {
      {{0, 8}, {9, 13}, {14, 18}, {19, 23}, {24, 36}}};
  for (const auto& [begin, end] : kGroups) {
    for (std::size_t i = begin; i < end; ++i) kinds &= kKinds[static_cast<unsigned char>(text[i])];
  }
  return kinds != 0;
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
