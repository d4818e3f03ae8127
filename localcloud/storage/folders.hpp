#pragma once
// Folders whose names survive a power loss: a name does once the folder that it stands in was synced.

#include <filesystem>

namespace localcloud::storage {

// Makes the folder and those above it, where they aren't there. Durably in any case: who made it earlier may not have
// come that far. Throws StorageFailure.
void make_folder(const std::filesystem::path& path);

// Makes the names in the folder durable. Throws StorageFailure.
void sync_folder(const std::filesystem::path& path);

}  // namespace localcloud::storage
