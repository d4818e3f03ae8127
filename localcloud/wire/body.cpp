#include "localcloud/wire/body.hpp"

#include "base/text.hpp"

namespace localcloud::wire {

VerifiedBody::VerifiedBody(http::Body& raw, const Verified& verified, const http::Request& request)
    : raw_(raw), verified_(verified) {
  if (verified.payload == Payload::sha256 || verified.payload == Payload::unsigned_payload) return;
  ChunkedDecoder::Expected expected;
  if (const auto length = request.header("x-amz-decoded-content-length")) {
    expected.decoded_length = base::to_number<std::uint64_t>(*length);
  }
  std::string_view names = request.header("x-amz-trailer").value_or("");
  while (!names.empty()) {
    const std::size_t comma = std::min(names.find(','), names.size());
    expected.trailer_names.push_back(base::lower(base::trim(names.substr(0, comma))));
    names.remove_prefix(std::min(comma + 1, names.size()));
  }
  decoder_.emplace(verified, std::move(expected));
}

Task<Result<std::string_view>> VerifiedBody::next() {
  for (;;) {
    const Result<std::string_view> raw = co_await raw_.next();
    if (!raw) co_return failure(raw.error());
    if (raw->empty()) {
      const Result<Done> finished = decoder_ ? decoder_->finish() : finish();
      if (!finished) co_return failure(finished.error());
      co_return std::string_view{};
    }
    if (!decoder_) {
      if (verified_.payload == Payload::sha256) hasher_.update(*raw);
      co_return *raw;
    }
    part_.clear();
    const Result<Done> fed = decoder_->feed(*raw, [this](std::string_view bytes) { part_ += bytes; });
    if (!fed) co_return failure(fed.error());
    if (!part_.empty()) co_return std::string_view(part_);
  }
}

const http::Headers& VerifiedBody::trailers() const {
  return decoder_ ? decoder_->trailers() : http::Body::trailers();
}

Result<Done> VerifiedBody::finish() {
  if (verified_.payload == Payload::unsigned_payload) return Done{};
  return check_payload(verified_, base::to_hex(hasher_.finish()));
}

}  // namespace localcloud::wire
