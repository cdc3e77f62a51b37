// SPDX-License-Identifier: Apache-2.0
#include "tools/cleansed_memory.h"

#include <gtest/gtest.h>
#include <malloc.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace mpcc {
namespace {

// Not where the allocator is a sanitizer's, nor with Clang.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && !defined(__clang__)
constexpr size_t kBytes = 512;  // the allocator gives what was freed last

// How often 'x' is in the memory that the next allocation of this size gets.
int64_t LeftBehind() {
  auto* const memory = static_cast<char*>(std::malloc(kBytes));
  const auto left = std::count(memory, memory + kBytes, 'x');
  std::free(memory);
  return left;
}

TEST(CleansedMemory, OfNewIsEmptyWhenItIsFree) {
  auto* volatile freed = static_cast<char*>(std::malloc(kBytes));
  std::memset(freed, 'x', kBytes);
  std::free(freed);
  EXPECT_GT(LeftBehind(), 400) << "what is freed otherwise stays";
  auto* volatile memory = new char[kBytes];
  std::memset(memory, 'x', kBytes);
  delete[] memory;
  EXPECT_EQ(LeftBehind(), 0);
}

TEST(CleansedMemory, OfOpensslIsEmptyWhenItIsFree) {
  CleanseOpensslMemory();
  void* volatile memory = OPENSSL_malloc(kBytes);
  std::memset(memory, 'x', kBytes);
  void* volatile larger = OPENSSL_realloc(memory, 8 * kBytes);
  EXPECT_EQ(static_cast<char*>(larger)[kBytes - 1], 'x');
  EXPECT_EQ(LeftBehind(), 0);
  OPENSSL_free(larger);
}
#endif

TEST(CleansedMemory, OfAnyAlignmentComesAndGoes) {
  struct alignas(256) Aligned {
    char bytes[300];
  };
  const auto* const one = new Aligned;
  EXPECT_EQ(reinterpret_cast<uintptr_t>(one) % 256, 0u);
  delete one;
}

}  // namespace
}  // namespace mpcc
