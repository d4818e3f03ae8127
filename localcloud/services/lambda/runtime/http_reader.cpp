// Request line, headers, then a body by length or in chunks.

#include "localcloud/services/lambda/runtime/http_reader.hpp"

#include "base/text.hpp"

namespace localcloud::lambda {

namespace {
constexpr std::size_t kHeadBytesMax = 64 * 1024;
constexpr std::size_t kLineBytesMax = 1024;
constexpr std::size_t kDroppedBytesMax = 64 * 1024 * 1024;  // of a body that is too large, before we hang up
}  // namespace

std::string_view RuntimeRequest::header(std::string_view lower_name) const {
  for (const auto& [name, value] : headers) {
    if (name == lower_name) return value;
  }
  return {};
}

void HttpReader::feed(std::string_view bytes) {
  if (position_ == buffer_.size()) {
    buffer_.clear();
    position_ = 0;
  } else if (position_ > 64 * 1024) {
    buffer_.erase(0, position_);
    position_ = 0;
  }
  buffer_.append(bytes);
}

bool HttpReader::take_expects_continue() {
  return std::exchange(expects_continue_, false);
}

std::optional<RuntimeRequest> HttpReader::next() {
  for (;;) {
    switch (state_) {
      case State::head:
        if (!read_head()) return std::nullopt;
        break;
      case State::body:
        if (!take_body_bytes()) return std::nullopt;
        state_ = State::head;
        return std::exchange(request_, {});
      case State::chunk_size:
        if (!read_chunk_size()) return std::nullopt;
        break;
      case State::chunk:
        if (!take_body_bytes()) return std::nullopt;
        state_ = State::chunk_end;
        break;
      case State::chunk_end: {
        const auto end = line();
        if (!end) return std::nullopt;
        if (!end->empty()) fail();
        if (state_ != State::failed) state_ = State::chunk_size;
        break;
      }
      case State::trailer:
        if (!read_trailer()) return std::nullopt;
        return std::exchange(request_, {});
      case State::failed:
        return std::nullopt;
    }
  }
}

bool HttpReader::read_head() {
  const std::size_t end = buffer_.find("\r\n\r\n", position_);
  if (end == std::string::npos) {
    if (buffer_.size() - position_ > kHeadBytesMax) fail();
    return state_ == State::failed;
  }
  const std::string_view head = std::string_view(buffer_).substr(position_, end + 2 - position_);
  const std::size_t line_end = head.find("\r\n");
  const std::string_view request_line = head.substr(0, line_end);
  const std::size_t first = request_line.find(' ');
  const std::size_t last = request_line.rfind(' ');
  if (head.size() > kHeadBytesMax || first == std::string_view::npos || first == last ||
      !request_line.substr(last + 1).starts_with("HTTP/1.")) {
    fail();
    return true;
  }
  request_ = {};
  request_.method = request_line.substr(0, first);
  const std::string_view target = request_line.substr(first + 1, last - first - 1);
  request_.path = target.substr(0, target.find('?'));
  request_.keep_alive = !request_line.ends_with("HTTP/1.0");
  left_ = 0;
  state_ = State::body;
  if (!read_headers(head.substr(line_end + 2))) fail();
  position_ = end + 4;
  return true;
}

bool HttpReader::read_headers(std::string_view lines) {
  while (!lines.empty()) {
    const std::size_t end = lines.find("\r\n");
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(end + 2);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0) return false;
    request_.headers.emplace_back(base::lower(line.substr(0, colon)), base::trim(line.substr(colon + 1)));
  }
  const std::string_view length = request_.header("content-length");
  const std::string_view coding = request_.header("transfer-encoding");
  if (!coding.empty()) {
    if (!length.empty() || !base::equal_ignoring_case(coding, "chunked")) return false;
    state_ = State::chunk_size;
  } else if (!length.empty()) {
    const auto bytes = base::to_number<std::uint64_t>(length);
    if (!bytes || *bytes > kDroppedBytesMax) return false;
    left_ = *bytes;
    request_.too_large = left_ > body_bytes_max_;
  }
  if (base::equal_ignoring_case(request_.header("connection"), "close")) request_.keep_alive = false;
  expects_continue_ = base::equal_ignoring_case(request_.header("expect"), "100-continue");
  return true;
}

// False where more bytes must come first.
bool HttpReader::take_body_bytes() {
  const std::size_t taken = std::min(left_, buffer_.size() - position_);
  if (!request_.too_large) request_.body.append(buffer_, position_, taken);
  position_ += taken;
  left_ -= taken;
  return left_ == 0;
}

std::optional<std::string_view> HttpReader::line() {
  const std::size_t end = buffer_.find("\r\n", position_);
  if (end == std::string::npos) {
    if (buffer_.size() - position_ > kLineBytesMax) fail();
    return std::nullopt;
  }
  const std::string_view line = std::string_view(buffer_).substr(position_, end - position_);
  position_ = end + 2;
  return line;
}

bool HttpReader::read_chunk_size() {
  const auto text = line();
  if (!text) return false;
  const std::string_view digits = base::trim(text->substr(0, text->find(';')));
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
  if (error != std::errc{} || end != digits.data() + digits.size() || size > kDroppedBytesMax) {
    fail();
    return true;
  }
  left_ = size;
  state_ = size == 0 ? State::trailer : State::chunk;
  if (request_.body.size() + size > body_bytes_max_) {
    request_.too_large = true;
    request_.body.clear();
  }
  return true;
}

// True once the empty line that ends the request was read.
bool HttpReader::read_trailer() {
  for (;;) {
    const auto text = line();
    if (!text) return false;
    if (text->empty()) break;
    const std::size_t colon = text->find(':');
    if (colon != std::string_view::npos && request_.headers.size() < 100) {
      request_.headers.emplace_back(base::lower(text->substr(0, colon)), base::trim(text->substr(colon + 1)));
    }
  }
  state_ = State::head;
  return true;
}

}  // namespace localcloud::lambda
