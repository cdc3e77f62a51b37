// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "runtime/base/status_macros.h"

namespace mpcc {
namespace {

constexpr mode_t kOthers = 0077;

absl::Status WriteAll(int fd, std::span<const uint8_t> bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), std::min<size_t>(bytes.size(), 1 << 30));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return FileError(path, "cannot write");
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status WriteAndSync(int fd, std::span<const std::span<const uint8_t>> pieces,
                          const std::string& path) {
  for (const std::span<const uint8_t> piece : pieces)
    MPCC_RETURN_IF_ERROR(WriteAll(fd, piece, path));
  if (fsync(fd) != 0) return FileError(path, "cannot sync");
  return absl::OkStatus();
}

}  // namespace

absl::Status FileError(const std::string& path, const char* what) {
  const std::string text = fmt::format("{}: {}: {}", path, what, std::strerror(errno));
  return errno == ENOENT ? absl::NotFoundError(text) : absl::UnavailableError(text);
}

absl::Status WritePrivateFile(const std::string& path,
                              std::span<const std::span<const uint8_t>> pieces) {
  // What a crash left may be open elsewhere or have another mode: begin with a file of our own.
  const std::string temporary = path + ".part";
  unlink(temporary.c_str());
  const int fd =
      open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return FileError(temporary, "cannot create");
  absl::Status status = WriteAndSync(fd, pieces, temporary);
  close(fd);
  if (status.ok() && rename(temporary.c_str(), path.c_str()) != 0)
    status = FileError(path, "cannot rename into place");
  if (!status.ok()) unlink(temporary.c_str());
  return status;
}

absl::Status MakePrivateDirectory(const std::string& path) {
  std::filesystem::path made;
  for (const std::filesystem::path& part : std::filesystem::path(path)) {
    made /= part;
    if (mkdir(made.c_str(), 0700) != 0 && errno != EEXIST)
      return FileError(made.string(), "cannot create the directory");
  }
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return FileError(path, "cannot look at the directory");
  if (!S_ISDIR(info.st_mode))
    return absl::FailedPreconditionError(fmt::format("{}: not a directory", path));
  if ((info.st_mode & kOthers) != 0)
    return absl::FailedPreconditionError(
        fmt::format("{0}: open to other users (mode {1:03o}), and secrets are kept there: run "
                    "'chmod 700 {0}' or name another directory",
                    path, info.st_mode & 0777));
  return absl::OkStatus();
}

}  // namespace mpcc
