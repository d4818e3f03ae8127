// AES-256-GCM over OpenSSL: a random nonce of 12 bytes, the ciphertext, a tag of 16 bytes.

#include "localcloud/services/iam/seal.hpp"

#include <openssl/evp.h>

#include <memory>
#include <new>

#include "aws/crypto.hpp"
#include "base/check.hpp"
#include "base/text.hpp"

namespace localcloud::iam {
namespace {

constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const EVP_CIPHER* aes_256_gcm() {
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
  CHECK(cipher != nullptr);
  return cipher;
}

unsigned char* bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
int size(std::string_view text) {
  return static_cast<int>(text.size());
}

}  // namespace

Seal::Seal(std::string_view key, std::string_view purpose, base::Ids& ids)
    : key_(aws::hmac_sha256(key, purpose)), ids_(ids) {
  CHECK(key.size() == 32);
}

std::string Seal::close(std::string_view text, std::string_view about) {
  std::string nonce(kNonceSize, '\0');
  ids_.fill({reinterpret_cast<std::byte*>(nonce.data()), nonce.size()});
  const CipherContext context(EVP_CIPHER_CTX_new());
  if (!context) throw std::bad_alloc();
  std::string out(text.size(), '\0');
  std::string tag(kTagSize, '\0');
  int length = 0;
  CHECK(EVP_EncryptInit_ex2(context.get(), aes_256_gcm(), bytes(key_), bytes(nonce), nullptr) == 1);
  CHECK(EVP_EncryptUpdate(context.get(), nullptr, &length, bytes(about), size(about)) == 1);
  CHECK(EVP_EncryptUpdate(context.get(), bytes(out), &length, bytes(text), size(text)) == 1);
  CHECK(EVP_EncryptFinal_ex(context.get(), bytes(tag), &length) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagSize, tag.data()) == 1);
  return base::to_base64(nonce + out + tag);
}

std::optional<std::string> Seal::open(std::string_view sealed, std::string_view about) const {
  const auto raw = base::from_base64(sealed);
  if (!raw || raw->size() < kNonceSize + kTagSize) return std::nullopt;
  const std::string_view view = *raw;
  const std::string_view nonce = view.substr(0, kNonceSize);
  const std::string_view text = view.substr(kNonceSize, view.size() - kNonceSize - kTagSize);
  std::string tag(view.substr(view.size() - kTagSize));
  const CipherContext context(EVP_CIPHER_CTX_new());
  if (!context) throw std::bad_alloc();
  std::string out(text.size(), '\0');
  int length = 0;
  CHECK(EVP_DecryptInit_ex2(context.get(), aes_256_gcm(), bytes(key_), bytes(nonce), nullptr) == 1);
  CHECK(EVP_DecryptUpdate(context.get(), nullptr, &length, bytes(about), size(about)) == 1);
  CHECK(EVP_DecryptUpdate(context.get(), bytes(out), &length, bytes(text), size(text)) == 1);
  CHECK(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagSize, tag.data()) == 1);
  if (EVP_DecryptFinal_ex(context.get(), bytes(tag), &length) != 1) return std::nullopt;
  return out;
}

}  // namespace localcloud::iam
