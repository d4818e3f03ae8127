#pragma once
// The aws-chunked content encoding: what S3's clients wrap a body in, to sign it chunk by chunk or to send its checksum
// after it. https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
//
//   <hex size>[;chunk-signature=<64 hex>]\r\n<bytes>\r\n … 0[;chunk-signature=…]\r\n[<name>:<value>\r\n]…\r\n

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/crypto.hpp"
#include "aws/sigv4.hpp"
#include "base/result.hpp"
#include "localcloud/wire/verify.hpp"

namespace localcloud::wire {

// Unwraps a body as it arrives. What it gives out counts only once finish() has said so: a chunk's signature is known
// to be right when the chunk is whole. Any input is safe; memory is bounded. One thread at a time.
class ChunkedDecoder {
 public:
  struct Expected {
    std::optional<std::uint64_t> decoded_length;  // x-amz-decoded-content-length
    std::vector<std::string> trailer_names;       // x-amz-trailer, lower-case
  };

  // `verified.payload` must be one of the streaming ones.
  ChunkedDecoder(const Verified& verified, Expected expected);

  // Takes the next bytes off the wire and hands the body's bytes within to `body`.
  Result<Done> feed(std::string_view bytes, const std::function<void(std::string_view)>& body);

  // After the last byte of the request: whether the body was whole and right.
  Result<Done> finish() const;

  // The trailer's lines, names in lower case, without x-amz-trailer-signature.
  const aws::Headers& trailers() const { return trailers_; }

 private:
  enum class State : std::uint8_t { size_line, data, data_end, trailer_line, done };

  Result<Done> take_line(std::string_view line);
  Result<Done> take_size_line(std::string_view line);
  Result<Done> take_trailer_line(std::string_view line);
  Result<Done> end_chunk();
  Result<Done> end_trailer();

  std::optional<aws::ChunkSigner> signer_;
  bool has_trailer_;
  Expected expected_;
  State state_ = State::size_line;
  std::string line_;              // the line that is coming in
  std::uint64_t chunk_left_ = 0;  // bytes of the chunk still to come
  std::uint64_t decoded_ = 0;     // bytes given out
  bool saw_small_chunk_ = false;  // only the last one may be small
  std::string chunk_signature_;   // as the chunk's line gave it
  aws::Hasher chunk_hasher_{aws::Digest::sha256};
  aws::Headers trailers_;
  std::string trailer_text_;  // the trailer's lines as they are signed
  std::string trailer_signature_;
};

}  // namespace localcloud::wire
