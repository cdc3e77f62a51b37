// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace mpcc {
namespace {

TEST(Workers, EveryIndexIsCalledOnce) {
  for (int threads : {1, 2, 3, 7}) {
    Workers workers(threads);
    for (uint64_t n : {0, 1, 2, 5, 1000}) {
      std::vector<std::atomic<int>> calls(n);
      workers.Each(n, [&](int, uint64_t i) { ++calls[i]; });
      for (uint64_t i = 0; i < n; ++i) EXPECT_EQ(calls[i], 1) << i << " of " << n;
    }
  }
}

TEST(Workers, NoTwoCallsOfAThreadAreUnderWayAtOnce) {
  Workers workers(4);
  std::vector<std::atomic<int>> under_way(4);
  std::atomic<bool> twice = false;
  workers.Each(2000, [&](int thread, uint64_t) {
    if (under_way.at(thread)++ > 0) twice = true;
    --under_way[thread];
  });
  EXPECT_FALSE(twice);
}

TEST(Workers, LoopsOfSeveralCallersDoNotMix) {
  Workers workers(3);
  std::vector<uint64_t> sums(4);
  std::vector<std::thread> callers;
  callers.reserve(sums.size());
  for (uint64_t& sum : sums)
    callers.emplace_back([&workers, &sum] {
      for (int loop = 0; loop < 50; ++loop) {
        std::vector<uint64_t> of_thread(3);
        workers.Each(100, [&](int thread, uint64_t i) { of_thread[thread] += i; });
        sum += of_thread[0] + of_thread[1] + of_thread[2];
      }
    });
  for (std::thread& caller : callers) caller.join();
  for (uint64_t sum : sums) EXPECT_EQ(sum, 50u * 99 * 100 / 2);
}

TEST(Workers, WhatWasWrittenIsSeenByTheCaller) {
  Workers workers(2);
  std::vector<int> values(100000);
  workers.Each(values.size(), [&](int, uint64_t i) { values[i] = static_cast<int>(i); });
  for (size_t i = 0; i < values.size(); ++i) ASSERT_EQ(values[i], static_cast<int>(i));
}

TEST(Workers, UsuallyThereIsOneAtLeast) { EXPECT_GE(UsualThreads(), 1); }

}  // namespace
}  // namespace mpcc
