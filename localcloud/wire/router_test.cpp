// The front desk when more is asked of it than the store, or the memory, takes on: each service refuses in its own
// words, what was taken on before is carried out, and nothing that was refused is.

#include "localcloud/wire/router.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <deque>
#include <filesystem>
#include <future>
#include <latch>

#include "aws/crypto.hpp"
#include "aws/sigv4.hpp"

namespace localcloud::wire {
namespace {

struct Shelf {
  storage::Store& store;
};

// A room's one operation writes its name, which travels in the path or in the body.
struct KeepByPath {
  static constexpr std::string_view kName = "Keep";
  static constexpr Route kRoute{"PUT", "/{Name}"};
  struct Input {
    std::string name;
    static constexpr auto members() { return wire::members(wire::label("Name", &Input::name)); }
  };
  struct Output {
    static constexpr auto members() { return wire::members(); }
  };
  static std::vector<Access> access(const Caller&, const Input&) { return {}; }
};

struct KeepByBody : KeepByPath {
  struct Input {
    std::string name;
    static constexpr auto members() { return wire::members(wire::required("Name", &Input::name)); }
  };
  static std::vector<Access> access(const Caller&, const Input&) { return {}; }
};

template <class Op>
Change<typename Op::Output> keep(Shelf&, const Caller&, typename Op::Input input) {
  return [input = std::move(input)](storage::Transaction& transaction) -> Result<typename Op::Output> {
    transaction.put(input.name, "kept");
    return typename Op::Output{};
  };
}

constexpr Operation kByPath[] = {operation<KeepByPath, &keep<KeepByPath>>()};
constexpr Operation kByBody[] = {operation<KeepByBody, &keep<KeepByBody>>()};

class Keys final : public CredentialSource {
 public:
  std::expected<Credential, NotFound> find(std::string_view, std::string_view) override {
    return Credential{.access_key_id = "AKIDEXAMPLE", .secret_access_key = "secret"};
  }
};

class AllowAll final : public Authorizer {
 public:
  std::optional<std::string> denial(const Caller&, const Access&) override { return std::nullopt; }
};

// A body for which there is no room.
class UnwelcomeBody final : public http::Body {
 public:
  Task<Result<std::string_view>> next() override { co_return std::string_view("many bytes of it"); }
  bool hold(std::size_t) override { return false; }
};

Task<void> handle(Router& router, http::Request& request, http::Body& body, std::promise<http::Reply>& reply) {
  reply.set_value(co_await router.handle(request, body));
}

class RouterTest : public testing::Test {
 protected:
  RouterTest() {
    std::string pattern = testing::TempDir() + "router-XXXXXX";
    folder_ = mkdtemp(pattern.data());
    store_.emplace(
        storage::StoreOptions{.folder = folder_, .sync = storage::StoreOptions::Sync::never, .queued_max = 1});
    shelf_.emplace(Shelf{*store_});
    const Throttling slow_down{.code = "SlowDown", .message = "Please reduce your request rate.", .status = 503};
    router_.emplace(std::vector<Service>{{.name = "s3",
                                          .signing_name = "s3",
                                          .rest = Service::Rest::xml,
                                          .throttling = slow_down,
                                          .operations = kByPath,
                                          .room = &*shelf_},
                                         {.name = "lambda",
                                          .signing_name = "lambda",
                                          .rest = Service::Rest::json,
                                          .throttling = {.code = "TooManyRequestsException", .status = 429},
                                          .operations = kByPath,
                                          .room = &*shelf_},
                                         {.name = "dynamodb",
                                          .signing_name = "dynamodb",
                                          .target_prefix = "Rooms",
                                          .json_version = "1.0",
                                          .operations = kByBody,
                                          .room = &*shelf_}},
                    verifier_, authorizer_, clock_, ids_, UnsignedDoors{});
  }
  ~RouterTest() override {
    store_.reset();
    std::filesystem::remove_all(folder_);
  }

