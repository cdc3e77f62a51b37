// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/secure_buffer.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <memory>
#include <new>
#include <string>
#include <type_traits>
#include <vector>

namespace mpcc {
namespace {

static_assert(!std::is_copy_constructible_v<SecureBuffer>);
static_assert(std::is_nothrow_move_constructible_v<SecureBuffer>);

bool AllZero(std::span<const uint8_t> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](uint8_t b) { return b == 0; });
}

TEST(SecureBuffer, IsAlignedAndZeroAtEverySize) {
  for (size_t bytes : {size_t{1}, size_t{63}, size_t{64}, size_t{65}, size_t{1} << 20,
                       (size_t{1} << 20) + 1, (size_t{2} << 20) - 1, size_t{3} << 20}) {
    SecureBuffer buffer(bytes);
    EXPECT_EQ(buffer.size(), bytes);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(buffer.data()) % SecureBuffer::kAlignment, 0u);
    EXPECT_TRUE(AllZero(buffer.span()));
  }
}

// kB of this process's memory that are locked.
long LockedKilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (long kilobytes = 0; word == "VmLck:" && status >> kilobytes) return kilobytes;
  return -1;
}

// Sanitizers say that memory is locked, and lock none.
bool LocksAreIgnored() {
  alignas(4096) static char page[4096];
  const long before = LockedKilobytes();
  if (mlock(page, sizeof(page)) != 0) return false;
  const bool ignored = LockedKilobytes() == before;
  munlock(page, sizeof(page));
  return ignored;
}

TEST(SecureBuffer, SeedsAreLocked) {
  if (LocksAreIgnored()) GTEST_SKIP() << "a sanitizer ignores mlock";
  const long before = LockedKilobytes();
  {
    SecureBuffer seed = SecureBuffer::LockedCopyOf(std::array<uint8_t, 3>{1, 2, 3});
    EXPECT_EQ(seed.span()[2], 3);
    EXPECT_EQ(LockedKilobytes() > before, !SecureBuffer::LockingWasRefused());
    SecureBuffer moved = std::move(seed);
    EXPECT_EQ(moved.size(), 3u);
    EXPECT_TRUE(seed.empty());  // NOLINT(bugprone-use-after-move)
  }
  EXPECT_EQ(LockedKilobytes(), before);
}

// Ends a process of a user who may lock nothing, well if a seed is there all the same.
[[noreturn]] void LockNothing() {
  const rlimit none{0, 0};
  if (setrlimit(RLIMIT_MEMLOCK, &none) != 0 || (getuid() == 0 && setuid(65534) != 0)) std::_Exit(2);
  const SecureBuffer seed = SecureBuffer::Locked(32);
  std::_Exit(SecureBuffer::LockingWasRefused() && AllZero(seed.span()) ? 0 : 1);
}

TEST(SecureBuffer, SeedsThatMayNotBeLockedAreLikeOthersAndItIsKnown) {
  if (LocksAreIgnored()) GTEST_SKIP() << "a sanitizer ignores mlock";
  EXPECT_EXIT(LockNothing(), ::testing::ExitedWithCode(0), "");
}

size_t ResidentBytes() {
  size_t all = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

// Between small ones that stay, as the pieces of material of a service do. A heap would keep them.
TEST(SecureBuffer, LargeOnesGoBackToTheSystem) {
  constexpr size_t kPiece = size_t{1} << 20;
  {
    const std::unique_ptr<void, decltype(&std::free)> seen(std::malloc(8 * kPiece), &std::free);
  }  // glibc's heap takes such from now on
  std::vector<SecureBuffer> stay;
  std::vector<SecureBuffer> pieces;
  for (int i = 0; i < 64; ++i) {
    pieces.emplace_back(kPiece);
    stay.emplace_back(size_t{1000});
  }
  const size_t with = ResidentBytes();
  pieces.clear();
  EXPECT_LE(ResidentBytes() + 60 * kPiece, with);
}

TEST(SecureBuffer, EmptyBufferOwnsNothing) {
  SecureBuffer buffer(0);
  EXPECT_TRUE(buffer.empty());
  EXPECT_TRUE(buffer.span<uint64_t>().empty());
}

TEST(SecureBuffer, TypedSpanSeesTheSameBytes) {
  SecureBuffer buffer(16);
  buffer.span<uint32_t>()[1] = 0x01020304;
  EXPECT_EQ(buffer.span<uint32_t>().size(), 4u);
  EXPECT_EQ(buffer.span()[4], 4);
  EXPECT_EQ(buffer.span()[7], 1);
}

TEST(SecureBuffer, MovingLeavesTheSourceEmpty) {
  SecureBuffer a = SecureBuffer::CopyOf(std::array<uint8_t, 3>{1, 2, 3});
  SecureBuffer b = std::move(a);
  EXPECT_TRUE(a.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(b.span()[2], 3);
  a = std::move(b);
  EXPECT_EQ(a.size(), 3u);
  EXPECT_TRUE(b.empty());  // NOLINT(bugprone-use-after-move)
}

TEST(SecureBuffer, CleanseZeroesTheContent) {
  SecureBuffer buffer = SecureBuffer::CopyOf(std::array<uint8_t, 3>{1, 2, 3});
  buffer.Cleanse();
  EXPECT_TRUE(AllZero(buffer.span()));
  std::array<uint8_t, 2> outside{7, 8};
  CleanseMemory(outside);
  EXPECT_TRUE(AllZero(outside));
}

TEST(SecureBuffer, ImpossibleSizeIsBadAlloc) {
  volatile size_t too_much = std::numeric_limits<size_t>::max();
  EXPECT_THROW(SecureBuffer buffer(too_much), std::bad_alloc);
}

}  // namespace
}  // namespace mpcc
