// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/workers.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <thread>

namespace mpcc {
namespace {

// One loop. A thread that comes when nothing is left touches no `fn`, which may be gone.
struct Loop {
  Loop(uint64_t count, const std::function<void(int, uint64_t)>& function)
      : n(count), fn(function) {}

  void Work(int thread) {
    uint64_t mine = 0;
    for (uint64_t i; (i = next.fetch_add(1, std::memory_order_relaxed)) < n; ++mine) fn(thread, i);
    if (mine > 0 && done.fetch_add(mine, std::memory_order_acq_rel) + mine == n) done.notify_one();
  }

  void WaitForAll() {
    for (uint64_t seen; (seen = done.load(std::memory_order_acquire)) < n;) done.wait(seen);
  }

  const uint64_t n;
  const std::function<void(int, uint64_t)>& fn;
  std::atomic<uint64_t> next{0}, done{0};
};

}  // namespace

class Workers::Pool : public boost::asio::thread_pool {
  using thread_pool::thread_pool;
};

Workers::Workers(int threads) : threads_(threads) {
  if (threads > 1) pool_ = std::make_unique<Pool>(threads - 1);
}

Workers::~Workers() {
  if (pool_) pool_->join();
}

void Workers::Each(uint64_t n, const std::function<void(int, uint64_t)>& fn) {
  const int helpers = static_cast<int>(std::min<uint64_t>(threads_, n)) - 1;
  if (helpers <= 0) {
    for (uint64_t i = 0; i < n; ++i) fn(0, i);
    return;
  }
  const auto loop = std::make_shared<Loop>(n, fn);
  for (int thread = 1; thread <= helpers; ++thread)
    boost::asio::post(*pool_, [loop, thread] { loop->Work(thread); });
  loop->Work(0);
  loop->WaitForAll();
}

int UsualThreads() {
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / 2);
}

}  // namespace mpcc
