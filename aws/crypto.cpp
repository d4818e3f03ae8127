// Hashes and MACs over OpenSSL 3. Fetching an algorithm and making a context cost more than hashing a short text does,
// so algorithms are fetched once and each thread keeps its contexts.

#include "aws/crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

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
struct FreeMacContext {
  void operator()(EVP_MAC_CTX* context) const noexcept { EVP_MAC_CTX_free(context); }
};

std::string finish(EVP_MD_CTX* context) {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned int length = 0;
  CHECK(EVP_DigestFinal_ex(context, reinterpret_cast<unsigned char*>(out.data()), &length) == 1);
  out.resize(length);
  return out;
}

std::string digest_of(Digest digest, std::string_view bytes) {
  thread_local const std::unique_ptr<EVP_MD_CTX, FreeDigestContext> context{EVP_MD_CTX_new()};
  if (!context) throw std::bad_alloc();
  CHECK(EVP_DigestInit_ex2(context.get(), fetched(digest), nullptr) == 1);
  CHECK(EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) == 1);
  return finish(context.get());
}

EVP_MAC_CTX* new_hmac_sha256() {
  static EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  CHECK(hmac != nullptr);
  EVP_MAC_CTX* const context = EVP_MAC_CTX_new(hmac);
  if (context == nullptr) throw std::bad_alloc();
  std::array<char, 7> name = {'S', 'H', 'A', '2', '5', '6', '\0'};
  const std::array parameters = {OSSL_PARAM_construct_utf8_string("digest", name.data(), 0),
                                 OSSL_PARAM_construct_end()};
  CHECK(EVP_MAC_CTX_set_params(context, parameters.data()) == 1);
  return context;
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

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  thread_local const std::unique_ptr<EVP_MAC_CTX, FreeMacContext> context{new_hmac_sha256()};
  // A null key would mean "the key as before"; an empty one must stay an empty one.
  const char* const key_bytes = key.empty() ? "" : key.data();
  CHECK(EVP_MAC_init(context.get(), reinterpret_cast<const unsigned char*>(key_bytes), key.size(), nullptr) == 1);
  CHECK(EVP_MAC_update(context.get(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) == 1);
  std::string out(32, '\0');
  std::size_t length = 0;
  CHECK(EVP_MAC_final(context.get(), reinterpret_cast<unsigned char*>(out.data()), &length, out.size()) == 1);
  CHECK(length == out.size());
  return out;
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
