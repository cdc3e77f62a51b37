// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_RUNTIME_NET_TLS_BIO_H_
#define MPCC_RUNTIME_NET_TLS_BIO_H_

#include <openssl/types.h>

namespace mpcc {

// A BIO over a socket that does not wait and, unlike OpenSSL's own, never raises SIGPIPE. The
// caller owns the result (or hands it to SSL_set_bio) and keeps `fd` open meanwhile. Null when
// memory is gone.
BIO* NewSocketBio(int fd);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_NET_TLS_BIO_H_
