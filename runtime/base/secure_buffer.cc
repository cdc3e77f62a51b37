// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/secure_buffer.h"

#include <openssl/crypto.h>
#include <sys/mman.h>

#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>

namespace mpcc {
namespace {

// Weights are read once per token bucket: large pages save most of their TLB misses.
constexpr size_t kHugePage = size_t{2} << 20;

size_t RoundUp(size_t bytes, size_t to) {
  if (bytes > std::numeric_limits<size_t>::max() - (to - 1)) throw std::bad_alloc();
  return (bytes + to - 1) / to * to;
}

size_t AllocationBytes(size_t bytes) {
  return RoundUp(bytes, bytes >= kHugePage ? kHugePage : SecureBuffer::kAlignment);
}

}  // namespace

SecureBuffer::SecureBuffer(size_t bytes) : size_(bytes) {
  if (bytes == 0) return;
  const size_t allocated = AllocationBytes(bytes);
  void* memory = std::aligned_alloc(bytes >= kHugePage ? kHugePage : kAlignment, allocated);
  if (memory == nullptr) throw std::bad_alloc();
  if (bytes >= kHugePage) madvise(memory, allocated, MADV_HUGEPAGE);  // a hint: may fail
  std::memset(memory, 0, allocated);
  data_ = static_cast<uint8_t*>(memory);
}

SecureBuffer& SecureBuffer::operator=(SecureBuffer&& other) noexcept {
  if (this != &other) {
    Free();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

SecureBuffer SecureBuffer::CopyOf(std::span<const uint8_t> bytes) {
  SecureBuffer copy(bytes.size());
  if (!bytes.empty()) std::memcpy(copy.data(), bytes.data(), bytes.size());
  return copy;
}

void SecureBuffer::Cleanse() { CleanseMemory({data_, size_}); }

void SecureBuffer::Free() {
  if (data_ == nullptr) return;
  // The padding too: vector stores may have written there.
  OPENSSL_cleanse(data_, AllocationBytes(size_));
  std::free(data_);
  data_ = nullptr;
  size_ = 0;
}

void CleanseMemory(std::span<uint8_t> bytes) { OPENSSL_cleanse(bytes.data(), bytes.size()); }

}  // namespace mpcc
