// What is kept of who sent a request: the policy of addresses, the browser's name for itself.

#include "pipeline/collect_to_s3/address.hpp"

#include "pipeline/collect_to_s3/app_for_tests.hpp"

namespace pipeline::collect_to_s3 {
namespace {

// Each form of an address, under each policy.
TEST(Address, policies) {
  struct Case {
    std::string address, truncated, kept;
  };
  const Case cases[] = {
      {"192.0.2.7", "192.0.2.0", "192.0.2.7"},
      {"::ffff:192.0.2.7", "192.0.2.0", "192.0.2.7"},
      {"2001:db8:1:2:3:4:5:6", "2001:db8:1::", "2001:db8:1:2:3:4:5:6"},
      {"2001:0DB8:0001::0006", "2001:db8:1::", "2001:db8:1::6"},
      {"2002:c000:0207::1", "2002:c000:200::", "2002:c000:207::1"},  // 192.0.2.7 by 6to4
      {"::1", "::", "::1"},
      {"192.0.2", "", ""},
      {"192.0.2.7, 203.0.113.9", "", ""},
      {"fe80::1%eth0", "", ""},
      {"", "", ""},
  };
  for (const auto& [address, truncated, kept] : cases) {
    EXPECT_EQ(kept_address(address, AddressPolicy::drop), "") << address;
    EXPECT_EQ(kept_address(address, AddressPolicy::truncate), truncated) << address;
    EXPECT_EQ(kept_address(address, AddressPolicy::keep), kept) << address;
  }
}

class Kept : public Collect {
 protected:
  event::Envelope line_of(AddressPolicy address, UserAgentPolicy user_agent) {
    Config config{.bucket = "b", .state_machine_arn = "arn:machine"};
    config.address = address;
    config.user_agent = user_agent;
    App instance(config, client, clock, ids);
    const Answer answer = send_to(instance, {.body = R"({"type":"click","user_id":"u"})",
                                             .headers = {{"authorization", "Bearer key-1"},
                                                         {"user-agent", std::string(600, 'x')},
                                                         {"x-forwarded-for", "203.0.113.9"},
                                                         {"forwarded", "for=203.0.113.9"}}});
    EXPECT_EQ(answer.status, 200);
    return take_stored().at(0);
  }
};

// By default a line says nothing of the connection; where it does, it is the connection's own address and not what a
// header claims, and the user agent has an end.
TEST_F(Kept, in_the_raw_line) {
  send({.body = R"({"type":"click","user_id":"u"})"});
  EXPECT_EQ(client.objects[only_key("raw/")].body.find("192.0.2"), std::string::npos);
  EXPECT_EQ(take_stored().at(0).address, "");
  EXPECT_EQ(line_of(AddressPolicy::drop, UserAgentPolicy::drop).address, "");
  EXPECT_EQ(line_of(AddressPolicy::drop, UserAgentPolicy::drop).user_agent, "");
  EXPECT_EQ(line_of(AddressPolicy::truncate, UserAgentPolicy::drop).address, "192.0.2.0");
  EXPECT_EQ(line_of(AddressPolicy::keep, UserAgentPolicy::keep).address, "192.0.2.7");
  EXPECT_EQ(line_of(AddressPolicy::keep, UserAgentPolicy::keep).user_agent, std::string(512, 'x'));
}

// Whatever the policy, no address and no user agent is logged, nor kept with a body that can't be decoded.
TEST_F(Kept, nowhere_else) {
  Config config{.bucket = "b", .state_machine_arn = "arn:machine"};
  config.address = AddressPolicy::keep;
  config.user_agent = UserAgentPolicy::keep;
  App instance(config, client, clock, ids);
  const std::vector<std::pair<std::string, std::string>> headers = {{"authorization", "Bearer key-1"},
                                                                    {"user-agent", "agent-7"}};
  send_to(instance, {.body = R"({"type":"click","user_id":"u"})", .headers = headers});
  send_to(instance, {.body = "{nonsense", .headers = headers});
  std::string said = client.objects[only_key("quarantine/")].body;
  for (const std::string& line : lines.lines) said += line;
  EXPECT_NE(said.find("nonsense"), std::string::npos);
  EXPECT_EQ(said.find("192.0.2"), std::string::npos);
  EXPECT_EQ(said.find("agent-7"), std::string::npos);
}

}  // namespace
}  // namespace pipeline::collect_to_s3
