#include "localcloud/services/dynamodb/request_tokens.hpp"

#include "localcloud/storage/keys.hpp"

namespace localcloud::dynamodb {

namespace {

using storage::Key;
using storage::KeyReader;
using storage::Step;

Key token_key(const RequestToken& token) {
  return Key("dynamodb").add("token").add(token.account).add(token.region).add(token.token);
}
Key all_expiries() {
  return Key("dynamodb").add("token-expiry");
}
Key expiry_key(const RequestToken& token, std::uint64_t until_s) {
  return all_expiries().add(until_s).add(token.account).add(token.region).add(token.token);
}

constexpr std::size_t kNumberBytes = 8;

}  // namespace

std::optional<std::string> find_request(const storage::Reader& reader, const RequestToken& token, std::uint64_t now_s) {
  std::optional<std::string> record = reader.get(token_key(token));
  if (!record || KeyReader(*record).number() <= now_s) return std::nullopt;
  return record->substr(kNumberBytes);
}

void write_request(storage::Transaction& transaction, const RequestToken& token, std::uint64_t now_s,
                   std::string_view hash) {
  const std::uint64_t until_s = now_s + kTokenValid_s;
  std::string record;
  for (int shift = 56; shift >= 0; shift -= 8) record += static_cast<char>(until_s >> shift);
  record += hash;
  transaction.put(token_key(token), record);
  transaction.put(expiry_key(token, until_s), "");
}

std::size_t erase_tokens(storage::Transaction& transaction, std::uint64_t now_s, std::size_t limit) {
  const Key all = all_expiries();
  std::vector<std::string> expiries;
  transaction.scan(all, Key(all).add(now_s), [&](std::string_view key, std::string_view) {
    expiries.emplace_back(key);
    return expiries.size() < limit ? Step::go_on : Step::stop;
  });
  for (const std::string& expiry : expiries) {
    KeyReader parts(std::string_view(expiry).substr(all.bytes().size()));
    parts.number();
    RequestToken token;
    token.account = parts.text();
    token.region = parts.text();
    token.token = parts.text();
    // It may have been used again since.
    if (!find_request(transaction, token, now_s)) transaction.erase(token_key(token));
    transaction.erase(expiry);
  }
  return expiries.size();
}

bool has_old_tokens(const storage::Reader& reader, std::uint64_t now_s) {
  const Key all = all_expiries();
  bool any = false;
  reader.scan(all, Key(all).add(now_s), [&](std::string_view, std::string_view) {
    any = true;
    return Step::stop;
  });
  return any;
}

}  // namespace localcloud::dynamodb
