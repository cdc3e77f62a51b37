// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/socket_io.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <cerrno>
#include <cstring>

namespace mpcc {
namespace {

constexpr int kFlags = MSG_NOSIGNAL | MSG_DONTWAIT;

template <typename Byte>
struct Vectors {
  Vectors(std::span<Byte> head, std::span<Byte> body) {
    for (std::span<Byte> part : {head, body}) {
      if (part.empty()) continue;
      iov[message.msg_iovlen++] = {const_cast<uint8_t*>(part.data()), part.size()};
    }
    message.msg_iov = iov;
  }
  iovec iov[2];
  msghdr message{};
};

IoResult Failed(int error, short wants) {
  if (error == EAGAIN || error == EWOULDBLOCK || error == EINTR) return {0, wants, {}};
  if (error == EPIPE || error == ECONNRESET) {
    return {0, 0, absl::UnavailableError("reset the connection")};
  }
  return {0, 0, absl::UnavailableError(fmt::format("is out of reach: {}", std::strerror(error)))};
}

}  // namespace

IoResult SocketWrite(int fd, std::span<const uint8_t> head, std::span<const uint8_t> body) {
  const Vectors<const uint8_t> vectors(head, body);
  const ssize_t bytes = sendmsg(fd, &vectors.message, kFlags);
  if (bytes < 0) return Failed(errno, POLLOUT);
  return {static_cast<size_t>(bytes), 0, {}};
}

IoResult SocketRead(int fd, std::span<uint8_t> head, std::span<uint8_t> body) {
  Vectors<uint8_t> vectors(head, body);
  const ssize_t bytes = recvmsg(fd, &vectors.message, kFlags);
  if (bytes < 0) return Failed(errno, POLLIN);
  if (bytes == 0) return {0, 0, absl::UnavailableError("closed the connection")};
  return {static_cast<size_t>(bytes), 0, {}};
}

bool SocketEnded(int fd) {
  uint8_t next = 0;
  const ssize_t bytes = recv(fd, &next, 1, kFlags | MSG_PEEK);
  return bytes == 0 || (bytes < 0 && Failed(errno, POLLIN).wants == 0);
}

bool SocketClosed(int fd) {
  pollfd socket{fd, POLLRDHUP, 0};
  return poll(&socket, 1, 0) > 0;
}

void PrepareSocket(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
  fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

std::string RemoteAddress(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  char host[NI_MAXHOST], port[NI_MAXSERV];
  if (getpeername(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      (address.ss_family != AF_INET && address.ss_family != AF_INET6) ||
      getnameinfo(reinterpret_cast<sockaddr*>(&address), size, host, sizeof(host), port,
                  sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    return "a local socket";
  }
  return address.ss_family == AF_INET6 ? fmt::format("[{}]:{}", host, port)
                                       : fmt::format("{}:{}", host, port);
}

}  // namespace mpcc
