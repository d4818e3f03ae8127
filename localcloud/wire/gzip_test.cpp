// Compressed requests: read whole, refused where they are cut, changed or grow too large.

#include "localcloud/wire/gzip.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"

namespace localcloud::wire {
namespace {

// "hello hello hello hello" as gzip makes it.
const std::string kHello = *base::from_base64("H4sIAAAAAAACA8tIzcnJV8hAJwHjUT2NFwAAAA==");

TEST(Gzip, ReadsWhatIsWhole) {
  EXPECT_EQ(gunzip(kHello, 100), "hello hello hello hello");
  EXPECT_EQ(gunzip(kHello, 22), std::nullopt) << "larger than it may be";
  for (std::size_t size = 0; size < kHello.size(); ++size) {
    EXPECT_EQ(gunzip(std::string_view(kHello).substr(0, size), 100), std::nullopt) << "cut at " << size;
  }
  std::string changed = kHello;
  changed[kHello.size() - 6] ^= 1;
  EXPECT_EQ(gunzip(changed, 100), std::nullopt) << "a wrong checksum";
  EXPECT_EQ(gunzip("{}", 100), std::nullopt);
}

}  // namespace
}  // namespace localcloud::wire
