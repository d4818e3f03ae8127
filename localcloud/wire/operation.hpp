#pragma once
// One row of a room's table of operations: decode ▶ authorize ▶ carry out ▶ encode.
//
// An operation is declared in api.hpp:
//
//   struct PutItem {
//     static constexpr std::string_view kName = "PutItem";
//     struct Input { … members() … };
//     struct Output { … members() … };
//     static std::vector<wire::Access> access(const wire::Caller& caller, const Input& input);   // all must be allowed
//   };
//
// (Where what a request needs depends on what is stored, a free function
//  `std::vector<wire::Access> access(DynamoDb&, const wire::Caller&, const PutItem::Input&)` instead, found by
//  argument-dependent lookup.) REST operations also say `static constexpr wire::Route kRoute`.
//
// and carried out by one function, in one of three forms:
//
//   Result<Output> f(Room&, const Caller&, Input)           reads, at once, on the worker
//   Change<Output> f(Room&, const Caller&, Input)           checks, then answers a function that the writer lane runs
//   Task<Result<Output>> f(Room&, const Caller&, Input)     waits: for a body, a function, an execution
//
// A room that writes has a member `storage::Store& store`. Its service.cpp lists the rows:
//
//   constexpr wire::Operation kOperations[] = {wire::operation<PutItem, &put_item>(), …};

#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/task.hpp"
#include "localcloud/storage/store.hpp"
#include "localcloud/wire/access.hpp"
#include "localcloud/wire/caller.hpp"
#include "localcloud/wire/codec.hpp"
#include "localcloud/wire/describe.hpp"
#include "localcloud/wire/http/message.hpp"

