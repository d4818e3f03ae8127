// What does HTTP alone cost? The listener with a handler that answers at once, on one thread, beside a bare epoll loop
// and nginx: no signature, no service, no disk.

#include <unistd.h>

#include "bench/limits.hpp"
#include "bench/report.hpp"
#include "localcloud/wire/http/server.hpp"

namespace {

using namespace bench;
namespace http = localcloud::wire::http;

base::Task<http::Reply> answer(http::Body& body) {
  (void)co_await http::read_all(body, 1 << 20);
  http::Reply reply;
  reply.body = "{}";
  co_return reply;
}

void serve(std::uint16_t port) {
  http::Server server({.threads = 1});
  server.listen("127.0.0.1", port, [](http::Request&, http::Body& body) { return answer(body); });
  server.start();
  ::pause();
}

void measure(const Settings& settings) {
  const std::string body(300, 'b');
  const Load load{
      .requests = {"POST /v1/events HTTP/1.1\r\nhost: localhost:8080\r\nuser-agent: bench\r\naccept: */*\r\n"
                   "content-type: application/json\r\nx-write-key: 0123456789abcdef\r\n"
                   "content-length: 300\r\n\r\n" +
                   body},
      .connections = settings.connections,
      .seconds = settings.seconds};
  const Floor epoll = epoll_floor(load);
  const Limit limit{"bare epoll", epoll.measured.per_s()};
  const auto show = [&](std::string name, const Floor& floor, std::optional<Limit> beside) {
    if (name.find(settings.only) == std::string::npos) return;
    const double answered = std::max(1.0, static_cast<double>(floor.measured.answered));
    print(settings, {.name = std::move(name),
                     .value = floor.measured.per_s(),
                     .unit = "/s",
                     .limit = std::move(beside),
                     .server_cpu_us = floor.server_cpu_us,
                     .client_cpu_us = floor.measured.client_cpu_s * 1e6 / answered});
  };
  show("http, one thread: bare epoll", epoll, {});
  if (const auto nginx = nginx_floor(load)) show("http, one thread: nginx", *nginx, limit);
  show("http, one thread: the listener", floor_of(load, &serve), limit);
}

}  // namespace

int main(int argc, char** argv) {
  return bench::measure_and_report(argc, argv, "HTTP alone: the listener beside a bare epoll loop and nginx.",
                                   &measure);
}
