// The size of a payload, measured without writing it.

#include "localcloud/services/stepfunctions/asl/limits.hpp"

namespace localcloud::stepfunctions::asl {
namespace {

std::size_t string_size(std::string_view text) {
  std::size_t size = 2 + text.size();
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '\n' || c == '\t' || c == '\r' || c == '\b' || c == '\f') {
      ++size;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      size += 5;
    }
  }
  return size;
}

// Adds up to `size`; false as soon as a limit is passed.
bool measure(const json::Value& value, int depth, std::size_t& size, std::size_t max) {
  if (depth > kPayloadDepthMax || size > max) return false;
  if (value.is_string()) {
    size += string_size(value.as_string());
  } else if (value.is_number()) {
    size += value.as_number().text().size();
  } else if (value.is_array()) {
    size += 1 + value.as_array().size() + (value.as_array().empty() ? 1 : 0);
    for (const json::Value& item : value.as_array()) {
      if (!measure(item, depth + 1, size, max)) return false;
    }
  } else if (value.is_object()) {
    size += 1 + value.as_object().size() + (value.as_object().empty() ? 1 : 0);
    for (const auto& [name, member] : value.as_object()) {
      size += string_size(name) + 1;
      if (!measure(member, depth + 1, size, max)) return false;
    }
  } else {
    size += value.is_bool() && !value.as_bool() ? 5 : 4;
  }
  return size <= max;
}

// What the text can take at most: nearly always enough to know that it fits.
std::size_t bound(const json::Value& value, int depth) {
  constexpr std::size_t kEscaped = 6;
  if (depth > kPayloadDepthMax) return kPayloadMax + 1;
  if (value.is_string()) return 2 + value.as_string().size() * kEscaped;
  if (value.is_number()) return value.as_number().text().size();
  std::size_t size = 5;
  if (value.is_array()) {
    for (const json::Value& item : value.as_array()) size += 1 + bound(item, depth + 1);
  } else if (value.is_object()) {
    for (const auto& [name, member] : value.as_object()) size += 4 + name.size() * kEscaped + bound(member, depth + 1);
  }
  return size;
}

}  // namespace

bool fits_payload(const json::Value& value) {
  if (bound(value, 0) <= kPayloadMax) return true;
  std::size_t size = 0;
  return measure(value, 0, size, kPayloadMax);
}

bool add_size(const json::Value& value, std::size_t& size, std::size_t max) {
  return measure(value, 0, size, max);
}

}  // namespace localcloud::stepfunctions::asl
