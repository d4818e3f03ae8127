// aws-chunked, a byte at a time where lines are concerned and a block at a time where data is.

#include "localcloud/wire/chunked.hpp"

#include <algorithm>
#include <charconv>

#include "base/check.hpp"
#include "base/text.hpp"
#include "localcloud/wire/signature_errors.hpp"

namespace localcloud::wire {
namespace {

constexpr std::size_t kLineMax = 1024;
constexpr std::size_t kTrailerLinesMax = 16;
constexpr std::uint64_t kSmallChunk = 8192;
constexpr std::string_view kSignature = "chunk-signature=";
constexpr std::string_view kTrailerSignature = "x-amz-trailer-signature";

}  // namespace

ChunkedDecoder::ChunkedDecoder(const Verified& verified, Expected expected)
    : has_trailer_(verified.payload != Payload::streaming_signed), expected_(std::move(expected)) {
  CHECK(verified.payload == Payload::streaming_signed || verified.payload == Payload::streaming_signed_trailer ||
        verified.payload == Payload::streaming_unsigned_trailer);
  if (verified.payload != Payload::streaming_unsigned_trailer) signer_ = verified.chunk_signer();
}

Result<Done> ChunkedDecoder::feed(std::string_view bytes, const std::function<void(std::string_view)>& body) {
  while (!bytes.empty()) {
    if (state_ == State::done) return failure(signature_errors::unreadable_chunk());
    if (state_ == State::data) {
      const auto taken = bytes.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(chunk_left_, bytes.size())));
      if (signer_) chunk_hasher_.update(taken);
      body(taken);
      decoded_ += taken.size();
      chunk_left_ -= taken.size();
      bytes.remove_prefix(taken.size());
      if (chunk_left_ == 0) state_ = State::data_end;
      continue;
    }
    const auto end = bytes.find('\n');
    const auto part = bytes.substr(0, end);
    if (line_.size() + part.size() > kLineMax) return failure(signature_errors::unreadable_chunk());
    line_ += part;
    if (end == std::string_view::npos) break;
    bytes.remove_prefix(end + 1);
    if (line_.ends_with('\r')) line_.pop_back();
    const std::string line = std::exchange(line_, {});
    TRY(take_line(line));
  }
  return Done{};
}

Result<Done> ChunkedDecoder::take_line(std::string_view line) {
  switch (state_) {
    case State::size_line:
      return take_size_line(line);
    case State::data_end:
      if (!line.empty()) return failure(signature_errors::unreadable_chunk());
      return end_chunk();
    case State::trailer_line:
      return take_trailer_line(line);
    case State::data:
    case State::done:
      break;
  }
  return failure(signature_errors::unreadable_chunk());
}

Result<Done> ChunkedDecoder::take_size_line(std::string_view line) {
  const auto semicolon = line.find(';');
  const std::string_view digits = line.substr(0, semicolon);
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size, 16);
  if (digits.empty() || error != std::errc{} || end != digits.data() + digits.size()) {
    return failure(signature_errors::unreadable_chunk());
  }
  chunk_signature_.clear();
  if (signer_) {
    const std::string_view extension = semicolon == std::string_view::npos ? "" : line.substr(semicolon + 1);
    if (!extension.starts_with(kSignature)) return failure(signature_errors::unreadable_chunk());
    chunk_signature_ = extension.substr(kSignature.size());
  }
  // Sizes are compared by subtraction: their sum could overflow.
  if (expected_.decoded_length && size > *expected_.decoded_length - std::min(decoded_, *expected_.decoded_length)) {
    return failure(signature_errors::incomplete_body());
  }
  if (size > 0 && saw_small_chunk_) return failure(signature_errors::chunk_too_small(size));
  if (size > 0 && size < kSmallChunk) saw_small_chunk_ = true;
  chunk_left_ = size;
  if (size > 0) {
    state_ = State::data;
    return Done{};
  }
  TRY(end_chunk());
  state_ = State::trailer_line;
  return Done{};
}

Result<Done> ChunkedDecoder::end_chunk() {
  state_ = State::size_line;
  if (!signer_) return Done{};
  const std::string& right = signer_->chunk(base::to_hex(chunk_hasher_.finish()));
  if (!aws::equal_in_constant_time(right, chunk_signature_)) {
    return failure(signature_errors::chunk_signature_mismatch());
  }
  return Done{};
}

Result<Done> ChunkedDecoder::take_trailer_line(std::string_view line) {
  if (line.empty()) {
    // Some clients end a line of the trailer with "\n\r\n"; the empty line that ends the whole comes after the
    // signature.
    if (signer_ && has_trailer_ && trailer_signature_.empty() && !trailers_.empty()) return Done{};
    state_ = State::done;
    return end_trailer();
  }
  if (!has_trailer_ || trailers_.size() >= kTrailerLinesMax) return failure(signature_errors::malformed_trailer());
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return failure(signature_errors::malformed_trailer());
  const std::string name = base::lower(line.substr(0, colon));
  const std::string value(base::trim(line.substr(colon + 1)));
  if (name == kTrailerSignature) {
    trailer_signature_ = value;
    return Done{};
  }
  if (std::ranges::find(expected_.trailer_names, name) == expected_.trailer_names.end()) {
    return failure(signature_errors::malformed_trailer());
  }
  trailer_text_.append(name).append(":").append(value).append("\n");
  trailers_.emplace_back(name, value);
  return Done{};
}

Result<Done> ChunkedDecoder::end_trailer() {
  for (const auto& name : expected_.trailer_names) {
    const auto is_it = [&](const aws::Header& trailer) { return trailer.first == name; };
    if (std::ranges::count_if(trailers_, is_it) != 1) return failure(signature_errors::malformed_trailer());
  }
  if (!signer_ || !has_trailer_) return Done{};
  const std::string& right = signer_->trailer(aws::sha256_hex(trailer_text_));
  if (!aws::equal_in_constant_time(right, trailer_signature_)) {
    return failure(signature_errors::chunk_signature_mismatch());
  }
  return Done{};
}

Result<Done> ChunkedDecoder::finish() const {
  if (state_ != State::done) return failure(signature_errors::unreadable_chunk());
  if (expected_.decoded_length && decoded_ != *expected_.decoded_length) {
    return failure(signature_errors::incomplete_body());
  }
  return Done{};
}

}  // namespace localcloud::wire
