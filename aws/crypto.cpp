// Hashes and MACs over OpenSSL 3. Fetching an algorithm and making a context cost more than hashing a short text does,
// so algorithms are fetched once and each thread keeps its contexts.

#include "aws/crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <new>

#include "base/check.hpp"
#include "base/text.hpp"

namespace aws {
namespace {

const EVP_MD* fetched(Digest digest) {
  static const std::array<const EVP_MD*, 3> algorithms = {EVP_MD_fetch(nullptr, "MD5", nullptr),
                                                          EVP_MD_fetch(nullptr, "SHA1", nullptr),
                                                          EVP_MD_fetch(nullptr, "SHA256", nullptr)};
  const EVP_MD* algorithm = algorithms[static_cast<std::size_t>(digest)];
  CHECK(algorithm != nullptr);
  return algorithm;
}

struct FreeDigestContext {
  void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

std::string finish(EVP_MD_CTX* context) {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned int length = 0;
  CHECK(EVP_DigestFinal_ex(context, reinterpret_cast<unsigned char*>(out.data()), &length) == 1);
  out.resize(length);
  return out;
}

std::string digest_of(Digest digest, std::string_view bytes, std::string_view more = {}) {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeDigestContext> context{EVP_MD_CTX_new()};
  if (!context) throw std::bad_alloc();
  CHECK(EVP_DigestInit_ex2(context.get(), fetched(digest), nullptr) == 1);
  CHECK(EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1);
  if (!more.empty()) CHECK(EVP_DigestUpdate(context.get(), more.data(), more.size()) == 1);
  return finish(context.get());
}

}  // namespace

std::string md5(std::string_view bytes) {
  return digest_of(Digest::md5, bytes);
}
std::string sha1(std::string_view bytes) {
  return digest_of(Digest::sha1, bytes);
}
std::string sha256(std::string_view bytes) {
  return digest_of(Digest::sha256, bytes);
}
std::string sha256_hex(std::string_view bytes) {
  return base::to_hex(sha256(bytes));
}

// RFC 2104, over the digest itself: EVP_MAC copies and frees contexts at every key.
std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  constexpr std::size_t kBlock = 64;
  std::array<char, kBlock> inner, outer;
  std::string shortened;
  if (key.size() > kBlock) key = shortened = sha256(key);
  for (std::size_t i = 0; i < kBlock; ++i) {
    const char byte = i < key.size() ? key[i] : '\0';
    inner[i] = static_cast<char>(byte ^ 0x36);
    outer[i] = static_cast<char>(byte ^ 0x5c);
  }
  const std::string inner_digest = digest_of(Digest::sha256, {inner.data(), kBlock}, bytes);
  std::string mac = digest_of(Digest::sha256, {outer.data(), kBlock}, inner_digest);
  OPENSSL_cleanse(inner.data(), kBlock);
  OPENSSL_cleanse(outer.data(), kBlock);
  return mac;
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void Hasher::Free::operator()(void* context) const noexcept {
  EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context));
}

Hasher::Hasher(Digest digest) : digest_(digest), context_(EVP_MD_CTX_new()) {
  if (!context_) throw std::bad_alloc();
  CHECK(EVP_DigestInit_ex2(static_cast<EVP_MD_CTX*>(context_.get()), fetched(digest_), nullptr) == 1);
}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::update(std::string_view bytes) {
  CHECK(EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_.get()), bytes.data(), bytes.size()) == 1);
}

std::string Hasher::finish() {
  auto* const context = static_cast<EVP_MD_CTX*>(context_.get());
  std::string out = aws::finish(context);
  CHECK(EVP_DigestInit_ex2(context, fetched(digest_), nullptr) == 1);
  return out;
}

}  // namespace aws
