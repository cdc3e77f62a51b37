// SPDX-License-Identifier: Apache-2.0
#include "tools/guarded_main.h"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <thread>

namespace mpcc {
namespace {

int Throw(int, char**) { throw std::runtime_error("the reason"); }
int Exhaust(int, char**) { throw std::bad_alloc(); }
int Seven(int argc, char**) { return argc; }
int ThrowOnThread(int, char**) {
  std::thread([] { throw std::runtime_error("the reason"); }).join();
  return 0;
}

TEST(GuardedMain, GivesTheProgramsOwnExitCode) {
  EXPECT_EQ(GuardedMain("test", 7, nullptr, Seven), 7);
}

TEST(GuardedMain, TellsAnExceptionInOneLine) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(GuardedMain("test", 0, nullptr, Throw), 1);
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "test: the reason\n");
}

TEST(GuardedMain, TellsThatMemoryIsOut) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(GuardedMain("test", 0, nullptr, Exhaust), 1);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "test: out of memory: compile for shorter inputs or a smaller batch\n");
}

TEST(GuardedMainDeathTest, EndsWithALineWhenAThreadThrows) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(GuardedMain("test", 0, nullptr, ThrowOnThread), testing::ExitedWithCode(1),
              "^test: the reason\n$");
}

}  // namespace
}  // namespace mpcc