  static std::string body_of(const std::string& service, const std::string& name) {
    return service == "dynamodb" ? R"({"Name":")" + name + "\"}" : "";
  }
  http::Request request(const std::string& service, const std::string& name) {
    http::Request request{.method = service == "dynamodb" ? "POST" : "PUT",
                          .path = service == "dynamodb" ? "/" : "/" + name};
    request.headers = {{"host", "localhost"}};
    if (service == "dynamodb") request.headers.emplace_back("x-amz-target", "Rooms.Keep");
    aws::SigningKeys keys;
    const aws::SigningContext context{"us-east-1", service, clock_.now(), aws::signing_options_for(service)};
    const auto added =
        aws::sign({request.method, request.path, "", request.headers, aws::sha256_hex(body_of(service, name))},
                  {.access_key_id = "AKIDEXAMPLE", .secret_access_key = "secret"}, context, keys);
    request.headers.insert(request.headers.end(), added.begin(), added.end());
    return request;
  }

  // Answered in its own time.
  std::future<http::Reply> begin(const std::string& service, const std::string& name,
                                 std::unique_ptr<http::Body> body = nullptr) {
    if (!body) body = std::make_unique<http::StringBody>(body_of(service, name));
    Asked& asked = asked_.emplace_back(request(service, name), std::move(body));
    base::spawn(handle(*router_, asked.request, *asked.body, asked.reply));
    return asked.reply.get_future();
  }
  // Status 0 where there is no answer.
  http::Reply ask(const std::string& service, const std::string& name, std::unique_ptr<http::Body> body = nullptr) {
    auto reply = begin(service, name, std::move(body));
    if (reply.wait_for(std::chrono::seconds(10)) == std::future_status::ready) return reply.get();
    return {.status = 0};
  }

  struct Asked {
    http::Request request;
    std::unique_ptr<http::Body> body;
    std::promise<http::Reply> reply;
  };
  std::deque<Asked> asked_;
  std::string folder_;
  std::optional<storage::Store> store_;
  std::optional<Shelf> shelf_;
  base::ManualClock clock_;
  base::SeededIds ids_;
  Keys credentials_;
  Verifier verifier_{credentials_, clock_};
  AllowAll authorizer_;
  std::optional<Router> router_;
};

// The lane is held, one write waits for it, and there is room for one: the next are refused. The one that waits is
// carried out as soon as it can be.
TEST_F(RouterTest, ThrottlesWhenTheLaneIsFull) {
  std::latch held(1), let_go(1);
  auto holding = std::async(std::launch::async, [&] {
    return store_->write_and_wait<Done>([&](storage::Transaction&) -> Result<Done> {
      held.count_down();
      let_go.wait();
      return Done{};
    });
  });
  held.wait();
  auto waiting = begin("s3", "first");

  const http::Reply s3 = ask("s3", "second");
  EXPECT_EQ(s3.status, 503);
  EXPECT_NE(s3.body.find("<Code>SlowDown</Code><Message>Please reduce your request rate.</Message>"),
            std::string::npos);
  const http::Reply lambda = ask("lambda", "second");
  EXPECT_EQ(lambda.status, 429);
  EXPECT_EQ(http::find_header(lambda.headers, "x-amzn-ErrorType"), "TooManyRequestsException");
  const http::Reply dynamodb = ask("dynamodb", "second");
  EXPECT_EQ(dynamodb.status, 400);
  EXPECT_EQ(dynamodb.body, R"({"__type":"ThrottlingException","message":"Rate exceeded"})");

  let_go.count_down();
  EXPECT_TRUE(holding.get());
  EXPECT_EQ(waiting.get().status, 200);
  EXPECT_EQ(store_->snapshot()->get("first"), "kept");
  EXPECT_EQ(store_->snapshot()->get("second"), std::nullopt);
  EXPECT_EQ(ask("dynamodb", "third").status, 200);
}

// So are bodies that there is no memory for.
TEST_F(RouterTest, ThrottlesWhenMemoryIsFull) {
  EXPECT_EQ(ask("lambda", "a", std::make_unique<UnwelcomeBody>()).status, 429);
  EXPECT_EQ(ask("dynamodb", "a", std::make_unique<UnwelcomeBody>()).body,
            R"({"__type":"ThrottlingException","message":"Rate exceeded"})");
}

}  // namespace
}  // namespace localcloud::wire
