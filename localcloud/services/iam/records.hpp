#pragma once
// What IAM stores, and under which keys: the only file that knows them.
//
//   iam account <account>                      the account's creation
//   iam role    <account> <lower-case name>    a role, its trust and its inline policies
//   iam user    <account> <lower-case name>    a user and its inline policies
//   iam id      <unique id>                    the ARN of the role or user that has it
//   iam key     <access key id>                an access key, whose secret is sealed
//   iam key_of  <account> <lower-case name> <access key id>    the keys of a user; of the root user under ""

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "localcloud/storage/store.hpp"

namespace localcloud::iam {

using Tags = std::map<std::string, std::string>;
using InlinePolicies = std::map<std::string, std::string>;  // the documents as they were given, by name

// What roles and users have in common.
struct Entity {
  std::string account;
  std::string name;
  std::string path = "/";
  std::string id;  // AROA…, AIDA…
  base::Time created;
  Tags tags;
  InlinePolicies policies;
};

struct Role : Entity {
  std::string trust;
  std::string description;
  std::int64_t session_max_s = 3600;

  std::string arn() const;
};

struct User : Entity {
  std::string arn() const;
};

struct AccessKey {
  std::string id;
  std::string account;
  std::string user_name;  // empty: the account's root user
  std::string user_id;
  std::string user_arn;
  std::string sealed_secret;
  std::string status = "Active";
  base::Time created;
};

std::string role_key(std::string_view account, std::string_view name);
std::string user_key(std::string_view account, std::string_view name);
std::string access_key_key(std::string_view access_key_id);

Role read_role(std::string_view bytes);
User read_user(std::string_view bytes);
AccessKey read_access_key(std::string_view bytes);

std::optional<Role> find_role(const storage::Reader& reader, std::string_view account, std::string_view name);
std::optional<User> find_user(const storage::Reader& reader, std::string_view account, std::string_view name);
std::optional<AccessKey> find_access_key(const storage::Reader& reader, std::string_view access_key_id);
// The ARN of the role or user whose unique id this is.
std::optional<std::string> find_arn(const storage::Reader& reader, std::string_view id);

void save(storage::Transaction& transaction, const Role& role);
void save(storage::Transaction& transaction, const User& user);
void save(storage::Transaction& transaction, const AccessKey& key);
void erase(storage::Transaction& transaction, const Role& role);
void erase(storage::Transaction& transaction, const User& user);
void erase(storage::Transaction& transaction, const AccessKey& key);

// In the order of their lower-case names, from after `after` on: as many as `count`.
struct Page {
  std::string_view after;  // the name of the last one that was seen, or empty
  std::size_t count = 100;
};
std::vector<Role> find_roles(const storage::Reader& reader, std::string_view account, std::string_view path_prefix,
                             Page page);
std::vector<User> find_users(const storage::Reader& reader, std::string_view account, std::string_view path_prefix,
                             Page page);
// Of a user, or of the root user where the name is empty; at most a handful.
std::vector<AccessKey> find_access_keys(const storage::Reader& reader, std::string_view account,
                                        std::string_view user_name);

bool has_account(const storage::Reader& reader, std::string_view account);
base::Time account_created(const storage::Reader& reader, std::string_view account);
void save_account(storage::Transaction& transaction, std::string_view account, base::Time created);

}  // namespace localcloud::iam
