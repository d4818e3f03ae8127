// The table of Lambda's operations, and the room's start and end.

#include "localcloud/services/lambda/service.hpp"

#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/trace.hpp"

namespace localcloud::lambda {

namespace {

PoolSettings pool_settings(const Settings& settings) {
  PoolSettings pool = settings.pool;
  pool.temp_folder = settings.folder / "scratch";
  pool.endpoint_url = settings.endpoint_url;
  return pool;
}

constexpr wire::Operation kOperations[] = {
    wire::operation<CreateFunction, &create_function>(),
    wire::operation<UpdateFunctionCode, &update_function_code>(),
    wire::operation<UpdateFunctionConfiguration, &update_function_configuration>(),
    wire::operation<GetFunction, &get_function>(),
    wire::operation<GetFunctionConfiguration, &get_function_configuration>(),
    wire::operation<ListFunctions, &list_functions>(),
    wire::operation<ListVersionsByFunction, &list_versions_by_function>(),
    wire::operation<DeleteFunction, &delete_function>(),
    wire::operation<Invoke, &invoke>(),
    wire::operation<CreateFunctionUrlConfig, &create_function_url_config>(),
    wire::operation<GetFunctionUrlConfig, &get_function_url_config>(),
    wire::operation<UpdateFunctionUrlConfig, &update_function_url_config>(),
    wire::operation<DeleteFunctionUrlConfig, &delete_function_url_config>(),
    wire::operation<ListFunctionUrlConfigs, &list_function_url_configs>(),
    wire::operation<AddPermission, &add_permission>(),
    wire::operation<GetPolicy, &get_policy>(),
    wire::operation<RemovePermission, &remove_permission>(),
    wire::operation<PutFunctionConcurrency, &put_function_concurrency>(),
    wire::operation<GetFunctionConcurrency, &get_function_concurrency>(),
    wire::operation<DeleteFunctionConcurrency, &delete_function_concurrency>(),
    wire::operation<TagResource, &tag_resource>(),
    wire::operation<UntagResource, &untag_resource>(),
    wire::operation<ListTags, &list_tags>(),
    wire::operation<GetAccountSettings, &get_account_settings>(),
};

// The errors that write `Message` with a capital.
constexpr wire::ErrorShape kErrorShapes[] = {
    {.name = "ResourceNotFoundException", .message = "Message"},
    {.name = "ServiceException", .message = "Message"},
    {.name = "AccessDeniedException", .message = "Message"},
};

// A zip of 50 MB in base64, and the rest of the request.
constexpr std::size_t kBodyBytesMax = 70'167'211;

}  // namespace

// Code that no function names any more (its function was deleted or updated, or a crash came between) goes here, while
// nothing runs yet.
Lambda::Lambda(storage::Store& the_store, const base::Clock& the_clock, base::Ids& the_ids, base::Timers& timers,
               Joins joins, Settings settings)
    : store(the_store),
      clock(the_clock),
      ids(the_ids),
      outside(joins),
      endpoint_url(settings.endpoint_url),
      code(settings.folder / "functions", the_ids),
      functions(the_store, code),
      events(the_store, timers, functions, pool, settings.events),
      pool(pool_settings(settings), timers, the_ids, joins.roles, joins.logs, joins.metrics, joins.linked) {
  std::set<std::string> named;
  every_function(*store.snapshot(), [&](const FunctionRecord& record) { named.insert(record.code_sha256); });
  code.keep_only(named);
  events.resume();
}

// What runs is cut short; the events among it start again with the next process.
Lambda::~Lambda() {
  events.stop();
}

wire::Service front_desk(Lambda& room) {
  return {.name = "lambda",
          .signing_name = "lambda",
          .rest = wire::Service::Rest::json,
          .denied_status = 403,
          .throttling = {.code = "TooManyRequestsException", .status = 429},
          .body_max = kBodyBytesMax,
          .operations = kOperations,
          .error_shapes = kErrorShapes,
          .room = &room};
}

Task<Result<Answer>> run_function(Lambda& room, std::shared_ptr<const Function> function, InvokeRequest request) {
  request.reserved_concurrency = function->record.reserved_concurrency.value_or(-1);
  if (request.trace_id.empty()) request.trace_id = make_trace_id(room.ids, room.clock.now());
  Answer answer = co_await room.pool.invoke(function->version, std::move(request));
  if (answer.outcome == Answer::Outcome::throttled_function) co_return failure(throttled_by_function());
  if (answer.outcome == Answer::Outcome::throttled_account) co_return failure(throttled_by_account());
  if (answer.outcome == Answer::Outcome::failed) co_return failure(cannot_run(answer.reason));
  co_return answer;
}

}  // namespace localcloud::lambda
