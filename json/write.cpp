// The size is known before the text is written, so nothing grows on the way.

#include "json/write.hpp"

#include <cstring>

#include "base/check.hpp"
#include "json/plain.hpp"

namespace json {

namespace {

void write_indented(std::string& out, const Value& value, std::size_t depth) {
  const auto new_line = [&out](std::size_t level) {
    out += '\n';
    out.append(level * 2, ' ');
  };
  if (value.is_array() && !value.as_array().empty()) {
    out += '[';
    for (bool first = true; const Value& element : value.as_array()) {
      if (!std::exchange(first, false)) out += ',';
      new_line(depth + 1);
      write_indented(out, element, depth + 1);
    }
    new_line(depth);
    out += ']';
  } else if (value.is_object() && !value.as_object().empty()) {
    out += '{';
    for (bool first = true; const auto& [name, member] : value.as_object()) {
      if (!std::exchange(first, false)) out += ',';
      new_line(depth + 1);
      write_string(out, name);
      out += ": ";
      write_indented(out, member, depth + 1);
    }
    new_line(depth);
    out += '}';
  } else {
    write(out, value);
  }
}

// What stands for a byte that can't stand for itself.
std::string_view escape_of(char c) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return "\\u00";  // and two hexadecimal digits
  }
}

std::size_t string_size(std::string_view text) {
  std::size_t size = 2;
  for (;;) {
    const std::size_t plain = find_plain(text).length;
    size += plain;
    if (plain == text.size()) return size;
    const std::string_view escape = escape_of(text[plain]);
    size += escape.size() == 2 ? 2 : 6;
    text.remove_prefix(plain + 1);
  }
}

// These put something where there is room for it and return where it ends.

char* put(char* at, std::string_view text) {
  std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

char* put_string(char* at, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  *at++ = '"';
  for (;;) {
    const std::size_t plain = find_plain(text).length;
    at = put(at, text.substr(0, plain));
    if (plain == text.size()) break;
    const auto c = static_cast<unsigned char>(text[plain]);
    const std::string_view escape = escape_of(text[plain]);
    at = put(at, escape);
    if (escape.size() > 2) {
      *at++ = kHex[c >> 4];
      *at++ = kHex[c & 15];
    }
    text.remove_prefix(plain + 1);
  }
  *at++ = '"';
  return at;
}

char* put_value(char* at, const Value& value) {
  if (value.is_string()) return put_string(at, value.as_string());
  if (value.is_number()) return put(at, value.as_number().text());
  if (value.is_bool()) return put(at, value.as_bool() ? "true" : "false");
  if (value.is_null()) return put(at, "null");
  if (value.is_array()) {
    *at++ = '[';
    for (bool first = true; const Value& element : value.as_array()) {
      if (!std::exchange(first, false)) *at++ = ',';
      at = put_value(at, element);
    }
    *at++ = ']';
    return at;
  }
  *at++ = '{';
  for (bool first = true; const auto& [name, member] : value.as_object()) {
    if (!std::exchange(first, false)) *at++ = ',';
    at = put_string(at, name);
    *at++ = ':';
    at = put_value(at, member);
  }
  *at++ = '}';
  return at;
}

// Calls put_there with where `size` bytes more have room.
template <class PutThere>
void append(std::string& out, std::size_t size, const PutThere& put_there) {
  const std::size_t before = out.size(), after = before + size;
  // What libstdc++ 12 says the length is may be more.
  out.resize_and_overwrite(after, [&](char* begin, std::size_t) {
    CHECK(put_there(begin + before) == begin + after);
    return after;
  });
}

}  // namespace

void write_string(std::string& out, std::string_view text) {
  append(out, string_size(text), [&](char* at) { return put_string(at, text); });
}

void write(std::string& out, const Value& value) {
  append(out, written_size(value), [&](char* at) { return put_value(at, value); });
}

std::string write(const Value& value) {
  std::string out;
  write(out, value);
  return out;
}

std::size_t written_size(const Value& value) {
  if (value.is_number()) return value.as_number().text().size();
  if (value.is_string()) return string_size(value.as_string());
  if (value.is_array()) {
    std::size_t size = 1 + std::max<std::size_t>(value.as_array().size(), 1);
    for (const Value& element : value.as_array()) size += written_size(element);
    return size;
  }
  if (value.is_object()) {
    std::size_t size = 1 + std::max<std::size_t>(value.as_object().size(), 1);
    for (const auto& [name, member] : value.as_object()) size += string_size(name) + 1 + written_size(member);
    return size;
  }
  return value.is_bool() && !value.as_bool() ? 5 : 4;
}

std::string write_pretty(const Value& value) {
  std::string out;
  write_indented(out, value, 0);
  out += '\n';
  return out;
}

}  // namespace json
