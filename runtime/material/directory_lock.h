// SPDX-License-Identifier: Apache-2.0
// That one process at a time works with a state directory.
#ifndef MPCC_RUNTIME_MATERIAL_DIRECTORY_LOCK_H_
#define MPCC_RUNTIME_MATERIAL_DIRECTORY_LOCK_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "runtime/net/unique_fd.h"

namespace mpcc {

// Holds a lock on the file "lock" in the directory, which says whose it is and stays there. The
// system lets go of it when the process ends, however it ends.
class DirectoryLock {
 public:
  using Ptr = std::shared_ptr<const DirectoryLock>;

  // FAILED_PRECONDITION names the process that has it, also if that is this one.
  static absl::StatusOr<Ptr> Take(const std::string& directory);

 private:
  explicit DirectoryLock(UniqueFd fd) : fd_(std::move(fd)) {}
  UniqueFd fd_;
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_MATERIAL_DIRECTORY_LOCK_H_
