#include "cli/dry_client.hpp"

#include <algorithm>

namespace cli {

namespace {

using base::failure, base::Result;

// The parameter that an INSERT gives an attribute: VALUE {'pk': ?, 'sk': ?, …} takes them in their order.
const json::Value* parameter_of(const aws::Statement& statement, std::string_view attribute) {
  const auto at = statement.text.find("'" + std::string(attribute) + "': ?");
  if (at == std::string::npos) return nullptr;
  const auto before = std::count(statement.text.begin(), statement.text.begin() + static_cast<std::ptrdiff_t>(at), '?');
  const auto index = static_cast<std::size_t>(before);
  return index < statement.parameters.size() ? &statement.parameters[index] : nullptr;
}

// INSERT INTO "events" VALUE … ▶ SELECT "pk" FROM "events" WHERE pk = ? AND sk = ?
aws::Statement select_of(const aws::Statement& insert) {
  constexpr std::string_view kInto = "INSERT INTO ";
  const auto end = insert.text.find(" VALUE ");
  const std::string table = insert.text.substr(kInto.size(), end - kInto.size());
  aws::Statement select{.text = "SELECT \"pk\" FROM " + table + " WHERE pk = ? AND sk = ?", .parameters = {}};
  for (const char* const key : {"pk", "sk"}) {
    const json::Value* const value = parameter_of(insert, key);
    select.parameters.push_back(value ? *value : json::Value());
  }
  return select;
}

}  // namespace

base::Task<Result<aws::PutObjectOutput>> DryClient::put_object(aws::PutObject input, aws::CallOptions) {
  written.push_back(std::move(input));
  co_return aws::PutObjectOutput{};
}

base::Task<Result<aws::GetObjectOutput>> DryClient::get_object(aws::GetObject input, aws::CallOptions options) {
  Result<aws::GetObjectOutput> output = co_await client_.get_object(std::move(input), options);
  co_return output;
}

base::Task<Result<aws::ListObjectsV2Output>> DryClient::list_objects_v2(aws::ListObjectsV2 input,
                                                                        aws::CallOptions options) {
  Result<aws::ListObjectsV2Output> output = co_await client_.list_objects_v2(std::move(input), options);
  co_return output;
}

base::Task<Result<aws::StartExecutionOutput>> DryClient::start_execution(aws::StartExecution, aws::CallOptions) {
  co_return aws::StartExecutionOutput{};
}

base::Task<Result<aws::BatchExecuteStatementOutput>> DryClient::batch_execute_statement(
    aws::BatchExecuteStatement input, aws::CallOptions options) {
  if (!input.statements.empty() && input.statements.front().text.starts_with("SELECT")) {
    Result<aws::BatchExecuteStatementOutput> found = co_await client_.batch_execute_statement(input, options);
    co_return found;
  }
  std::vector<aws::Statement> selects;
  for (const aws::Statement& insert : input.statements) selects.push_back(select_of(insert));
  const aws::BatchExecuteStatement batch{.statements = selects};
  Result<aws::BatchExecuteStatementOutput> found = co_await client_.batch_execute_statement(batch, options);
  if (!found) co_return failure(found.error());
  aws::BatchExecuteStatementOutput output;
  for (const aws::StatementOutput& one : found->responses) {
    aws::StatementOutput answer{.error = one.error, .item = {}};
    if (one.item)
      answer.error = aws::StatementError{.code = "DuplicateItem", .message = "Duplicate primary key exists in table"};
    output.responses.push_back(std::move(answer));
  }
  co_return output;
}

}  // namespace cli
