// SPDX-License-Identifier: Apache-2.0
#include "runtime/material/directory_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cstdlib>

#include "runtime/base/private_file.h"

namespace mpcc {
namespace {

absl::Status Taken(const std::string& directory, int fd) {
  char text[32] = {};
  const bool known = pread(fd, text, sizeof(text) - 1, 0) > 0 && std::atoll(text) > 0;
  return absl::FailedPreconditionError(fmt::format(
      "{}: {} works with this state directory: stop it or use another directory", directory,
      known ? fmt::format("process {}", std::atoll(text)) : "another process"));
}

}  // namespace

absl::StatusOr<DirectoryLock::Ptr> DirectoryLock::Take(const std::string& directory) {
  const std::string path = directory + "/lock";
  UniqueFd fd(open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (fd.get() < 0) return FileError(path, "cannot open");
  if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return Taken(directory, fd.get());
  const std::string pid = fmt::format("{}\n", getpid());
  if (ftruncate(fd.get(), 0) != 0 ||
      pwrite(fd.get(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
    return FileError(path, "cannot write");
  return Ptr(new DirectoryLock(std::move(fd)));
}

}  // namespace mpcc
