#pragma once
// An S3 request's body, held against what its head promised.

#include <optional>

#include "aws/crypto.hpp"
#include "localcloud/wire/chunked.hpp"
#include "localcloud/wire/http/message.hpp"
#include "localcloud/wire/verify.hpp"

namespace localcloud::wire {

// Takes aws-chunked framing off and checks signatures and hashes on the way. What it gave out counts only once next()
// has answered the end: a wrong hash or signature is an error there at the latest.
class VerifiedBody final : public http::Body {
 public:
  // `raw`, `verified` and `request` must outlive it.
  VerifiedBody(http::Body& raw, const Verified& verified, const http::Request& request);
  Task<Result<std::string_view>> next() override;
  bool hold(std::size_t bytes) override { return raw_.hold(bytes); }
  const http::Headers& trailers() const override;

 private:
  Result<Done> finish();

  http::Body& raw_;
  const Verified& verified_;
  std::optional<ChunkedDecoder> decoder_;
  aws::Hasher hasher_{aws::Digest::sha256};
  std::string part_;
};

}  // namespace localcloud::wire
