// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/secure_buffer.h"

#include <openssl/crypto.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
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

const size_t kPage = static_cast<size_t>(sysconf(_SC_PAGESIZE));

// From here on a buffer is pages of its own, which go back to the system with it. Heaps keep what
// was freed between other things: of the pieces of material that a service holds by turns, more and
// more.
constexpr size_t kMapped = size_t{1} << 20;

// Pages at a multiple of a power of two, at least of a page.
uint8_t* Map(size_t bytes, size_t alignment) {
  const size_t room = alignment - kPage;  // to get there
  if (bytes > std::numeric_limits<size_t>::max() - room) throw std::bad_alloc();
  void* const mapped =
      mmap(nullptr, bytes + room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  auto* const all = static_cast<uint8_t*>(mapped);
  const size_t before = -reinterpret_cast<uintptr_t>(all) & (alignment - 1);
  if (before > 0) munmap(all, before);
  if (room > before) munmap(all + before + bytes, room - before);
  if (alignment >= kHugePage) madvise(all + before, bytes, MADV_HUGEPAGE);  // a hint: may fail
  return all + before;
}

std::atomic<bool> locking_was_refused{false};

}  // namespace

SecureBuffer::SecureBuffer(size_t bytes) : size_(bytes) {
  if (bytes == 0) return;
  if (bytes >= kMapped) {
    data_ = Map(AllocationBytes(), bytes >= kHugePage ? kHugePage : kPage);
  } else {
    Allocate(kAlignment);
  }
  std::memset(data_, 0, AllocationBytes());  // mapped ones too: they are there from now on
}

SecureBuffer SecureBuffer::Locked(size_t bytes) {
  SecureBuffer buffer;
  if (bytes == 0) return buffer;
  buffer.size_ = bytes;
  buffer.locked_ = true;
  buffer.Allocate(kPage);
  if (mlock(buffer.data_, buffer.AllocationBytes()) != 0) locking_was_refused = true;
  madvise(buffer.data_, buffer.AllocationBytes(), MADV_DONTDUMP);
  std::memset(buffer.data_, 0, buffer.AllocationBytes());
  return buffer;
}

SecureBuffer SecureBuffer::LockedCopyOf(std::span<const uint8_t> bytes) {
  SecureBuffer copy = Locked(bytes.size());
  if (!bytes.empty()) std::memcpy(copy.data(), bytes.data(), bytes.size());
  return copy;
}

bool SecureBuffer::LockingWasRefused() { return locking_was_refused; }

void SecureBuffer::Allocate(size_t alignment) {
  data_ = static_cast<uint8_t*>(std::aligned_alloc(alignment, AllocationBytes()));
  if (data_ == nullptr) throw std::bad_alloc();
}

size_t SecureBuffer::AllocationBytes() const {
  if (size_ >= kHugePage) return RoundUp(size_, kHugePage);
  return RoundUp(size_, locked_ || size_ >= kMapped ? kPage : kAlignment);
}

SecureBuffer& SecureBuffer::operator=(SecureBuffer&& other) noexcept {
  if (this != &other) {
    Free();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
    locked_ = std::exchange(other.locked_, false);
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
  OPENSSL_cleanse(data_, AllocationBytes());
  if (locked_) {
    madvise(data_, AllocationBytes(), MADV_DODUMP);
    munlock(data_, AllocationBytes());
  }
  if (!locked_ && size_ >= kMapped)
    munmap(data_, AllocationBytes());
  else
    std::free(data_);
  data_ = nullptr;
  size_ = 0;
  locked_ = false;
}

void CleanseMemory(std::span<uint8_t> bytes) { OPENSSL_cleanse(bytes.data(), bytes.size()); }

}  // namespace mpcc
