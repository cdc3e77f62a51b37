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
#include <system_error>

#include "runtime/base/status_macros.h"

namespace mpcc {
namespace {

constexpr mode_t kOthers = 0077;

}  // namespace

absl::Status WriteAll(int fd, std::span<const uint8_t> bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = write(fd, bytes.data(), std::min<size_t>(bytes.size(), 1 << 30));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return FileError(path, "cannot write");
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

absl::Status FileError(const std::string& path, const char* what) {
  const std::string text = fmt::format("{}: {}: {}", path, what, std::strerror(errno));
  return errno == ENOENT ? absl::NotFoundError(text) : absl::UnavailableError(text);
}

absl::Status RefuseFolder(const std::string& path) {
  std::error_code none;
  if (!std::filesystem::is_directory(path, none)) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format("{}: a folder; accepted: a file", path));
}

absl::StatusOr<PrivateFileWriter> PrivateFileWriter::Create(const std::string& path) {
  // What a crash left may be open elsewhere or have another mode: begin with a file of our own.
  const std::string part = PartOf(path);
  unlink(part.c_str());
  const int fd = open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return FileError(part, "cannot create");
  return PrivateFileWriter(path, fd);
}

PrivateFileWriter::~PrivateFileWriter() {
  if (fd_ < 0) return;
  close(fd_);
  unlink(PartOf(path_).c_str());
}

absl::Status PrivateFileWriter::Append(std::span<const uint8_t> bytes) {
  return WriteAll(fd_, bytes, PartOf(path_));
}

absl::Status PrivateFileWriter::Commit() {
  if (fsync(fd_) != 0) return FileError(PartOf(path_), "cannot sync");
  if (rename(PartOf(path_).c_str(), path_.c_str()) != 0)
    return FileError(path_, "cannot rename into place");
  close(std::exchange(fd_, -1));
  return absl::OkStatus();
}

absl::Status WritePrivateFile(const std::string& path,
                              std::span<const std::span<const uint8_t>> pieces) {
  MPCC_ASSIGN_OR_RETURN(PrivateFileWriter file, PrivateFileWriter::Create(path));
  for (const std::span<const uint8_t> piece : pieces) MPCC_RETURN_IF_ERROR(file.Append(piece));
  return file.Commit();
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
