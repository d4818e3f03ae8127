// The services in memory.

#include "pipeline/aws_client/memory_client.hpp"

#include <algorithm>

#include "aws/attribute.hpp"
#include "json/parse.hpp"

namespace pipeline::aws_client {

namespace {

// The names in single quotes, in order: those of an INSERT's attributes.
std::vector<std::string> quoted_names(std::string_view text) {
  std::vector<std::string> names;
  while (true) {
    const auto begin = text.find('\'');
    if (begin == std::string_view::npos) return names;
    const auto end = text.find('\'', begin + 1);
    names.emplace_back(text.substr(begin + 1, end - begin - 1));
    text.remove_prefix(end + 1);
  }
}

std::string text_of(const json::Value& value) {
  return value.is_string() ? value.as_string() : "";
}

json::Value attribute_of(const json::Value& value) {
  std::string text;
  aws::append_attribute(text, value);
  return json::parse(text).value();
}

}  // namespace

std::optional<ServiceError> MemoryClient::note(std::string call) {
  calls.push_back(std::move(call));
  return fail ? fail(calls.back()) : std::nullopt;
}

void MemoryClient::put(const std::string& key, std::string body) {
  objects[key] = {.body = std::move(body), .etag = "\"" + std::to_string(++etags_) + "\""};
}

Task<Result<aws::PutObjectOutput>> MemoryClient::put_object(aws::PutObject input, aws::CallOptions) {
  if (auto error = note("PutObject " + input.key)) co_return failure(*error);
  put(input.key, std::move(input.body));
  aws::PutObjectOutput output{.etag = objects[input.key].etag};
  co_return output;
}

Task<Result<aws::GetObjectOutput>> MemoryClient::get_object(aws::GetObject input, aws::CallOptions) {
  if (auto error = note("GetObject " + input.key)) co_return failure(*error);
  const auto found = objects.find(input.key);
  if (found == objects.end()) {
    ServiceError missing{.code = "NoSuchKey", .message = "The specified key does not exist.", .http_status = 404};
    co_return failure(std::move(missing));
  }
  aws::GetObjectOutput output;
  output.etag = found->second.etag;
  if (!input.if_none_match.empty() && input.if_none_match == output.etag) {
    output.found = aws::GetObjectOutput::Found::not_modified;
  } else {
    output.body = found->second.body;
  }
  co_return output;
}

Task<Result<aws::ListObjectsV2Output>> MemoryClient::list_objects_v2(aws::ListObjectsV2 input, aws::CallOptions) {
  if (auto error = note("ListObjectsV2 " + input.prefix)) co_return failure(*error);
  constexpr std::size_t kPageKeys = 1000;
  aws::ListObjectsV2Output output;
  for (auto at = objects.lower_bound(std::max(input.prefix, input.start_after + '\0'));
       at != objects.end() && at->first.starts_with(input.prefix); ++at) {
    output.is_truncated = output.keys.size() == kPageKeys;
    if (output.is_truncated) break;
    output.keys.push_back(at->first);
  }
  co_return output;
}

Task<Result<aws::StartExecutionOutput>> MemoryClient::start_execution(aws::StartExecution input, aws::CallOptions) {
  if (auto error = note("StartExecution")) co_return failure(*error);
  executions.push_back(std::move(input));
  aws::StartExecutionOutput output{.execution_arn = "arn:execution"};
  co_return output;
}

aws::StatementOutput MemoryClient::execute(const aws::Statement& statement) {
  aws::StatementOutput output;
  if (fail_statement) output.error = fail_statement(statement);
  if (output.error) return output;
  if (statement.text.starts_with("SELECT")) {
    const auto found = items.find({text_of(statement.parameters[0]), text_of(statement.parameters[1])});
    if (found != items.end()) output.item = found->second;
    return output;
  }
  json::Object item;
  std::pair<std::string, std::string> key;
  const auto names = quoted_names(statement.text);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const json::Value& parameter = statement.parameters.at(i);
    if (names[i] == "pk") key.first = text_of(parameter);
    if (names[i] == "sk") key.second = text_of(parameter);
    item.set(names[i], attribute_of(parameter));
  }
  const auto [at, is_new] = items.emplace(std::move(key), std::move(item));
  if (!is_new) output.error = {.code = "DuplicateItem", .message = "Duplicate primary key exists in table"};
  return output;
}

Task<Result<aws::BatchExecuteStatementOutput>> MemoryClient::batch_execute_statement(aws::BatchExecuteStatement input,
                                                                                     aws::CallOptions) {
  if (auto error = note("BatchExecuteStatement " + std::to_string(input.statements.size()))) co_return failure(*error);
  aws::BatchExecuteStatementOutput output;
  for (const aws::Statement& statement : input.statements) output.responses.push_back(execute(statement));
  co_return output;
}

}  // namespace pipeline::aws_client
