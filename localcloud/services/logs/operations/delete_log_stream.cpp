// DeleteLogStream removes a stream with all its events; its name is free at once.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogStream.html

#include "localcloud/services/logs/lookup.hpp"
#include "localcloud/services/logs/service.hpp"

namespace localcloud::logs {

wire::Change<Nothing> delete_log_stream(Logs&, const wire::Caller& caller, DeleteLogStream::Input input) {
  return [place = place_of(caller), input = std::move(input)](storage::Transaction& transaction) -> Result<Nothing> {
    const Group group = TRY(need_group(transaction, place, input.log_group_name));
    const Stream stream = TRY(need_stream(transaction, group, input.log_stream_name));
    erase_stream(transaction, group.id, stream);
    return Nothing{};
  };
}

}  // namespace localcloud::logs