namespace localcloud::wire {

// What a writing operation answers once its checks have passed: the part that the lane runs. It holds, decides and
// writes, and does no I/O.
template <class Output>
using Change = Result<storage::WriteFunction<Output>>;

// Where a REST operation is: "PUT", "/{Bucket}/{Key+}". A `query` of "policy" wants that parameter to be there; of
// several routes that fit, the one with a query wins.
struct Route {
  std::string_view method;
  std::string_view path;
  std::string_view query = {};
};

// One request on its way through a room.
struct Call {
  Caller caller;
  Encoded request;  // what the codec reads the input from
  Authorizer& authorizer;
};

struct Operation {
  std::string_view name;
  Route route;          // REST protocols only
  bool streams;         // REST: the operation reads the body itself
  bool reads_document;  // the body is parsed; else it is taken as it is
  Task<http::Reply> (*call)(void* room, Call& call);
  void (*describe)(Describer& describer);
};

namespace operation_detail {

template <class Function>
struct Traits;
template <class R, class RoomType, class In>
struct Traits<R (*)(RoomType&, const Caller&, In)> {
  using Return = R;
  using Room = RoomType;
};

template <class Op>
consteval Route route_of() {
  if constexpr (requires { Op::kRoute; }) {
    return Op::kRoute;
  } else {
    return {};
  }
}

// The first thing that the caller may not do, as an error.
std::optional<ServiceError> denied(const Service& service, Authorizer& authorizer, const Caller& caller,
                                   const std::vector<Access>& accesses);

template <class Op, class Room>
std::vector<Access> access_of(Room& room, const Caller& caller, const typename Op::Input& input) {
  if constexpr (requires { access(room, caller, input); }) {
    return access(room, caller, input);
  } else {
    return Op::access(caller, input);
  }
}

template <auto Function>
using RoomOf = typename Traits<decltype(Function)>::Room;

}  // namespace operation_detail

// Carries out an operation whose input is there already: may the caller, then the operation itself. Within the process
// no codec is needed; what a declaration says of single members (lengths, patterns) is then kept by whoever fills them.
template <class Op, auto Function>
Task<Result<typename Op::Output>> carry_out(operation_detail::RoomOf<Function>& room, const Service& service,
                                            Authorizer& authorizer, const Caller& caller, typename Op::Input input) {
  using Output = typename Op::Output;
  using Return = typename operation_detail::Traits<decltype(Function)>::Return;
  std::optional<ServiceError> denied =
      operation_detail::denied(service, authorizer, caller, operation_detail::access_of<Op>(room, caller, input));
  if (denied) co_return failure(std::move(*denied));
  if constexpr (std::is_same_v<Return, Result<Output>>) {
    co_return Function(room, caller, std::move(input));
  } else if constexpr (std::is_same_v<Return, Change<Output>>) {
    Change<Output> change = Function(room, caller, std::move(input));
    if (!change) co_return failure(std::move(change.error()));
    Result<Output> output = co_await room.store.template write<Output>(std::move(*change));
    co_return output;
  } else {
    static_assert(std::is_same_v<Return, Task<Result<Output>>>);
    Result<Output> output = co_await Function(room, caller, std::move(input));
    co_return output;
  }
}

namespace operation_detail {

template <class Op, auto Function>
Task<http::Reply> call(void* room_pointer, Call& call) {
  auto& room = *static_cast<RoomOf<Function>*>(room_pointer);
  Result<typename Op::Input> input = decode<typename Op::Input>(call.request);
  if (!input) co_return error_reply(call.request, input.error());
  Result<typename Op::Output> output =
      co_await carry_out<Op, Function>(room, *call.request.service, call.authorizer, call.caller, std::move(*input));
  co_return reply<Op>(call.request, std::move(output));
}

}  // namespace operation_detail

template <class Op, auto Function>
constexpr Operation operation() {
  return {.name = Op::kName,
          .route = operation_detail::route_of<Op>(),
          .streams = reads_stream<typename Op::Input>(),
          .reads_document = reads_document<typename Op::Input>(),
          .call = &operation_detail::call<Op, Function>,
          .describe = &describe<Op>};
}

// What the protocols call an error where they differ, and the member that carries its message.
struct ErrorShape {
  std::string_view name;             // the shape's: awsJson's and CBOR's __type, ServiceError's code
  std::string_view query_code = {};  // awsQuery's Code; empty: the same
  std::string_view message = "message";
};

// What a service answers where it is asked for more than it takes on.
struct Throttling {
  std::string_view code = "ThrottlingException";
  std::string_view message = "Rate exceeded";
  int status = 400;
};

// A room at the front desk: everything the router must know of it. Lives as long as the server.
struct Service {
  std::string_view name;          // botocore's: "dynamodb", "stepfunctions", "cloudwatch"
  std::string_view signing_name;  // in a signature's scope: "dynamodb", "states", "monitoring"
  enum class Rest { none, json, xml } rest = Rest::none;
  std::string_view target_prefix = {};  // "DynamoDB_20120810": awsJson's X-Amz-Target and RPC-CBOR's path
  std::string_view json_version = {};   // "1.0", "1.1": of awsJson's content type
  std::string_view api_version = {};    // awsQuery's Version
  std::string_view xml_namespace = {};  // awsQuery's answers
  std::string_view validation_code = "ValidationException";  // what a broken constraint is called
  std::string_view denied_code = "AccessDeniedException";
  int denied_status = 400;
  Throttling throttling = {};
  std::size_t body_max = 1 << 20;  // bytes of a request's body that isn't streamed
  std::span<const Operation> operations;
  std::span<const ErrorShape> error_shapes = {};  // those of its errors that aren't called the same everywhere
  void* room = nullptr;
  // REST only: refuses what no route stands for, e.g. S3's sub-resources that aren't there.
  std::optional<ServiceError> (*refuse)(const http::Request& request, const Operation* found) = nullptr;
};

inline ServiceError throttled(const Service& service) {
  const Throttling& throttling = service.throttling;
  return {std::string(throttling.code), std::string(throttling.message), throttling.status};
}

}  // namespace localcloud::wire
