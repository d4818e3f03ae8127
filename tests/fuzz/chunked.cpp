// The aws-chunked encoding, in pieces: it gives out no more than came in.

#include "localcloud/wire/chunked.hpp"
#include "tests/fuzz/fuzz.hpp"

void fuzz(std::string_view input) {
  using namespace localcloud::wire;
  Verified verified;
  verified.payload = Payload::streaming_unsigned_trailer;
  ChunkedDecoder decoder(verified, {.decoded_length = std::nullopt, .trailer_names = {"x-amz-checksum-crc32"}});
  std::size_t given = 0;
  for (std::size_t at = 0; at < input.size(); at += 7) {
    const auto fed = decoder.feed(input.substr(at, 7), [&given](std::string_view bytes) { given += bytes.size(); });
    if (!fed) return;
  }
  CHECK(given <= input.size());
  static_cast<void>(decoder.finish());
}
