// What stands between bytes and Request, Body and Reply. Beast parses; the answer's bytes are written here.

#include "localcloud/wire/http/exchange.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/status.hpp>

#include <ctime>

#include "aws/dates.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace localcloud::wire::http {

namespace {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;
using ErrorCode = boost::system::error_code;

constexpr std::size_t kDrainBytesMax = 1 << 20;     // of a body that nobody read: more than this closes the connection
constexpr std::size_t kInARowMax = 256 << 10;       // of a streamed answer, before others have their turn
constexpr std::size_t kBodyWithHeadMax = 64 << 10;  // a larger one is sent by itself, not copied behind the head

asio::const_buffer to_asio(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}

std::string_view view(boost::core::string_view text) {
  return {text.data(), text.size()};
}

// Beast knows HTTP's grammar; what it comes upon goes straight into the Request, and the body stays where it was read.
class RequestParser final : public beast_http::basic_parser<true> {
 public:
  explicit RequestParser(std::size_t head_bytes_max) {
    header_limit(static_cast<std::uint32_t>(head_bytes_max));
    body_limit(boost::none);
    eager(false);
  }

  Request request;
  std::string_view found;  // of the body, by the last put()

 private:
  using Text = boost::core::string_view;

  void on_request_impl(beast_http::verb, Text method, Text whole_target, int, ErrorCode&) override {
    request.method = view(method);
    std::string_view target = view(whole_target);
    if (target.starts_with("http://") || target.starts_with("https://")) {
      const std::size_t slash = target.find('/', target.find("//") + 2);
      target = slash == std::string_view::npos ? "/" : target.substr(slash);
    }
    const std::size_t question = target.find('?');
    request.path = target.substr(0, question);
    if (question != std::string_view::npos) request.query = target.substr(question + 1);
    if (request.path.empty() || request.path[0] != '/') request.path.insert(0, "/");
    request.headers.reserve(16);
  }
  void on_field_impl(beast_http::field, Text name, Text value, ErrorCode&) override {
    if (is_header_done()) return;  // it stands behind the body, where nobody has signed it
    request.headers.emplace_back(std::piecewise_construct, std::forward_as_tuple(view(name)),
                                 std::forward_as_tuple(view(value)));
  }
  void on_header_impl(ErrorCode&) override {
    if (const auto length = content_length()) request.content_length = *length;
    if (!chunked() && !request.content_length) request.content_length = 0;
  }
  std::size_t on_body_impl(Text bytes, ErrorCode&) override {
    found = view(bytes);
    return bytes.size();
  }
  std::size_t on_chunk_body_impl(std::uint64_t, Text bytes, ErrorCode& ec) override { return on_body_impl(bytes, ec); }
  void on_response_impl(int, Text, int, ErrorCode&) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>&, ErrorCode&) override {}
  void on_chunk_header_impl(std::uint64_t, Text, ErrorCode&) override {}
  void on_finish_impl(ErrorCode&) override {}
};

// A body as the parser gives it out.
class ArrivingBody final : public Body {
 public:
  ArrivingBody(Connection& connection, RequestParser& parser, Held& held)
      : connection_(connection), parser_(parser), held_(held) {}

  Task<Result<std::string_view>> next() override {
    if (broken_) co_return incomplete();
    if (std::exchange(continue_owed_, false)) {
      if (!co_await connection_.write("HTTP/1.1 100 Continue\r\n\r\n", held_)) co_return broken();
    }
    while (!parser_.is_done()) {
      if (connection_.buffer.view().empty()) {
        if (!co_await read_more()) co_return broken();
      }
      parser_.found = {};
      ErrorCode ec;
      const std::size_t used = parser_.put(to_asio(connection_.buffer.view()), ec);
      connection_.buffer.use(used);  // the bytes stay where they are until more are read
      if (ec == beast_http::error::need_more) {
        if (!co_await read_more()) co_return broken();
        ec = {};
      }
      if (ec) co_return broken();
      if (parser_.is_done()) connection_.end_transfer();
      if (!parser_.found.empty()) co_return parser_.found;
    }
    co_return std::string_view{};
  }

  bool hold(std::size_t bytes) override { return held_.ask(bytes); }

  void owe_continue() { continue_owed_ = true; }
  // Whether what nobody wanted of it is little enough to be read, so that the connection can go on.
  bool is_worth_draining() const {
    if (broken_ || continue_owed_) return false;  // or the client waits for a word that it won't get
    return parser_.content_length_remaining().value_or(0) <= kDrainBytesMax;
  }
  // Reads it; false where it was too much after all.
  Task<bool> drain() {
    connection_.expect_within(connection_.options.read_timeout);
    std::size_t drained = 0;
    while (!parser_.is_done()) {
      const auto part = co_await next();
      if (!part || (drained += part->size()) > kDrainBytesMax) co_return false;
    }
    co_return true;
  }

 private:
  Task<bool> read_more() {
    const bool more = co_await connection_.read_more();
    const std::size_t capacity = connection_.buffer.capacity();
    if (capacity > buffer_held_) held_.add(capacity - std::exchange(buffer_held_, capacity));
    connection_.expect_within(connection_.options.handle_timeout);  // what comes next is the handler's
    co_return more;
  }
  Result<std::string_view> broken() {
    broken_ = true;
    return incomplete();
  }
  static Result<std::string_view> incomplete() {
    return failure(
        {"IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header", 400});
  }

  Connection& connection_;
  RequestParser& parser_;
  Held& held_;
  std::size_t buffer_held_ = 0;  // of the connection's
  bool continue_owed_ = false;
  bool broken_ = false;
};

