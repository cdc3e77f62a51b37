// SPDX-License-Identifier: Apache-2.0
// An owned byte buffer for secrets: shares, masks, keys, material.
#ifndef MPCC_RUNTIME_BASE_SECURE_BUFFER_H_
#define MPCC_RUNTIME_BASE_SECURE_BUFFER_H_

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace mpcc {

// 64-byte aligned, zero when made, zeroised when freed, movable and not copyable. The allocation
// is rounded up to whole 64-byte blocks, so a vector load that starts inside the buffer stays
// inside the allocation; the padding reads as zero until someone writes there.
// Throws std::bad_alloc when memory is exhausted. Not thread-safe, like a vector.
class SecureBuffer {
 public:
  static constexpr size_t kAlignment = 64;

  SecureBuffer() = default;
  explicit SecureBuffer(size_t bytes);
  ~SecureBuffer() { Free(); }

  SecureBuffer(SecureBuffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        locked_(std::exchange(other.locked_, false)) {}
  SecureBuffer& operator=(SecureBuffer&& other) noexcept;
  SecureBuffer(const SecureBuffer&) = delete;
  SecureBuffer& operator=(const SecureBuffer&) = delete;

  // A buffer with a copy of the bytes.
  static SecureBuffer CopyOf(std::span<const uint8_t> bytes);

  // For seeds: in whole pages of its own, which are neither swapped out nor dumped, where the
  // system allows it (RLIMIT_MEMLOCK); a buffer like others where it does not.
  static SecureBuffer Locked(size_t bytes);
  static SecureBuffer LockedCopyOf(std::span<const uint8_t> bytes);
  // Whether the system refused to lock one so far.
  static bool LockingWasRefused();

  uint8_t* data() { return data_; }
  const uint8_t* data() const { return data_; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // The buffer as elements of T. REQUIRES: size() is a multiple of sizeof(T).
  template <typename T = uint8_t>
  std::span<T> span() {
    assert(size_ % sizeof(T) == 0);
    return {reinterpret_cast<T*>(data_), size_ / sizeof(T)};
  }
  template <typename T = uint8_t>
  std::span<const T> span() const {
    assert(size_ % sizeof(T) == 0);
    return {reinterpret_cast<const T*>(data_), size_ / sizeof(T)};
  }

  // Overwrites the content with zeros in a way the compiler may not remove.
  void Cleanse();

 private:
  void Allocate(size_t alignment);
  void Free();
  size_t AllocationBytes() const;

  uint8_t* data_ = nullptr;
  size_t size_ = 0;
  bool locked_ = false;
};

// Overwrites secrets that live elsewhere (a stack array, a std::array member) with zeros.
void CleanseMemory(std::span<uint8_t> bytes);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_SECURE_BUFFER_H_
