// CreateFunctionUrlConfig: gives a function an address of its own.
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunctionUrlConfig.html

#include "localcloud/services/lambda/describe.hpp"
#include "localcloud/services/lambda/errors.hpp"
#include "localcloud/services/lambda/names.hpp"

namespace localcloud::lambda {

namespace {

// 32 of the letters and digits that a host name may have.
std::string make_url_id(base::Ids& ids) {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz234567";
  std::string id;
  for (int i = 0; i < 32; ++i) id += kAlphabet[ids.below(kAlphabet.size())];
  return id;
}

}  // namespace

wire::Change<CreateFunctionUrlConfig::Output> create_function_url_config(Lambda& room, const wire::Caller& caller,
                                                                         CreateFunctionUrlConfig::Input input) {
  const FunctionId id = TRY(to_function_id(caller, input.function_name, input.qualifier));
  if (input.invoke_mode == InvokeMode::response_stream) return failure(not_supported("InvokeMode RESPONSE_STREAM"));
  TRY(check_cors(input.cors));
  return [&room, id,
          input = std::move(input)](storage::Transaction& transaction) -> Result<CreateFunctionUrlConfig::Output> {
    FunctionRecord record = TRY(hold_function(transaction, id));
    if (record.url) return failure(url_exists(record.arn()));
    const std::string now = url_date(room.clock.now());
    record.url = UrlConfig{
        .id = make_url_id(room.ids), .auth_type = input.auth_type, .cors = input.cors, .created = now, .modified = now};
    record.revision_id = room.ids.uuid();
    write_function(transaction, record);
    write_url(transaction, record.url->id, id);
    const UrlDescription url = describe_url(record, room.endpoint_url);
    return CreateFunctionUrlConfig::Output{.function_url = url.function_url,
                                           .function_arn = url.function_arn,
                                           .auth_type = url.auth_type,
                                           .cors = url.cors,
                                           .creation_time = url.creation_time};
  };
}

}  // namespace localcloud::lambda
