#pragma once
// Lambda: functions as processes. Start at service.cpp for the list of operations, at runtime/pool.hpp for the machine.

#include <memory>
#include <mutex>

#include "base/executor.hpp"
#include "base/ids.hpp"
#include "localcloud/services/lambda/api_urls.hpp"
#include "localcloud/services/lambda/code_source.hpp"
#include "localcloud/services/lambda/events.hpp"
#include "localcloud/services/lambda/functions.hpp"
#include "localcloud/services/lambda/runtime/package.hpp"
#include "localcloud/services/lambda/runtime/pool.hpp"
#include "localcloud/storage/store.hpp"
#include "localcloud/wire/operation.hpp"
#include "localcloud/wire/resource_policies.hpp"

namespace localcloud::lambda {

// What main.cpp joins to the other rooms. All of it outlives the room.
struct Joins {
  RoleCredentials& roles;
  CodeSource& code;
  LogSink& logs;
  MetricSink& metrics;
  wire::Authorizer& authorizer;  // for requests to function URLs
  const wire::ResourcePolicies& policies;
  LinkedCode* linked = nullptr;  // null: every function is a process
};

struct Settings {
  std::filesystem::path folder;  // the room's own, within the data folder: code and scratch
  std::string endpoint_url;      // "http://127.0.0.1:4566": where functions find localcloud, and URLs are served
  PoolSettings pool = {};        // its temp_folder and endpoint_url are set from the two above
  EventsMax events = {};
};

// What every operation may use. Its functions and their events are in the store, their code in files.
struct Lambda {
  // Goes on with the events that an earlier process accepted.
  Lambda(storage::Store& the_store, const base::Clock& the_clock, base::Ids& the_ids, base::Timers& timers, Joins joins,
         Settings settings);
  ~Lambda();

