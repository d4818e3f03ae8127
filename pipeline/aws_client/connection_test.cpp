// TLS: who is trusted, and who isn't.

#include "pipeline/aws_client/connection.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "pipeline/aws_client/amazon_roots.hpp"

namespace pipeline::aws_client {
namespace {

struct Identity {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();

  // A certificate that signs itself, for that name, e.g. "DNS:localhost".
  explicit Identity(const char* name) {
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    X509_set_pubkey(certificate, key);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, name);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    X509_sign(certificate, key, EVP_sha256());
  }
  ~Identity() {
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
};

// Answers "200 hi" to one TLS connection.
class TlsServer {
 public:
  explicit TlsServer(const Identity& identity) : context_(SSL_CTX_new(TLS_server_method())) {
    SSL_CTX_use_certificate(context_, identity.certificate);
    SSL_CTX_use_PrivateKey(context_, identity.key);
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address);
    ::listen(listener_, 4);
    socklen_t length = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~TlsServer() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
    SSL_CTX_free(context_);
  }
  std::uint16_t port = 0;

 private:
  void run() {
    const int socket = ::accept(listener_, nullptr, nullptr);
    if (socket < 0) return;
    SSL* ssl = SSL_new(context_);
    SSL_set_fd(ssl, socket);
    char buffer[4096];
    if (SSL_accept(ssl) == 1 && SSL_read(ssl, buffer, sizeof buffer) > 0) {
      constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";
      SSL_write(ssl, kAnswer.data(), static_cast<int>(kAnswer.size()));
    }
    SSL_free(ssl);
    ::close(socket);
  }

  SSL_CTX* context_;
  int listener_ = -1;
  std::thread thread_;
};

std::string write_certificate(const Identity& identity) {
  const std::string path = testing::TempDir() + "/pipeline_certificate_" + std::to_string(::getpid()) + ".pem";
  BIO* file = BIO_new_file(path.c_str(), "w");
  PEM_write_bio_X509(file, identity.certificate);
  BIO_free(file);
  return path;
}

std::string fetch(std::uint16_t port, const std::string& host, const std::string& ca_file) {
  Trust trust(ca_file);
  const base::Time deadline = base::SystemClock().now() + std::chrono::seconds(5);
  auto connection = Connection::open({.scheme = Scheme::https, .host = host, .port = port}, trust, deadline);
  if (!connection) return connection.error().message;
  const HttpRequest request{.method = "GET", .target = "/", .headers = {{"host", host}}, .body = {}};
  const auto response = (*connection)->exchange(request, deadline);
  return response ? response->body : response.error().message;
}

// A certificate of an authority that is trusted, for the very name that was asked for; and the others.
TEST(Tls, verifies_the_server) {
  const Identity here("IP:127.0.0.1");
  const Identity elsewhere("DNS:elsewhere.example");
  const std::string trusts_here = write_certificate(here);
  EXPECT_EQ(fetch(TlsServer(here).port, "127.0.0.1", trusts_here), "hi");
  EXPECT_NE(fetch(TlsServer(here).port, "127.0.0.1", "").find("certificate"), std::string::npos);
  EXPECT_NE(fetch(TlsServer(elsewhere).port, "127.0.0.1", trusts_here).find("certificate"), std::string::npos);
  const std::string trusts_elsewhere = write_certificate(elsewhere);
  EXPECT_NE(fetch(TlsServer(elsewhere).port, "127.0.0.1", trusts_elsewhere).find("certificate"), std::string::npos);
  EXPECT_EQ(fetch(1, "127.0.0.1", "/nowhere.pem").substr(0, 12), "127.0.0.1:1:");
  ::unlink(trusts_here.c_str());
}

// The roots that are compiled in are the very ones that Debian's ca-certificates has of Amazon, no more and no fewer.
TEST(Tls, amazon_roots) {
  std::string expected = "\n";
  for (const char* name : {"Amazon_Root_CA_1", "Amazon_Root_CA_2", "Amazon_Root_CA_3", "Amazon_Root_CA_4",
                           "Starfield_Services_Root_Certificate_Authority_-_G2"}) {
    std::ifstream file(std::string("/usr/share/ca-certificates/mozilla/") + name + ".crt");
    expected.append(std::istreambuf_iterator<char>(file), {});
  }
  EXPECT_EQ(kAmazonRoots, expected);
}

}  // namespace
}  // namespace pipeline::aws_client
