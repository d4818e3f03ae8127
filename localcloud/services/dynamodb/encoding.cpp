// The store's form of items, and keys that sort.

#include "localcloud/services/dynamodb/encoding.hpp"

#include "base/check.hpp"

namespace localcloud::dynamodb {

void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

void append_bytes(std::string& out, std::string_view bytes) {
  append_varint(out, bytes.size());
  out += bytes;
}

std::uint8_t ByteReader::byte() {
  CHECK(!rest_.empty());
  const auto byte = static_cast<std::uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return byte;
}

std::uint64_t ByteReader::varint() {
  std::uint64_t value = 0;
  for (int shift = 0;; shift += 7) {
    CHECK(shift < 64);
    const std::uint8_t next = byte();
    value |= static_cast<std::uint64_t>(next & 0x7f) << shift;
    if (next < 0x80) return value;
  }
}

std::string_view ByteReader::take(std::size_t count) {
  CHECK(count <= rest_.size());
  const std::string_view bytes = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return bytes;
}

std::string_view ByteReader::bytes() {
  return take(varint());
}

namespace {

void append_number(std::string& out, const Number& number) {
  std::string digits;
  for (unsigned __int128 rest = number.digits(); rest != 0; rest >>= 8) digits += static_cast<char>(rest);
  out += static_cast<char>(digits.size() | (number.sign() < 0 ? 0x80 : 0));
  out += digits;
  const auto exponent = static_cast<std::uint16_t>(number.exponent());
  out += static_cast<char>(exponent >> 8);
  out += static_cast<char>(exponent);
}

Number read_number(ByteReader& in) {
  const std::uint8_t head = in.byte();
  const std::string_view bytes = in.take(head & 0x7f);
  CHECK(bytes.size() <= 16);
  unsigned __int128 digits = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) digits = digits << 8 | static_cast<unsigned char>(bytes[i]);
  const int high = in.byte();
  const int low = in.byte();
  return Number::from_parts(digits, static_cast<std::int16_t>(high << 8 | low), head & 0x80 ? -1 : 1);
}

Item read_members(ByteReader& in) {
  const std::uint64_t count = in.varint();
  Item item;
  item.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    std::string name = in.text();
    item.append(std::move(name), read_value(in));
  }
  return item;
}

struct AppendValue {
  std::string& out;

  void operator()(const std::string& text) const { append_bytes(out, text); }
  void operator()(const Number& number) const { append_number(out, number); }
  void operator()(const Binary& binary) const { append_bytes(out, binary.bytes); }
  void operator()(bool value) const { out += value ? '\1' : '\0'; }
  void operator()(Null) const {}
  void operator()(const Item& map) const { append_item(out, map); }
  void operator()(const List& list) const {
    append_varint(out, list.size());
    for (const AttributeValue& value : list) append_value(out, value);
  }
  template <class Element>
  void operator()(const std::vector<Element>& set) const {
    append_varint(out, set.size());
    for (const Element& element : set) (*this)(element);
  }
};

template <class Element, class Read>
AttributeValue read_elements(ByteReader& in, Read read) {
  const std::uint64_t count = in.varint();
  std::vector<Element> elements;
  elements.reserve(count);
  for (std::uint64_t i = 0; i < count; ++i) elements.push_back(read(in));
  return AttributeValue(std::move(elements));
}

}  // namespace

void append_value(std::string& out, const AttributeValue& value) {
  out += static_cast<char>(value.type());
  std::visit(AppendValue{out}, value.data());
}

AttributeValue read_value(ByteReader& in) {
  switch (static_cast<Type>(in.byte())) {
    case Type::s:
      return AttributeValue(in.text());
    case Type::n:
      return AttributeValue(read_number(in));
    case Type::b:
      return AttributeValue(Binary{in.text()});
    case Type::ss:
      return read_elements<std::string>(in, [](ByteReader& bytes) { return bytes.text(); });
    case Type::ns:
      return read_elements<Number>(in, read_number);
    case Type::bs:
      return read_elements<Binary>(in, [](ByteReader& bytes) { return Binary{bytes.text()}; });
    case Type::m:
      return AttributeValue(read_members(in));
    case Type::l:
      return read_elements<AttributeValue>(in, read_value);
    case Type::boolean:
      return AttributeValue(in.byte() != 0);
    case Type::null:
      return AttributeValue(Null{});
  }
  CHECK(!"a value of an unknown type in the store");
  return {};
}

void append_item(std::string& out, const Item& item) {
  append_varint(out, item.size());
  for (const auto& [name, value] : item) {
    append_bytes(out, name);
    append_value(out, value);
  }
}

Item decode_item(std::string_view bytes) {
  ByteReader in(bytes);
  return read_members(in);
}

void append_ordered_prefix(std::string& out, const AttributeValue& value) {
  const auto* text = value.get_if<std::string>();
  const auto* binary = value.get_if<Binary>();
  CHECK(text != nullptr || binary != nullptr);
  // A zero byte becomes 00 ff, so that the end, 00 00, sorts before whatever may follow.
  std::string_view rest = text != nullptr ? *text : binary->bytes;
  for (std::size_t zero = rest.find('\0'); zero != std::string_view::npos; zero = rest.find('\0')) {
    out.append(rest.substr(0, zero + 1)) += '\xff';
    rest.remove_prefix(zero + 1);
  }
  out += rest;
}

void append_ordered(std::string& out, const AttributeValue& value) {
  if (const auto* number = value.get_if<Number>()) {
    number->append_ordered(out);
    return;
  }
  append_ordered_prefix(out, value);
  out.append(2, '\0');
}

}  // namespace localcloud::dynamodb
