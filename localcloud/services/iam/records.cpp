// IAM's records, as JSON.

#include "localcloud/services/iam/records.hpp"

#include "aws/arn.hpp"
#include "base/check.hpp"
#include "base/text.hpp"
#include "json/parse.hpp"
#include "json/write.hpp"
#include "localcloud/storage/keys.hpp"

namespace localcloud::iam {
namespace {

using storage::Key;

// A record that can't be read was not written by us: the store is damaged.
json::Value parse(std::string_view bytes) {
  auto value = json::parse(bytes);
  if (!value || !value->is_object()) throw storage::StorageFailure("an IAM record is damaged");
  return std::move(*value);
}

std::string text(const json::Value& value, std::string_view name) {
  return std::string(value.get_string(name).value_or(""));
}
base::Time time(const json::Value& value, std::string_view name) {
  return base::from_unix_us(value.get_int64(name).value_or(0));
}

json::Value write_map(const std::map<std::string, std::string>& map) {
  json::Object out;
  for (const auto& [name, value] : map) out.append(name, value);
  return out;
}
std::map<std::string, std::string> read_map(const json::Value& value, std::string_view name) {
  std::map<std::string, std::string> out;
  const json::Value* const map = value.find(name);
  if (map == nullptr || !map->is_object()) return out;
  for (const auto& [key, each] : map->as_object()) out.emplace(key, each.as_string());
  return out;
}

json::Object write_entity(const Entity& entity) {
  return {{"account", entity.account},
          {"name", entity.name},
          {"path", entity.path},
          {"id", entity.id},
          {"created", base::to_unix_us(entity.created)},
          {"tags", write_map(entity.tags)},
          {"policies", write_map(entity.policies)}};
}
void read_entity(const json::Value& value, Entity& entity) {
  entity.account = text(value, "account");
  entity.name = text(value, "name");
  entity.path = text(value, "path");
  entity.id = text(value, "id");
  entity.created = time(value, "created");
  entity.tags = read_map(value, "tags");
  entity.policies = read_map(value, "policies");
}

Key prefix_of(std::string_view kind, std::string_view account) {
  Key key("iam");
  key.add(kind).add(account);
  return key;
}

std::string id_key(std::string_view id) {
  return prefix_of("id", id).bytes();
}

std::string key_of_user(std::string_view account, std::string_view user_name, std::string_view access_key_id) {
  return prefix_of("key_of", account).add(base::lower(user_name)).add(access_key_id).bytes();
}

template <class T>
std::vector<T> list(const storage::Reader& reader, const Key& prefix, std::string_view path_prefix, Page page,
                    T (*read)(std::string_view)) {
  std::vector<T> found;
  Key from = prefix;
  if (!page.after.empty()) from.add(base::lower(page.after) + '\0');
  reader.scan(from, storage::after_prefix(prefix), [&](std::string_view, std::string_view bytes) {
    T each = read(bytes);
    if (each.path.starts_with(path_prefix)) found.push_back(std::move(each));
    return found.size() < page.count ? storage::Step::go_on : storage::Step::stop;
  });
  return found;
}

}  // namespace

std::string Role::arn() const {
  return aws::make_arn("iam", "", account, "role" + path + name);
}
std::string User::arn() const {
  return aws::make_arn("iam", "", account, "user" + path + name);
}

std::string role_key(std::string_view account, std::string_view name) {
  return prefix_of("role", account).add(base::lower(name)).bytes();
}
std::string user_key(std::string_view account, std::string_view name) {
  return prefix_of("user", account).add(base::lower(name)).bytes();
}
std::string access_key_key(std::string_view access_key_id) {
  return prefix_of("key", access_key_id).bytes();
}

Role read_role(std::string_view bytes) {
  const json::Value value = parse(bytes);
  Role role;
  read_entity(value, role);
  role.trust = text(value, "trust");
  role.description = text(value, "description");
  role.session_max_s = value.get_int64("session_max_s").value_or(3600);
  return role;
}

User read_user(std::string_view bytes) {
  User user;
  read_entity(parse(bytes), user);
  return user;
}

AccessKey read_access_key(std::string_view bytes) {
  const json::Value value = parse(bytes);
  return {.id = text(value, "id"),
          .account = text(value, "account"),
          .user_name = text(value, "user_name"),
          .user_id = text(value, "user_id"),
          .user_arn = text(value, "user_arn"),
          .sealed_secret = text(value, "sealed_secret"),
          .status = text(value, "status"),
          .created = time(value, "created")};
}

std::optional<Role> find_role(const storage::Reader& reader, std::string_view account, std::string_view name) {
  const auto bytes = reader.get(role_key(account, name));
  return bytes ? std::optional(read_role(*bytes)) : std::nullopt;
}
std::optional<User> find_user(const storage::Reader& reader, std::string_view account, std::string_view name) {
  const auto bytes = reader.get(user_key(account, name));
  return bytes ? std::optional(read_user(*bytes)) : std::nullopt;
}
std::optional<AccessKey> find_access_key(const storage::Reader& reader, std::string_view access_key_id) {
  const auto bytes = reader.get(access_key_key(access_key_id));
  return bytes ? std::optional(read_access_key(*bytes)) : std::nullopt;
}

std::optional<std::string> find_arn(const storage::Reader& reader, std::string_view id) {
  return reader.get(id_key(id));
}

void save(storage::Transaction& transaction, const Role& role) {
  json::Object value = write_entity(role);
  value.append("trust", role.trust);
  value.append("description", role.description);
  value.append("session_max_s", role.session_max_s);
  transaction.put(role_key(role.account, role.name), json::write(value));
  transaction.put(id_key(role.id), role.arn());
}
void save(storage::Transaction& transaction, const User& user) {
  transaction.put(user_key(user.account, user.name), json::write(write_entity(user)));
  transaction.put(id_key(user.id), user.arn());
}
void save(storage::Transaction& transaction, const AccessKey& key) {
  const json::Object value = {{"id", key.id},
                              {"account", key.account},
                              {"user_name", key.user_name},
                              {"user_id", key.user_id},
                              {"user_arn", key.user_arn},
                              {"sealed_secret", key.sealed_secret},
                              {"status", key.status},
                              {"created", base::to_unix_us(key.created)}};
  transaction.put(access_key_key(key.id), json::write(value));
  transaction.put(key_of_user(key.account, key.user_name, key.id), "");
}

void erase(storage::Transaction& transaction, const Role& role) {
  transaction.erase(role_key(role.account, role.name));
  transaction.erase(id_key(role.id));
}
void erase(storage::Transaction& transaction, const User& user) {
  transaction.erase(user_key(user.account, user.name));
  transaction.erase(id_key(user.id));
}
void erase(storage::Transaction& transaction, const AccessKey& key) {
  transaction.erase(access_key_key(key.id));
  transaction.erase(key_of_user(key.account, key.user_name, key.id));
}

std::vector<Role> find_roles(const storage::Reader& reader, std::string_view account, std::string_view path_prefix,
                             Page page) {
  return list<Role>(reader, prefix_of("role", account), path_prefix, page, &read_role);
}
std::vector<User> find_users(const storage::Reader& reader, std::string_view account, std::string_view path_prefix,
                             Page page) {
  return list<User>(reader, prefix_of("user", account), path_prefix, page, &read_user);
}

std::vector<AccessKey> find_access_keys(const storage::Reader& reader, std::string_view account,
                                        std::string_view user_name) {
  std::vector<AccessKey> keys;
  const Key prefix = prefix_of("key_of", account).add(base::lower(user_name));
  reader.scan(prefix, storage::after_prefix(prefix), [&](std::string_view key, std::string_view) {
    storage::KeyReader parts(key);
    for (int i = 0; i < 4; ++i) parts.text();
    if (auto found = find_access_key(reader, parts.text())) keys.push_back(std::move(*found));
    return storage::Step::go_on;
  });
  return keys;
}

bool has_account(const storage::Reader& reader, std::string_view account) {
  return reader.get(prefix_of("account", account)).has_value();
}
base::Time account_created(const storage::Reader& reader, std::string_view account) {
  const auto created = reader.get(prefix_of("account", account));
  return base::from_unix_us(created ? base::to_number<std::int64_t>(*created).value_or(0) : 0);
}
void save_account(storage::Transaction& transaction, std::string_view account, base::Time created) {
  transaction.put(prefix_of("account", account), std::to_string(base::to_unix_us(created)));
}

}  // namespace localcloud::iam
