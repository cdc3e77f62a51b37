// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_RUNTIME_NET_TLS_BIO_H_
#define MPCC_RUNTIME_NET_TLS_BIO_H_

#include <openssl/types.h>

#include <cstddef>

#include "runtime/net/byte_stream.h"

namespace mpcc {

// A BIO over a socket that does not wait. Unlike OpenSSL's own it never raises SIGPIPE, and it
// gathers several records for one system call in each direction: what is written to it stays in a
// buffer until BIO_flush, FlushSocketBio, or the buffer is full.
//
// The caller owns the result (or hands it to SSL_set_bio) and keeps `fd` open meanwhile. Null when
// memory is gone.
BIO* NewSocketBio(int fd);

// Room left in the buffer for writes.
size_t SocketBioRoom(BIO* bio);

// Sends the buffered bytes. Nothing is left when the answer wants nothing and is OK.
IoResult FlushSocketBio(BIO* bio);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_TLS_BIO_H_
