#pragma once
// What transactions that read and that write share.

#include <optional>
#include <vector>

#include "base/result.hpp"

namespace localcloud::dynamodb {

inline constexpr std::size_t kTransactionSizeMax = 4 * 1024 * 1024;  // of its items, as AWS counts them

// What stands against each action, in their order; nothing where nothing does.
using Objections = std::vector<std::optional<ServiceError>>;
// Done where nothing stands against any; else TransactionCanceledException with a reason for each.
Result<Done> check_none(const Objections& objections);

}  // namespace localcloud::dynamodb
