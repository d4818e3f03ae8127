#include "json/write.hpp"

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

std::size_t string_size(std::string_view text) {
  std::size_t size = text.size() + 2;
  for (const char c : text) {
    const bool is_short = c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t';
    if (is_short) size += 1;
    if (!is_short && static_cast<unsigned char>(c) < 0x20) size += 5;
  }
  return size;
}

}  // namespace

void write_string(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (;;) {
    const std::size_t plain = find_plain(text).length;
    out += text.substr(0, plain);
    if (plain == text.size()) break;
    const unsigned char c = static_cast<unsigned char>(text[plain]);
    text.remove_prefix(plain + 1);
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += "\\u00";
        out += kHex[c >> 4];
        out += kHex[c & 15];
    }
  }
  out += '"';
}

void write(std::string& out, const Value& value) {
  if (value.is_null()) {
    out += "null";
  } else if (value.is_bool()) {
    out += value.as_bool() ? "true" : "false";
  } else if (value.is_number()) {
    out += value.as_number().text();
  } else if (value.is_string()) {
    write_string(out, value.as_string());
  } else if (value.is_array()) {
    out += '[';
    for (bool first = true; const Value& element : value.as_array()) {
      if (!std::exchange(first, false)) out += ',';
      write(out, element);
    }
    out += ']';
  } else {
    out += '{';
    for (bool first = true; const auto& [name, member] : value.as_object()) {
      if (!std::exchange(first, false)) out += ',';
      write_string(out, name);
      out += ':';
      write(out, member);
    }
    out += '}';
  }
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
