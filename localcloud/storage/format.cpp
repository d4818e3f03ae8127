#include "localcloud/storage/format.hpp"

#include "localcloud/storage/keys.hpp"

namespace localcloud::storage {

void check_format(Store& store, std::string_view format) {
  const auto found = store.write_and_wait<std::string>([&](Transaction& transaction) -> base::Result<std::string> {
    const std::string key = Key("format").bytes();
    if (auto known = transaction.get(key)) return *std::move(known);
    bool is_new = true;
    transaction.scan("", "\xff", [&](std::string_view, std::string_view) {
      is_new = false;
      return Step::stop;
    });
    if (!is_new) return "1";  // from before formats were written down
    transaction.put(key, format);
    return std::string(format);
  });
  if (*found == format) return;
  throw StorageFailure("the store's format is " + *found + ", and this program's is " + std::string(format) +
                       ": go on with the version that wrote it, or begin with another data folder");
}

}  // namespace localcloud::storage
