// CreateLogStream adds an empty stream to a group.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html

#include "localcloud/services/logs/errors.hpp"
#include "localcloud/services/logs/lookup.hpp"
#include "localcloud/services/logs/service.hpp"

namespace localcloud::logs {

wire::Change<Nothing> create_log_stream(Logs& room, const wire::Caller& caller, CreateLogStream::Input input) {
  const std::int64_t now_ms = base::to_unix_ms(room.clock.now());

  return [place = place_of(caller), input = std::move(input),
          now_ms](storage::Transaction& transaction) -> Result<Nothing> {
    const Group group = TRY(need_group(transaction, place, input.log_group_name));
    if (find_stream(transaction, group.id, input.log_stream_name)) return failure(stream_already_exists());
    create_stream(transaction, group.id, input.log_stream_name, now_ms);
    return Nothing{};
  };
}

}  // namespace localcloud::logs
