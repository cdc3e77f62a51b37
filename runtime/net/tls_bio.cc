// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/tls_bio.h"

#include <openssl/bio.h>

#include <cstdint>

#include "runtime/net/socket_io.h"

namespace mpcc {
namespace {

int FdOf(BIO* bio) { return static_cast<int>(reinterpret_cast<intptr_t>(BIO_get_data(bio))); }

int Answer(BIO* bio, const IoResult& result, size_t* moved, int retry_flag) {
  BIO_clear_retry_flags(bio);
  if (result.wants != 0) BIO_set_flags(bio, retry_flag | BIO_FLAGS_SHOULD_RETRY);
  *moved = result.bytes;
  return result.bytes > 0 ? 1 : 0;
}

int Write(BIO* bio, const char* data, size_t size, size_t* written) {
  const std::span<const uint8_t> bytes(reinterpret_cast<const uint8_t*>(data), size);
  return Answer(bio, SocketWrite(FdOf(bio), {}, bytes), written, BIO_FLAGS_WRITE);
}

int Read(BIO* bio, char* data, size_t size, size_t* read) {
  const std::span<uint8_t> bytes(reinterpret_cast<uint8_t*>(data), size);
  const IoResult result = SocketRead(FdOf(bio), {}, bytes);
  if (!result.status.ok()) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return Answer(bio, result, read, BIO_FLAGS_READ);
}

long Control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_FLUSH) return 1;
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
  return 0;
}

BIO_METHOD* MakeMethod() {
  BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "mpcc socket");
  if (method == nullptr) return nullptr;
  BIO_meth_set_write_ex(method, Write);
  BIO_meth_set_read_ex(method, Read);
  BIO_meth_set_ctrl(method, Control);
  return method;
}

}  // namespace

BIO* NewSocketBio(int fd) {
  static BIO_METHOD* const method = MakeMethod();  // lives as long as the process
  BIO* bio = method != nullptr ? BIO_new(method) : nullptr;
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<intptr_t>(fd)));
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace mpcc
