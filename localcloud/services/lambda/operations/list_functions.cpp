// ListFunctions: lists a region's functions by name, fifty at a time unless told.
// https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

namespace {
constexpr std::int32_t kPage = 50;  // also the most that AWS answers at once, whatever MaxItems says
}

Result<ListFunctions::Output> list_functions(Lambda& room, const wire::Caller& caller, ListFunctions::Input input) {
  const auto page = static_cast<std::size_t>(std::min(input.max_items.value_or(kPage), kPage));
  ListFunctions::Output output;
  each_function(*room.store.snapshot(), caller.account, caller.region, input.marker.value_or(""),
                [&](const FunctionRecord& record) {
                  if (output.functions.size() == page) {
                    output.next_marker = output.functions.back().function_name;
                    return storage::Step::stop;
                  }
                  output.functions.push_back(describe(record));
                  return storage::Step::go_on;
                });
  return output;
}

}  // namespace localcloud::lambda
