// Formats, each by the RFC that JSON Schema names for it.

#include "pipeline/schema/formats.hpp"

#include <array>
#include <optional>
#include <utility>

namespace pipeline::schema {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
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

bool is_hostname(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  while (true) {
    const auto dot = text.find('.');
    const std::string_view label = text.substr(0, dot);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return false;
    for (const char c : label) {
      if (!is_alpha(c) && !is_digit(c) && c != '-') return false;
    }
    // Two hyphens there announce Punycode and nothing else (RFC 5891 §4.2.3.1).
    if (label.size() >= 4 && label.substr(2, 2) == "--" && label.substr(0, 2) != "xn" && label.substr(0, 2) != "XN")
      return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
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
      constexpr std::string_view kOthers = "!#$%&'*+-/=?^_`{|}~";
      if (c == '.' ? before == '.' : !is_alpha(c) && !is_digit(c) && kOthers.find(c) == std::string_view::npos)
        return false;
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

bool are_uri_characters(std::string_view text) {
  constexpr std::string_view kOthers = "-._~:/?#[]@!$&'()*+,;=";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
      i += 2;
    } else if (!is_alpha(text[i]) && !is_digit(text[i]) && kOthers.find(text[i]) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

bool is_authority(std::string_view text) {
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    if (text.substr(0, at).find_first_of("[]@") != std::string_view::npos) return false;
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
    if (text.substr(0, colon).find_first_of("[]") != std::string_view::npos) return false;
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
  if (!are_uri_characters(text)) return false;
  const auto hash = text.find('#');
  if (hash != std::string_view::npos && text.find('#', hash + 1) != std::string_view::npos) return false;
  if (text.starts_with("//")) {
    const auto end = text.find_first_of("/?#", 2);
    if (!is_authority(text.substr(2, end == std::string_view::npos ? end : end - 2))) return false;
    text = end == std::string_view::npos ? std::string_view() : text.substr(end);
    return text.find_first_of("[]") == std::string_view::npos;
  }
  return text.find_first_of("[]") == std::string_view::npos;
}

std::size_t scheme_length(std::string_view text) {
  if (text.empty() || !is_alpha(text[0])) return 0;
  std::size_t i = 1;
  while (i < text.size() &&
         (is_alpha(text[i]) || is_digit(text[i]) || text[i] == '+' || text[i] == '-' || text[i] == '.'))
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
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (is_dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
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
