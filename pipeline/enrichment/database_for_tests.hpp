#pragma once
// For tests: writes databases in MaxMind's format. https://maxmind.github.io/MaxMind-DB/

#include <arpa/inet.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.hpp"

namespace pipeline::enrichment {

class DatabaseForTests {
 public:
  // IPv4 networks are given as they are, and lie under ::/96.
  void add(const std::string& address, int bits, const json::Object& data) {
    std::array<unsigned char, 16> bytes{};
    const bool is_ipv4 = inet_pton(AF_INET, address.c_str(), bytes.data() + 12) == 1;
    if (!is_ipv4) inet_pton(AF_INET6, address.c_str(), bytes.data());
    const int length = is_ipv4 ? bits + 96 : bits;
    std::size_t node = 0;
    for (int i = 0; i < length; ++i) {
      const int side = bytes[static_cast<std::size_t>(i / 8)] >> (7 - i % 8) & 1;
      std::int64_t& record = nodes_[node][static_cast<std::size_t>(side)];
      if (i + 1 == length) {
        record = -2 - static_cast<std::int64_t>(data_.size());
        break;
      }
      if (record < 0) {
        const auto made = static_cast<std::int64_t>(nodes_.size());
        record = made;
        nodes_.push_back({kNothing, kNothing});
      }
      node = static_cast<std::size_t>(nodes_[node][static_cast<std::size_t>(side)]);
    }
    write_map(data_, data);
  }

  std::string bytes() const {
    std::string out;
    const auto count = static_cast<std::int64_t>(nodes_.size());
    for (const auto& node : nodes_) {
      for (const std::int64_t record : node) {
        const std::int64_t value = record == kNothing ? count : record < 0 ? count + 16 + (-2 - record) : record;
        for (const int shift : {16, 8, 0}) out += static_cast<char>(value >> shift);
      }
    }
    out += std::string(16, '\0') + data_ + "\xab\xcd\xefMaxMind.com";
    json::Object metadata{{"database_type", "Test"}, {"description", json::Object{}}, {"languages", json::Array{}}};
    std::string map;
    write_map(map, metadata);
    map[0] = static_cast<char>(7 << 5 | 9);
    for (const auto& [name, value] : {std::pair<const char*, std::uint64_t>{"node_count", nodes_.size()},
                                      {"record_size", 24},
                                      {"ip_version", 6},
                                      {"binary_format_major_version", 2},
                                      {"binary_format_minor_version", 0},
                                      {"build_epoch", 1}}) {
      write_text(map, name);
      write_number(map, value, name);
    }
    return out + map;
  }

 private:
  static constexpr std::int64_t kNothing = -1;

  static void write_text(std::string& out, std::string_view text) {
    out += static_cast<char>(2 << 5 | static_cast<int>(text.size() < 29 ? text.size() : 29));
    if (text.size() >= 29) out += static_cast<char>(text.size() - 29);
    out += text;
  }
  static void write_number(std::string& out, std::uint64_t number, std::string_view name) {
    const int size = name == "node_count" ? 4 : name == "build_epoch" ? 8 : 2;
    out += static_cast<char>((size == 8 ? 0 : size == 4 ? 6 << 5 : 5 << 5) | size);
    if (size == 8) out += '\x02';
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) out += static_cast<char>(number >> shift);
  }
  static void write_map(std::string& out, const json::Object& object) {
    out += static_cast<char>(7 << 5 | static_cast<int>(object.size()));
    for (const auto& [name, value] : object) {
      write_text(out, name);
      write_value(out, value);
    }
  }
  static void write_value(std::string& out, const json::Value& value) {
    if (value.is_object()) {
      write_map(out, value.as_object());
    } else if (value.is_array()) {
      out += static_cast<char>(value.as_array().size());
      out += '\x04';
      for (const json::Value& element : value.as_array()) write_value(out, element);
    } else {
      write_text(out, value.as_string());
    }
  }

  std::vector<std::array<std::int64_t, 2>> nodes_ = {{kNothing, kNothing}};  // -2-n: the data at n
  std::string data_;
};

}  // namespace pipeline::enrichment
