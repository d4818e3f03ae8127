#pragma once
// What rooms write may change so that they don't read what they wrote before: then the store's format has another name.

#include <string_view>

#include "localcloud/storage/store.hpp"

namespace localcloud::storage {

// Gives a new store its format. Throws StorageFailure where the store has another one. Before anything else is written.
void check_format(Store& store, std::string_view format);

}  // namespace localcloud::storage
