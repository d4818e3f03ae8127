#pragma once
// Keys as tuples whose bytes sort as the tuples do: element by element, strings by their bytes, numbers by value.
//
// Each room begins its keys with its own name: Key("dynamodb").add("item").add(account)… Pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace localcloud::storage {

class Key {
 public:
  explicit Key(std::string_view room) {
    bytes_.reserve(96);
    add(room);
  }

  Key& add(std::string_view text);       // any bytes; 0x00 as 0x00 0xff, ended by 0x00 0x01
  Key& add(std::uint64_t number);        // 8 bytes, big end first
  Key& add_raw(std::string_view bytes);  // as they are: for what sorts by itself; nothing may follow it

  const std::string& bytes() const& { return bytes_; }
  std::string bytes() && { return std::move(bytes_); }
  operator std::string_view() const { return bytes_; }

 private:
  std::string bytes_;
};

// The first key that is greater than every key with this prefix.
std::string after_prefix(std::string_view prefix);

// Reads a key's elements back, in the order they were added. Bytes that no Key wrote stop the program (CHECK).
class KeyReader {
 public:
  explicit KeyReader(std::string_view bytes) : rest_(bytes) {}
  std::string text();
  std::uint64_t number();
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace localcloud::storage