std::string_view reason(int status) {
  const std::string_view text = beast_http::obsolete_reason(static_cast<beast_http::status>(status));
  return text == "<unknown-status>" ? "Status" : text;
}

// The date for the Date header, formatted once a second per thread.
const std::string& date_now() {
  thread_local std::time_t formatted = 0;
  thread_local std::string text;
  const std::time_t now = std::time(nullptr);
  if (now != formatted) {
    formatted = now;
    text = aws::format_http_date(base::from_unix_s(now));
  }
  return text;
}

void append(std::string& out, std::initializer_list<std::string_view> parts) {
  for (const std::string_view part : parts) out += part;
}

void append_number(std::string& out, std::uint64_t number) {
  char digits[20];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

std::string head_of(const Reply& reply, bool keep_alive) {
  std::string out;
  out.reserve(512 + (reply.body.size() < kBodyWithHeadMax ? reply.body.size() : 0));
  out += "HTTP/1.1 ";
  append_number(out, static_cast<unsigned>(reply.status));
  append(out, {" ", reason(reply.status), "\r\n"});
  for (const auto& [name, value] : reply.headers) {
    // What came from outside can't end a header early.
    if (value.find_first_of("\r\n") == std::string::npos) append(out, {name, ": ", value, "\r\n"});
  }
  const bool bodiless = reply.status == 204 || reply.status == 304 || reply.status < 200;
  if (!bodiless) {
    out += "Content-Length: ";
    append_number(out, reply.content_length.value_or(reply.body.size()));
    out += "\r\n";
  }
  append(out, {"Date: ", date_now(), keep_alive ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n"});
  return out;
}

Task<bool> send(Connection& connection, const Request& request, Reply& reply, bool keep_alive, Held& held) {
  std::string head = head_of(reply, keep_alive);
  const bool bodiless = request.method == "HEAD" || reply.status == 204 || reply.status == 304;
  const bool together = !bodiless && !reply.stream && reply.body.size() < kBodyWithHeadMax;
  if (together) head += reply.body;
  if (!co_await connection.write(head, held)) co_return false;
  if (bodiless || together) co_return true;
  if (!reply.stream) co_return co_await connection.write(reply.body, held);
  for (std::size_t in_a_row = 0;;) {
    const std::string_view part = reply.stream->next();
    if (part.empty()) co_return true;
    if (!co_await connection.write(part, held)) co_return false;
    if ((in_a_row += part.size()) < kInARowMax) continue;
    in_a_row = 0;
    co_await base::resume_on(*base::Executor::current());  // behind what others wait for
  }
}

enum class Head { whole, none, refused };

// Reads one request's head. Where it is refused, `status` says why; there is none where the connection is at its end.
Task<Head> read_head(Connection& connection, RequestParser& parser, Held& held, int& status) {
  connection.expect_within(connection.options.idle_timeout);
  for (;;) {
    if (!connection.buffer.view().empty()) {
      ErrorCode ec;
      const std::size_t used = parser.put(to_asio(connection.buffer.view()), ec);
      connection.buffer.use(used);
      if (ec && ec != beast_http::error::need_more) {
        status = ec == beast_http::error::header_limit ? 431 : 400;
        co_return Head::refused;
      }
      if (parser.is_header_done()) co_return Head::whole;
    }
    const std::size_t before = connection.buffer.view().size();
    if (!co_await connection.read_more()) co_return Head::none;
    if (!held.ask(connection.buffer.view().size() - before)) {
      status = 503;
      co_return Head::refused;
    }
  }
}

Task<Reply> answer(const Handler& handler, Request& request, Body& body) {
  try {
    co_return co_await handler(request, body);
  } catch (const std::exception& error) {
    base::log(base::LogLevel::error, "a handler failed", {{"reason", error.what()}});
  }
  Reply failed;
  failed.status = 500;
  co_return failed;
}

Task<void> refuse(Connection& connection, int status, Held& held) {
  Reply reply;
  reply.status = status;
  if (status == 503) reply.headers.emplace_back("Retry-After", "1");
  const std::string head = head_of(reply, false);
  if (co_await connection.write(head, held)) co_await connection.part();
}

}  // namespace

Task<bool> exchange(Connection& connection, const Handler& handler) {
  RequestParser parser(connection.options.head_bytes_max);
  Held held(connection.memory);
  int refusal = 0;
  const Head head = co_await read_head(connection, parser, held, refusal);
  if (head == Head::refused) co_await refuse(connection, refusal, held);
  if (head != Head::whole) co_return false;
  connection.busy = true;
  Request& request = parser.request;
  request.source_ip = connection.source_ip;
  ArrivingBody body(connection, parser, held);
  if (const auto expect = request.header("expect"); expect && base::equal_ignoring_case(*expect, "100-continue")) {
    body.owe_continue();
  }
  if (parser.is_done()) connection.end_transfer();
  connection.expect_within(connection.options.handle_timeout);
  Reply reply = co_await answer(handler, request, body);
  held.give_back();  // what the handler kept is gone with it
  connection.end_transfer();
  // The answer doesn't wait for the rest of a body that nobody wanted.
  const bool keep_alive = parser.keep_alive() && body.is_worth_draining();
  bool sent = false;
  try {
    sent = co_await send(connection, request, reply, keep_alive, held);
  } catch (const std::exception& error) {  // the data is damaged: the client must not take it for whole
    base::log(base::LogLevel::error, "a reply was cut short", {{"reason", error.what()}});
  }
  connection.busy = false;
  bool drained = parser.is_done();
  if (sent && keep_alive && !drained) drained = co_await body.drain();
  if (sent && !drained) co_await connection.part();
  connection.rest();
  co_return sent&& drained&& keep_alive;
}

}  // namespace localcloud::wire::http
