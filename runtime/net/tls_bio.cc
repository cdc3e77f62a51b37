// SPDX-License-Identifier: Apache-2.0
#include "runtime/net/tls_bio.h"

#include <openssl/bio.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "runtime/net/socket_io.h"

namespace mpcc {
namespace {

// Four full records: enough to spread the cost of a system call, few enough that the peer can
// decrypt the first while the rest is still being encrypted.
constexpr size_t kBufferBytes = 4 * (16384 + 256) + 1024;

// Bytes [begin, end) of `bytes` wait to be moved on. They are ciphertext.
struct Queue {
  std::vector<uint8_t> bytes = std::vector<uint8_t>(kBufferBytes);
  size_t begin = 0, end = 0;

  size_t size() const { return end - begin; }
  size_t room() const { return bytes.size() - end; }
  void Drop(size_t count) {
    begin += count;
    if (begin == end) begin = end = 0;
  }
};

struct SocketBuffer {
  int fd;
  Queue in, out;
};

SocketBuffer& BufferOf(BIO* bio) { return *static_cast<SocketBuffer*>(BIO_get_data(bio)); }

IoResult Flush(SocketBuffer& buffer) {
  Queue& out = buffer.out;
  while (out.size() > 0) {
    IoResult result = SocketWrite(buffer.fd, {}, {&out.bytes[out.begin], out.size()});
    if (result.bytes == 0) return result;
    out.Drop(result.bytes);
  }
  return {};
}

int Answer(BIO* bio, const IoResult& result, int retry_flag) {
  if (result.wants != 0) BIO_set_flags(bio, retry_flag | BIO_FLAGS_SHOULD_RETRY);
  return 0;
}

int Write(BIO* bio, const char* data, size_t size, size_t* written) {
  BIO_clear_retry_flags(bio);
  SocketBuffer& buffer = BufferOf(bio);
  if (buffer.out.room() < size) {
    const IoResult result = Flush(buffer);
    if (buffer.out.size() > 0) return Answer(bio, result, BIO_FLAGS_WRITE);
  }
  *written = std::min(size, buffer.out.room());
  std::memcpy(&buffer.out.bytes[buffer.out.end], data, *written);
  buffer.out.end += *written;
  return 1;
}

int Read(BIO* bio, char* data, size_t size, size_t* read) {
  BIO_clear_retry_flags(bio);
  SocketBuffer& buffer = BufferOf(bio);
  Queue& in = buffer.in;
  if (in.size() == 0) {
    const IoResult result = SocketRead(buffer.fd, {}, in.bytes);
    if (!result.status.ok()) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    if (result.bytes == 0) return Answer(bio, result, BIO_FLAGS_READ);
    in.end = result.bytes;
  }
  *read = std::min(size, in.size());
  std::memcpy(data, &in.bytes[in.begin], *read);
  in.Drop(*read);
  return 1;
}

long Control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0;
  if (command != BIO_CTRL_FLUSH) return 0;
  BIO_clear_retry_flags(bio);
  const IoResult result = Flush(BufferOf(bio));
  return result.wants == 0 && result.status.ok() ? 1 : Answer(bio, result, BIO_FLAGS_WRITE);
}

int Destroy(BIO* bio) {
  delete static_cast<SocketBuffer*>(BIO_get_data(bio));
  return 1;
}

BIO_METHOD* MakeMethod() {
  BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "mpcc socket");
  if (method == nullptr) return nullptr;
  BIO_meth_set_write_ex(method, Write);
  BIO_meth_set_read_ex(method, Read);
  BIO_meth_set_ctrl(method, Control);
  BIO_meth_set_destroy(method, Destroy);
  return method;
}

}  // namespace

BIO* NewSocketBio(int fd) {
  static BIO_METHOD* const method = MakeMethod();  // lives as long as the process
  BIO* bio = method != nullptr ? BIO_new(method) : nullptr;
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, new SocketBuffer{fd, {}, {}});
  BIO_set_init(bio, 1);
  return bio;
}

size_t SocketBioRoom(BIO* bio) { return BufferOf(bio).out.room(); }

IoResult FlushSocketBio(BIO* bio) { return Flush(BufferOf(bio)); }

}  // namespace mpcc
