// HTTP/1.1.

#include "pipeline/aws_client/http.hpp"

#include "base/text.hpp"

namespace pipeline::aws_client {

namespace {

constexpr std::size_t kHeadBytesMax = 64 * 1024;

std::optional<std::size_t> parse_hex(std::string_view text) {
  std::size_t number = 0;
  if (text.empty() || text.size() > 8) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, 16);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::string HttpRequest::head() const {
  std::string out = method + " " + target + " HTTP/1.1\r\n";
  for (const auto& [name, value] : headers) out += name + ": " + value + "\r\n";
  return out + "\r\n";
}

std::string_view HttpResponse::header(std::string_view name) const {
  for (const auto& [known, value] : headers) {
    if (known == name) return value;
  }
  return {};
}

ResponseReader::State ResponseReader::feed(std::string_view bytes) {
  buffer_ += bytes;
  while (step()) {
  }
  if (phase_ == Phase::done) return State::whole;
  return phase_ == Phase::malformed ? State::malformed : State::wants_more;
}

ResponseReader::State ResponseReader::end() {
  keeps_alive_ = false;
  if (phase_ != Phase::until_close) return State::malformed;
  phase_ = Phase::done;
  return State::whole;
}

bool ResponseReader::fail() {
  phase_ = Phase::malformed;
  keeps_alive_ = false;
  return false;
}

std::optional<std::string> ResponseReader::take_line() {
  const auto end = buffer_.find("\r\n");
  if (end == std::string::npos) return std::nullopt;
  std::string line = buffer_.substr(0, end);
  buffer_.erase(0, end + 2);
  return line;
}

bool ResponseReader::step() {
  switch (phase_) {
    case Phase::head:
      return read_head();
    case Phase::chunk_size:
      return read_chunk_size();
    case Phase::sized_body:
    case Phase::chunk_data: {
      const std::size_t taken = std::min(rest_, buffer_.size());
      response_.body.append(buffer_, 0, taken);
      buffer_.erase(0, taken);
      rest_ -= taken;
      if (rest_ > 0) return false;
      if (phase_ == Phase::chunk_data) {
        response_.body.resize(response_.body.size() - 2);  // the chunk's line end
        phase_ = Phase::chunk_size;
        return true;
      }
      phase_ = Phase::done;
      return false;
    }
    case Phase::trailer: {
      const auto line = take_line();
      if (!line) return buffer_.size() > kHeadBytesMax ? fail() : false;
      if (line->empty()) phase_ = Phase::done;
      return phase_ != Phase::done;
    }
    case Phase::until_close:
      response_.body += buffer_;
      buffer_.clear();
      return response_.body.size() > body_bytes_max_ ? fail() : false;
    case Phase::done:
    case Phase::malformed:
      return false;
  }
  return false;
}

bool ResponseReader::read_chunk_size() {
  const auto line = take_line();
  if (!line) return buffer_.size() > 1024 ? fail() : false;
  const auto size = parse_hex(base::trim(std::string_view(*line).substr(0, line->find(';'))));
  if (!size || response_.body.size() + *size > body_bytes_max_) return fail();
  phase_ = *size == 0 ? Phase::trailer : Phase::chunk_data;
  rest_ = *size + 2;
  return true;
}

bool ResponseReader::read_head() {
  const auto end = buffer_.find("\r\n\r\n");
  if (end == std::string::npos) return buffer_.size() > kHeadBytesMax ? fail() : false;
  const std::string head = buffer_.substr(0, end + 2);
  buffer_.erase(0, end + 4);
  const auto status = head.size() > 12 ? base::to_number<int>(std::string_view(head).substr(9, 3)) : std::nullopt;
  if (!head.starts_with("HTTP/1.") || !status) return fail();
  response_.status = *status;
  response_.headers.clear();
  std::string_view rest = std::string_view(head).substr(head.find("\r\n") + 2);
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find("\r\n"));
    rest.remove_prefix(line.size() + 2);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return fail();
    response_.headers.emplace_back(base::lower(line.substr(0, colon)), std::string(base::trim(line.substr(colon + 1))));
  }
  if (*status >= 100 && *status < 200) return true;  // an interim answer: the real one follows
  keeps_alive_ = !base::equal_ignoring_case(response_.header("connection"), "close") && !head.starts_with("HTTP/1.0");
  if (*status == 204 || *status == 304) {
    phase_ = Phase::done;
    return false;
  }
  if (base::equal_ignoring_case(response_.header("transfer-encoding"), "chunked")) {
    phase_ = Phase::chunk_size;
    return true;
  }
  if (const std::string_view length = response_.header("content-length"); !length.empty()) {
    const auto size = base::to_number<std::size_t>(length);
    if (!size || *size > body_bytes_max_) return fail();
    rest_ = *size;
    phase_ = *size == 0 ? Phase::done : Phase::sized_body;
    return phase_ != Phase::done;
  }
  keeps_alive_ = false;
  phase_ = Phase::until_close;
  return true;
}

}  // namespace pipeline::aws_client
