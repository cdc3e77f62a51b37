// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "runtime/base/private_file.h"
#include "runtime/base/status_macros.h"

namespace mpcc {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;  // as the kernel follows

// What a process has open has a link there, which need not lead to a name.
bool IsOfProcess(const fs::path& path) {
  return path.lexically_normal().string().starts_with("/proc/");
}

absl::Status Refused(const std::string& path, const char* found) {
  return absl::InvalidArgumentError(
      fmt::format("{}: {}; accepted: a file, new or to be replaced, a pipe or a device; remedy: "
                  "name another",
                  path, found));
}

fs::path FolderOf(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  return folder.empty() ? "." : folder;
}

// The last of the links.
absl::StatusOr<OutputPlace> FollowLinks(const std::string& path) {
  fs::path place = path;
  for (int links = 0; links < kMostLinks; ++links) {
    if (IsOfProcess(place)) return OutputPlace{place.string(), false};
    std::error_code none;
    const fs::path next = fs::read_symlink(place, none);
    if (none) return OutputPlace{place.string(), true};
    place = place.parent_path() / next;  // which is `next` where that is absolute
  }
  return Refused(path, "links that lead in a circle");
}

absl::Status WriteInto(const std::string& path, std::span<const std::span<const uint8_t>> pieces) {
  const int fd = open(path.c_str(), O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC);
  if (fd < 0) return FileError(path, "cannot open");
  absl::Status status;
  for (const std::span<const uint8_t> piece : pieces)
    if (status.ok()) status = WriteAll(fd, piece, path);
  if (close(fd) != 0) status.Update(FileError(path, "cannot write"));
  return status;
}

}  // namespace

absl::StatusOr<OutputPlace> OutputPlaceOf(const std::string& path) {
  struct stat info {};
  const bool there = stat(path.c_str(), &info) == 0;
  if (there && S_ISDIR(info.st_mode)) return Refused(path, "a folder is there");
  if (there && S_ISSOCK(info.st_mode)) return Refused(path, "a socket is there");
  if (there && !S_ISREG(info.st_mode)) return OutputPlace{path, false};
  return FollowLinks(path);
}

absl::StatusOr<std::string> OutputFileOf(const std::string& path) {
  MPCC_ASSIGN_OR_RETURN(OutputPlace place, OutputPlaceOf(path));
  if (place.whole) return std::move(place.path);
  return absl::InvalidArgumentError(fmt::format(
      "{}: no file; accepted: a file, new or to be replaced; remedy: name another", path));
}

absl::Status CheckOutput(const std::string& path) {
  MPCC_ASSIGN_OR_RETURN(const OutputPlace place, OutputPlaceOf(path));
  const bool fits = place.whole ? access(FolderOf(place.path).c_str(), W_OK | X_OK) == 0
                                : access(place.path.c_str(), W_OK) == 0;
  if (fits) return absl::OkStatus();
  return FileError(path, place.whole ? "no file can be made there" : "cannot write");
}

absl::Status WriteOutput(const std::string& path,
                         std::span<const std::span<const uint8_t>> pieces) {
  MPCC_ASSIGN_OR_RETURN(const OutputPlace place, OutputPlaceOf(path));
  return place.whole ? WritePrivateFile(place.path, pieces) : WriteInto(place.path, pieces);
}

}  // namespace mpcc
