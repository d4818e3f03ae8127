#pragma once
// Items and values as the store keeps them: compact, with lengths before everything, quick to read back.

#include <cstdint>
#include <string>
#include <string_view>

#include "localcloud/services/dynamodb/attribute_value.hpp"

namespace localcloud::dynamodb {

void append_varint(std::string& out, std::uint64_t value);
void append_bytes(std::string& out, std::string_view bytes);  // with its length before it

// Takes apart what was written; bytes that the store gave back wrongly stop the program.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}

  std::uint64_t varint();
  std::string_view bytes();
  std::string text() { return std::string(bytes()); }
  std::uint8_t byte();
  std::string_view take(std::size_t count);
  bool done() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

void append_value(std::string& out, const AttributeValue& value);
AttributeValue read_value(ByteReader& in);

void append_item(std::string& out, const Item& item);
Item decode_item(std::string_view bytes);

// Bytes that sort as values of one type (S, N or B) do, and that are no prefix of another value's.
void append_ordered(std::string& out, const AttributeValue& value);
// The same without its end, so that it is a prefix of every value that begins with `value` (S or B).
void append_ordered_prefix(std::string& out, const AttributeValue& value);

}  // namespace localcloud::dynamodb
