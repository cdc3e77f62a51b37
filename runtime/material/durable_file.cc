// SPDX-License-Identifier: Apache-2.0
#include "runtime/material/durable_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "runtime/base/private_file.h"
#include "runtime/base/status_macros.h"
#include "runtime/net/unique_fd.h"

namespace mpcc {

absl::Status SyncDirectoryOf(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  const UniqueFd fd(
      open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0 || fsync(fd.get()) != 0) return FileError(parent, "cannot sync the directory");
  return absl::OkStatus();
}

absl::Status WriteDurably(const std::string& path,
                          std::span<const std::span<const uint8_t>> pieces) {
  MPCC_RETURN_IF_ERROR(WritePrivateFile(path, pieces));
  return SyncDirectoryOf(path);
}

absl::Status ReadFully(int fd, std::span<uint8_t> bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t got = read(fd, bytes.data(), std::min<size_t>(bytes.size(), 1 << 30));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return absl::DataLossError(fmt::format("{}: it became shorter while read", path));
    bytes = bytes.subspan(static_cast<size_t>(got));
  }
  return absl::OkStatus();
}

absl::StatusOr<SecureBuffer> ReadWhole(const std::string& path) {
  const UniqueFd fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) return FileError(path, "cannot open");
  struct stat info {};
  if (fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode))
    return absl::InvalidArgumentError(fmt::format("{}: not a regular file", path));
  SecureBuffer bytes(static_cast<size_t>(info.st_size));
  MPCC_RETURN_IF_ERROR(ReadFully(fd.get(), bytes.span(), path));
  return bytes;
}

}  // namespace mpcc
