#pragma once
// The whole way of a signed request to S3 and back, in one process: router, signature, codec, room, store. For tests.

#include <gtest/gtest.h>
#include <stdlib.h>

#include <condition_variable>
#include <filesystem>

#include "aws/crypto.hpp"
#include "aws/sigv4.hpp"
#include "base/text.hpp"
#include "localcloud/services/s3/service.hpp"
#include "localcloud/wire/router.hpp"

namespace localcloud::s3 {

inline const base::Time kNoon = base::from_unix_s(1'767'268'800);  // 2026-01-01T12:00:00Z

// Allows everything but what a test denies, and remembers what it was asked.
class Authorizer final : public wire::Authorizer {
 public:
  std::optional<std::string> denial(const wire::Caller& caller, const wire::Access& access) override {
    asked.push_back(access);
    if (denied.contains(access.action + " " + access.resource)) return "because this test says so";
    const bool foreign = !access.resource_account.empty() && access.resource_account != caller.account;
    return foreign && !access.resource_policy ? std::optional<std::string>("no policy lets you in") : std::nullopt;
  }
  std::set<std::string> denied;  // "s3:ListBucket arn:aws:s3:::bucket"
  std::vector<wire::Access> asked;
};

// Takes every policy but those that hold "unreadable" and "nobody".
class Policies final : public wire::ResourcePolicies {
 public:
  std::expected<std::string, std::string> keep(std::string_view policy) const override {
    if (policy.find("unreadable") != std::string_view::npos) return std::unexpected("Syntax errors in policy.");
    if (policy.find("nobody") != std::string_view::npos) {
      return std::unexpected(R"(Invalid principal in policy: "AWS":"nobody")");
    }
    return std::string(policy);
  }
  std::string show(std::string_view kept) const override { return std::string(kept); }
};

// Two accounts, each with its root's key; the key's secret is the account.
class Keys final : public wire::CredentialSource {
 public:
  std::expected<wire::Credential, NotFound> find(std::string_view access_key_id, std::string_view) override {
    wire::Principal root{.kind = wire::Principal::Kind::root, .account = std::string(access_key_id)};
    root.arn = "arn:aws:iam::" + root.account + ":root";
    return wire::Credential{.access_key_id = root.account, .secret_access_key = root.account, .principal = root};
  }
};

// A body that comes in pieces, and may break off.
class PiecesBody final : public wire::http::Body {
 public:
  explicit PiecesBody(std::vector<std::string> pieces) : pieces_(std::move(pieces)) {}
  Task<Result<std::string_view>> next() override {
    if (at_ < pieces_.size()) co_return std::string_view(pieces_[at_++]);
    if (breaks_off) co_return failure({"IncompleteBody", "You did not provide the number of bytes …", 400});
    co_return std::string_view();
  }
  bool breaks_off = false;

 private:
  std::vector<std::string> pieces_;
  std::size_t at_ = 0;
};

struct TestRequest {
  std::string method;
  std::string target;  // path and query, encoded
  wire::http::Headers headers = {};
  std::string body = {};
  std::string account = "111111111111";
  std::string region = "us-east-1";
  std::string payload_hash = {};  // the body's, unless said
};

class DeskTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/s3_test.XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    folder_ = name;
    store_ = std::make_unique<storage::Store>(
        storage::StoreOptions{.folder = folder_ + "/store", .sync = storage::StoreOptions::Sync::never});
    blobs_ = std::make_unique<storage::Blobs>(folder_ + "/blobs", ids_);
    room_.emplace(*store_, *blobs_, clock_, ids_, authorizer_, policies_);
    router_.emplace(std::vector{front_desk(*room_)}, verifier_, authorizer_, clock_, ids_, wire::UnsignedDoors{});
  }
  void TearDown() override {
    router_.reset();
    room_.reset();
    blobs_.reset();
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  // With the digest of its document, without which some operations refuse it.
  static TestRequest digested(TestRequest wanted) {
    wanted.headers.emplace_back("Content-MD5", base::to_base64(aws::md5(wanted.body)));
    return wanted;
  }

  wire::http::Reply send(const TestRequest& wanted) {
    wire::http::StringBody body(wanted.body);
    return send(wanted, body);
  }
  wire::http::Reply send(const TestRequest& wanted, wire::http::Body& body) {
    wire::http::Request request = sign(wanted);
    std::optional<wire::http::Reply> reply;
    std::mutex mutex;
    std::condition_variable replied;
    base::spawn(handle(*router_, request, body, reply, mutex, replied));
    std::unique_lock lock(mutex);
    replied.wait(lock, [&] { return reply.has_value(); });
    return std::move(*reply);
  }

  // The whole body, wherever it comes from.
  static std::string text_of(wire::http::Reply& reply) {
    std::string text = reply.body;
    if (!reply.stream) return text;
    for (std::string_view part; !(part = reply.stream->next()).empty();) text += part;
    return text;
  }
  std::string get(const std::string& target) {
    auto reply = send({"GET", target});
    return text_of(reply);
  }
  // "404 NoSuchKey", or only the status where the answer is no error.
  std::string outcome(const TestRequest& wanted) { return outcome_of(send(wanted)); }
  static std::string outcome_of(const wire::http::Reply& reply) {
    const std::size_t begin = reply.body.find("<Code>");
    const std::string status = std::to_string(reply.status);
    if (reply.status < 300 || begin == std::string::npos) return status;
    return status + " " + reply.body.substr(begin + 6, reply.body.find("</Code>") - begin - 6);
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_ + "/blobs"), {}));
  }

  wire::http::Request sign(const TestRequest& wanted) {
    const std::size_t question = wanted.target.find('?');
    wire::http::Request request{.method = wanted.method, .path = wanted.target.substr(0, question)};
    if (question != std::string::npos) request.query = wanted.target.substr(question + 1);
    request.headers = wanted.headers;
    if (!request.header("host")) request.headers.emplace_back("Host", "127.0.0.1:4566");
    request.headers.emplace_back("Content-Length", std::to_string(wanted.body.size()));
    request.content_length = wanted.body.size();
    const std::string hash = wanted.payload_hash.empty() ? aws::sha256_hex(wanted.body) : wanted.payload_hash;
    const aws::RequestToSign to_sign{.method = request.method,
                                     .path = request.path,
                                     .query = request.query,
                                     .headers = request.headers,
                                     .payload_hash = hash};
    const aws::Headers added = aws::sign(
        to_sign, {wanted.account, wanted.account, ""},
        {.region = wanted.region, .service = "s3", .time = clock_.now(), .options = aws::signing_options_for("s3")},
        keys_);
    request.headers.insert(request.headers.end(), added.begin(), added.end());
    return request;
  }

  std::string folder_;
  base::ManualClock clock_{kNoon};
  base::SeededIds ids_;
  Authorizer authorizer_;
  Policies policies_;
  Keys credentials_;
  aws::SigningKeys keys_;
  wire::Verifier verifier_{credentials_, clock_};
  std::unique_ptr<storage::Store> store_;
  std::unique_ptr<storage::Blobs> blobs_;
  std::optional<S3> room_;
  std::optional<wire::Router> router_;

 private:
  static Task<void> handle(wire::Router& router, wire::http::Request& request, wire::http::Body& body,
                           std::optional<wire::http::Reply>& reply, std::mutex& mutex,
                           std::condition_variable& replied) {
    wire::http::Reply made = co_await router.handle(request, body);
    const std::scoped_lock lock(mutex);
    reply = std::move(made);
    replied.notify_one();
  }
};

}  // namespace localcloud::s3
