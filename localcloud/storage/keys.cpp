#include "localcloud/storage/keys.hpp"

#include "base/check.hpp"

namespace localcloud::storage {

Key& Key::add(std::string_view text) {
  for (std::size_t zero = text.find('\0'); zero != std::string_view::npos; zero = text.find('\0')) {
    bytes_.append(text.substr(0, zero + 1)) += '\xff';
    text.remove_prefix(zero + 1);
  }
  bytes_.append(text).append("\0\x01", 2);
  return *this;
}

Key& Key::add(std::uint64_t number) {
  char bytes[8];
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<char>(number >> (56 - 8 * i));
  bytes_.append(bytes, sizeof bytes);
  return *this;
}

Key& Key::add_raw(std::string_view bytes) {
  bytes_ += bytes;
  return *this;
}

std::string after_prefix(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  CHECK(!end.empty());
  end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

std::string KeyReader::text() {
  std::string out;
  for (;;) {
    CHECK(!rest_.empty());
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c != '\0') {
      out += c;
      continue;
    }
    CHECK(!rest_.empty());
    const char mark = rest_.front();
    rest_.remove_prefix(1);
    if (mark == '\x01') return out;
    CHECK(mark == '\xff');
    out += '\0';
  }
}

std::uint64_t KeyReader::number() {
  CHECK(rest_.size() >= 8);
  std::uint64_t out = 0;
  for (int i = 0; i < 8; ++i) out = out << 8 | static_cast<unsigned char>(rest_[i]);
  rest_.remove_prefix(8);
  return out;
}

}  // namespace localcloud::storage
