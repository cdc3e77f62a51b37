// SPDX-License-Identifier: Apache-2.0
// System calls on a stream socket that neither wait nor raise SIGPIPE.
#ifndef MPCC_RUNTIME_NET_SOCKET_IO_H_
#define MPCC_RUNTIME_NET_SOCKET_IO_H_

#include <string>

#include "runtime/net/byte_stream.h"

namespace mpcc {

IoResult SocketWrite(int fd, std::span<const uint8_t> head, std::span<const uint8_t> body);
IoResult SocketRead(int fd, std::span<uint8_t> head, std::span<uint8_t> body);

// Whether the peer has closed, or reset, and nothing that it sent is left to read.
bool SocketEnded(int fd);

// Whether the peer has closed, or reset, whatever is left to read.
bool SocketClosed(int fd);

// Turns off the system's delays and waiting on a connected socket; best effort.
void PrepareSocket(int fd);

// "127.0.0.1:9102", "[::1]:9102", or "a local socket".
std::string RemoteAddress(int fd);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_SOCKET_IO_H_
