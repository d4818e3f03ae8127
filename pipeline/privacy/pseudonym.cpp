// HMACs of values.

#include "pipeline/privacy/pseudonym.hpp"

#include <algorithm>
#include <vector>

#include "aws/crypto.hpp"
#include "base/text.hpp"
#include "json/write.hpp"

namespace pipeline::privacy {

namespace {

// 1.50, 1.5 and 15e-1 are 15e-1. An exponent of more than five digits stays as it is written.
void write_number(std::string& out, std::string_view text) {
  constexpr std::size_t kExponentLengthMax = 6;
  const auto mark = std::min(text.find_first_of("eE"), text.size());
  std::string_view written = text.substr(std::min(mark + 1, text.size()));
  if (written.starts_with('+')) written.remove_prefix(1);
  if (written.size() > kExponentLengthMax) {
    out += text;
    return;
  }
  std::int64_t exponent = base::to_number<std::int64_t>(written).value_or(0);
  std::string digits;
  bool is_after_point = false;
  for (const char c : text.substr(0, mark)) {
    if (c == '-') continue;
    if (c == '.') {
      is_after_point = true;
    } else {
      digits += c;
      exponent -= is_after_point ? 1 : 0;
    }
  }
  digits.erase(0, digits.find_first_not_of('0'));
  while (digits.ends_with('0')) {
    digits.pop_back();
    ++exponent;
  }
  if (digits.empty()) {
    out += '0';
    return;
  }
  if (text.starts_with('-')) out += '-';
  out += digits + "e" + std::to_string(exponent);
}

void write_canonical(std::string& out, const json::Value& value);

void write_canonical(std::string& out, const json::Object& object) {
  std::vector<const json::Object::Member*> members;
  for (const auto& member : object) members.push_back(&member);
  std::ranges::sort(members, {}, [](const auto* member) -> const std::string& { return member->first; });
  out += '{';
  for (const auto* member : members) {
    json::write_string(out, member->first);
    out += ':';
    write_canonical(out, member->second);
    out += ',';
  }
  out += '}';
}

void write_canonical(std::string& out, const json::Value& value) {
  if (value.is_number()) {
    write_number(out, value.as_number().text());
  } else if (value.is_object()) {
    write_canonical(out, value.as_object());
  } else if (value.is_array()) {
    out += '[';
    for (const json::Value& element : value.as_array()) {
      write_canonical(out, element);
      out += ',';
    }
    out += ']';
  } else {
    json::write(out, value);
  }
}

}  // namespace

std::string pseudonym(std::string_view key, const json::Value& value) {
  if (value.is_string()) return base::to_hex(aws::hmac_sha256(key, value.as_string()));
  std::string text;
  write_canonical(text, value);
  return base::to_hex(aws::hmac_sha256(key, text));
}

std::string fingerprint(std::string_view key, const event::Event& event) {
  std::string text = "event\n" + event.type + "\n";
  write_canonical(text, event.properties);
  return base::to_hex(aws::hmac_sha256(key, text));
}

std::expected<std::string, std::string> parse_key(const std::string& text) {
  constexpr std::size_t kLengthMin = 32;
  const auto end = text.find_last_not_of(" \t\r\n");
  std::string key = text.substr(0, end == std::string::npos ? 0 : end + 1);
  if (key.size() < kLengthMin) return std::unexpected("must be 32 characters or more");
  return key;
}

}  // namespace pipeline::privacy
