// libzip writes into a buffer of its own.

#include "localcloud/services/lambda/zip_for_tests.hpp"

#include <zip.h>

namespace localcloud::lambda {

std::string make_zip(const std::vector<ZipEntry>& entries) {
  zip_error_t error;
  zip_source_t* const source = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(source);
  zip_t* const archive = zip_open_from_source(source, ZIP_TRUNCATE, &error);
  for (const ZipEntry& entry : entries) {
    zip_source_t* const bytes = zip_source_buffer(archive, entry.bytes.data(), entry.bytes.size(), 0);
    const zip_int64_t index = entry.name.ends_with('/') ? zip_dir_add(archive, entry.name.c_str(), 0)
                                                        : zip_file_add(archive, entry.name.c_str(), bytes, 0);
    if (entry.name.ends_with('/')) zip_source_free(bytes);
    zip_file_set_external_attributes(archive, index, 0, ZIP_OPSYS_UNIX, entry.mode << 16);
  }
  zip_close(archive);
  std::string out;
  zip_source_open(source);
  zip_source_seek(source, 0, SEEK_END);
  out.resize(zip_source_tell(source));
  zip_source_seek(source, 0, SEEK_SET);
  zip_source_read(source, out.data(), out.size());
  zip_source_close(source);
  zip_source_free(source);
  return out;
}

}  // namespace localcloud::lambda
