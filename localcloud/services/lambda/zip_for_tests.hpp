#pragma once
// Zip files for tests, with whatever names and modes a test wants.

#include <string>
#include <vector>

namespace localcloud::lambda {

struct ZipEntry {
  std::string name;
  std::string bytes;
  unsigned mode = 0100755;
};

std::string make_zip(const std::vector<ZipEntry>& entries);

}  // namespace localcloud::lambda
