#pragma once
// Hashes and MACs as AWS uses them, over OpenSSL with every algorithm fetched once. Digests are raw bytes; base::to_hex
// and base::to_base64 make them readable. Thread-safe.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace aws {

std::string md5(std::string_view bytes);     // 16 bytes
std::string sha1(std::string_view bytes);    // 20 bytes
std::string sha256(std::string_view bytes);  // 32 bytes
std::string sha256_hex(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view bytes);  // 32 bytes

// Whether both are the same, in a time that depends on their lengths only.
bool equal_in_constant_time(std::string_view a, std::string_view b);

enum class Digest : std::uint8_t { md5, sha1, sha256 };

// A digest of bytes as they arrive. Movable; one thread at a time.
class Hasher {
 public:
  explicit Hasher(Digest digest);
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  ~Hasher();

  void update(std::string_view bytes);
  std::string finish();  // the digest; the hasher starts afresh

 private:
  struct Free {
    void operator()(void* context) const noexcept;
  };
  Digest digest_;
  std::unique_ptr<void, Free> context_;
};

}  // namespace aws
