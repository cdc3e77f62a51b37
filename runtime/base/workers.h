// SPDX-License-Identifier: Apache-2.0
// Threads that share a loop.
#ifndef MPCC_RUNTIME_BASE_WORKERS_H_
#define MPCC_RUNTIME_BASE_WORKERS_H_

#include <cstdint>
#include <functional>
#include <memory>

namespace mpcc {

class Workers {
 public:
  // The caller of Each is one of the threads. REQUIRES: threads >= 1.
  explicit Workers(int threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  int threads() const { return threads_; }

  // Calls fn(thread, i) once for every i below n, in any order, and returns when all calls have
  // returned. No two calls with the same `thread`, below threads(), are under way at once; the
  // caller's is 0. `fn` neither throws nor calls Each. Any thread may call it.
  void Each(uint64_t n, const std::function<void(int thread, uint64_t i)>& fn);

 private:
  class Pool;

  int threads_;
  std::unique_ptr<Pool> pool_;  // null for one thread
};

// Half of the processors that the system tells of, at least one: hyperthreads share the units that
// multiply and encrypt, and threads that fetch material need some of the time.
int UsualThreads();

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_WORKERS_H_
