// inet_diag names the socket's inode; /proc/PID/fd says who holds it.

#include "localcloud/services/lambda/runtime/peer.hpp"

#include <arpa/inet.h>
#include <dirent.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>

#include "base/text.hpp"

namespace localcloud::lambda {

namespace {

std::uint32_t socket_inode(std::uint16_t client_port, std::uint16_t server_port) {
  const int netlink = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (netlink < 0) return 0;
  struct {
    nlmsghdr header;
    inet_diag_req_v2 request;
  } question{};
  question.header.nlmsg_len = sizeof question;
  question.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  question.header.nlmsg_flags = NLM_F_REQUEST;
  question.request.sdiag_family = AF_INET;
  question.request.sdiag_protocol = IPPROTO_TCP;
  question.request.idiag_states = ~0U;
  question.request.id.idiag_sport = htons(client_port);
  question.request.id.idiag_dport = htons(server_port);
  question.request.id.idiag_src[0] = htonl(INADDR_LOOPBACK);
  question.request.id.idiag_dst[0] = htonl(INADDR_LOOPBACK);
  question.request.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
  question.request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  std::uint32_t inode = 0;
  alignas(nlmsghdr) char answer[4096];
  if (send(netlink, &question, sizeof question, 0) == static_cast<ssize_t>(sizeof question)) {
    const ssize_t count = recv(netlink, answer, sizeof answer, 0);
    const auto* const header = reinterpret_cast<const nlmsghdr*>(answer);
    if (count >= static_cast<ssize_t>(sizeof(nlmsghdr)) && NLMSG_OK(header, static_cast<unsigned>(count)) &&
        header->nlmsg_type == SOCK_DIAG_BY_FAMILY) {
      inode = static_cast<const inet_diag_msg*>(NLMSG_DATA(header))->idiag_inode;
    }
  }
  close(netlink);
  return inode;
}

bool holds_socket(pid_t pid, std::uint32_t inode) {
  const std::string folder = "/proc/" + std::to_string(pid) + "/fd";
  const std::string wanted = "socket:[" + std::to_string(inode) + "]";
  DIR* const directory = opendir(folder.c_str());
  if (!directory) return false;
  bool found = false;
  while (const dirent* entry = readdir(directory)) {
    char target[64];
    const ssize_t length = readlinkat(dirfd(directory), entry->d_name, target, sizeof target);
    if (length > 0 && std::string_view(target, static_cast<std::size_t>(length)) == wanted) {
      found = true;
      break;
    }
  }
  closedir(directory);
  return found;
}

}  // namespace

bool holds_connection(pid_t pid, std::uint16_t client_port, std::uint16_t server_port) {
  const std::uint32_t inode = socket_inode(client_port, server_port);
  if (inode == 0) return false;
  if (holds_socket(pid, inode)) return true;
  // A shell's bootstrap lets a child of its own (curl) do the talking.
  DIR* const processes = opendir("/proc");
  if (!processes) return false;
  bool found = false;
  while (const dirent* entry = readdir(processes)) {
    const auto other = base::to_number<pid_t>(entry->d_name);
    if (other && *other != pid && getsid(*other) == pid && holds_socket(*other, inode)) {
      found = true;
      break;
    }
  }
  closedir(processes);
  return found;
}

}  // namespace localcloud::lambda