  storage::Store& store;
  const base::Clock& clock;
  base::Ids& ids;
  Joins outside;
  std::string endpoint_url;
  CodeStore code;
  Functions functions;
  Events events;  // before the pool, which must be gone first
  Pool pool;
  base::ThreadExecutor unzipping;
};

wire::Service front_desk(Lambda& room);

// Runs a function for whoever was allowed to: the machine behind Invoke, for the rooms that main.cpp joins (it asks IAM
// for the caller first, as Invoke does).
Task<Result<Answer>> run_function(Lambda& room, std::shared_ptr<const Function> function, InvokeRequest request);

// Answers a request to a function's URL. `caller` is who signed it, where it is signed (AWS_IAM wants that). The path
// is the function's own: the host, or the port, has said which function.
Task<wire::http::Reply> handle_url(Lambda& room, std::string url_id, wire::http::Request& request,
                                   wire::http::Body& body, std::optional<wire::Caller> caller);
// What a URL answers where more is asked of it than can be taken on.
wire::http::Reply url_throttled();
// The id of a function's URL, e.g. for the port that serves one function.
std::optional<std::string> url_id_of(Lambda& room, const FunctionId& id);

// Each in operations/<name>.cpp.
Task<Result<CreateFunction::Output>> create_function(Lambda&, const wire::Caller&, CreateFunction::Input);
Task<Result<UpdateFunctionCode::Output>> update_function_code(Lambda&, const wire::Caller&, UpdateFunctionCode::Input);
wire::Change<UpdateFunctionConfiguration::Output> update_function_configuration(Lambda&, const wire::Caller&,
                                                                                UpdateFunctionConfiguration::Input);
Result<GetFunction::Output> get_function(Lambda&, const wire::Caller&, GetFunction::Input);
Result<GetFunctionConfiguration::Output> get_function_configuration(Lambda&, const wire::Caller&,
                                                                    GetFunctionConfiguration::Input);
Result<ListFunctions::Output> list_functions(Lambda&, const wire::Caller&, ListFunctions::Input);
Result<ListVersionsByFunction::Output> list_versions_by_function(Lambda&, const wire::Caller&,
                                                                 ListVersionsByFunction::Input);
wire::Change<Nothing> delete_function(Lambda&, const wire::Caller&, DeleteFunction::Input);
Task<Result<Invoke::Output>> invoke(Lambda&, const wire::Caller&, Invoke::Input);
Task<Result<InvokeWithin::Output>> invoke_within(Lambda&, const wire::Caller&, InvokeWithin::Input);

wire::Change<CreateFunctionUrlConfig::Output> create_function_url_config(Lambda&, const wire::Caller&,
                                                                         CreateFunctionUrlConfig::Input);
Result<UrlDescription> get_function_url_config(Lambda&, const wire::Caller&, GetFunctionUrlConfig::Input);
wire::Change<UrlDescription> update_function_url_config(Lambda&, const wire::Caller&, UpdateFunctionUrlConfig::Input);
wire::Change<Nothing> delete_function_url_config(Lambda&, const wire::Caller&, DeleteFunctionUrlConfig::Input);
Result<ListFunctionUrlConfigs::Output> list_function_url_configs(Lambda&, const wire::Caller&,
                                                                 ListFunctionUrlConfigs::Input);

wire::Change<AddPermission::Output> add_permission(Lambda&, const wire::Caller&, AddPermission::Input);
Result<GetPolicy::Output> get_policy(Lambda&, const wire::Caller&, GetPolicy::Input);
wire::Change<Nothing> remove_permission(Lambda&, const wire::Caller&, RemovePermission::Input);

wire::Change<Concurrency> put_function_concurrency(Lambda&, const wire::Caller&, PutFunctionConcurrency::Input);
Result<Concurrency> get_function_concurrency(Lambda&, const wire::Caller&, GetFunctionConcurrency::Input);
wire::Change<Nothing> delete_function_concurrency(Lambda&, const wire::Caller&, DeleteFunctionConcurrency::Input);

wire::Change<Nothing> tag_resource(Lambda&, const wire::Caller&, TagResource::Input);
wire::Change<Nothing> untag_resource(Lambda&, const wire::Caller&, UntagResource::Input);
Result<ListTags::Output> list_tags(Lambda&, const wire::Caller&, ListTags::Input);
Result<GetAccountSettings::Output> get_account_settings(Lambda&, const wire::Caller&, GetAccountSettings::Input);

// What each request must be allowed to do. In access.cpp.
using Accesses = std::vector<wire::Access>;
Accesses access(Lambda&, const wire::Caller&, const CreateFunction::Input&);
Accesses access(Lambda&, const wire::Caller&, const UpdateFunctionCode::Input&);
Accesses access(Lambda&, const wire::Caller&, const UpdateFunctionConfiguration::Input&);
Accesses access(Lambda&, const wire::Caller&, const GetFunction::Input&);
Accesses access(Lambda&, const wire::Caller&, const GetFunctionConfiguration::Input&);
Accesses access(Lambda&, const wire::Caller&, const ListFunctions::Input&);
Accesses access(Lambda&, const wire::Caller&, const ListVersionsByFunction::Input&);
Accesses access(Lambda&, const wire::Caller&, const DeleteFunction::Input&);
Accesses access(Lambda&, const wire::Caller&, const Invoke::Input&);
Accesses access(Lambda&, const wire::Caller&, const InvokeWithin::Input&);
Accesses access(Lambda&, const wire::Caller&, const CreateFunctionUrlConfig::Input&);
Accesses access(Lambda&, const wire::Caller&, const GetFunctionUrlConfig::Input&);
Accesses access(Lambda&, const wire::Caller&, const UpdateFunctionUrlConfig::Input&);
Accesses access(Lambda&, const wire::Caller&, const DeleteFunctionUrlConfig::Input&);
Accesses access(Lambda&, const wire::Caller&, const ListFunctionUrlConfigs::Input&);
Accesses access(Lambda&, const wire::Caller&, const AddPermission::Input&);
Accesses access(Lambda&, const wire::Caller&, const GetPolicy::Input&);
Accesses access(Lambda&, const wire::Caller&, const RemovePermission::Input&);
Accesses access(Lambda&, const wire::Caller&, const PutFunctionConcurrency::Input&);
Accesses access(Lambda&, const wire::Caller&, const GetFunctionConcurrency::Input&);
Accesses access(Lambda&, const wire::Caller&, const DeleteFunctionConcurrency::Input&);
Accesses access(Lambda&, const wire::Caller&, const TagResource::Input&);
Accesses access(Lambda&, const wire::Caller&, const UntagResource::Input&);
Accesses access(Lambda&, const wire::Caller&, const ListTags::Input&);
Accesses access(Lambda&, const wire::Caller&, const GetAccountSettings::Input&);

}  // namespace localcloud::lambda
