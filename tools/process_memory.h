// SPDX-License-Identifier: Apache-2.0
// The memory of a process as Linux counts it.
#ifndef MPCC_TOOLS_PROCESS_MEMORY_H_
#define MPCC_TOOLS_PROCESS_MEMORY_H_

#include <sys/types.h>

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mpcc {

// Bytes.
struct ProcessMemory {
  uint64_t resident = 0;  // now
  uint64_t peak = 0;      // the most that was resident, since ForgetPeak or the start
  uint64_t file = 0;      // of what is resident now: pages of mapped files, such as plans
};

absl::StatusOr<ProcessMemory> MemoryOf(pid_t process);

// From now on the peak is that of what follows.
absl::Status ForgetPeak(pid_t process);

}  // namespace mpcc

#endif  // MPCC_TOOLS_PROCESS_MEMORY_H_
