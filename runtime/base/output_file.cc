// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/output_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "runtime/base/private_file.h"
#include "runtime/base/status_macros.h"

namespace mpcc {
namespace {

namespace fs = std::filesystem;

constexpr int kMostLinks = 40;  // as the kernel follows
constexpr char kCannotLook[] = "cannot look at what is there";
constexpr char kCircle[] = "links that lead in a circle";
constexpr char kTrap[] =
    "a link, a pipe or a device of another user in a folder that others may write to";
constexpr char kChanged[] = "what is there was changed meanwhile";

fs::path FolderOf(const fs::path& path) {
  const fs::path folder = path.parent_path();
  return folder.empty() ? "." : folder;
}

// What a process has open has a link there, which need not lead to a name; /dev/fd is such a
// folder.
bool IsOfProcess(const fs::path& path) {
  std::error_code none;
  const fs::path folder = fs::canonical(FolderOf(path), none);
  return !none && (folder / "").string().starts_with("/proc/");
}

absl::Status Refused(const std::string& path, const char* found) {
  return absl::InvalidArgumentError(
      fmt::format("{}: {}; accepted: a file, new or to be replaced, a pipe or a device; remedy: "
                  "name another",
                  path, found));
}

// Whoever may write to a folder may put a link there that leads elsewhere.
bool OthersWriteTo(const fs::path& folder) {
  struct stat info {};
  return stat(folder.c_str(), &info) != 0 || (info.st_mode & (S_ISVTX | S_IWGRP | S_IWOTH)) != 0;
}

// As the kernel's fs.protected_symlinks and protected_fifos have it, which say nothing of links
// that are read, nor of pipes that are not made.
bool IsTrap(const fs::path& place, const struct stat& info) {
  return info.st_uid != geteuid() && info.st_uid != 0 && OthersWriteTo(FolderOf(place));
}

struct Found {
  OutputPlace place;
  std::optional<uid_t> owner = {};  // of a pipe or a device that has a name
};

absl::Status CheckKind(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) {
    if (errno == ELOOP) return Refused(path, kCircle);
    return errno == ENOENT ? absl::OkStatus() : FileError(path, kCannotLook);
  }
  if (S_ISDIR(info.st_mode)) return Refused(path, "a folder is there");
  if (S_ISSOCK(info.st_mode)) return Refused(path, "a socket is there");
  return absl::OkStatus();
}

// What the last of the links leads to.
absl::StatusOr<Found> Find(const std::string& path) {
  MPCC_RETURN_IF_ERROR(CheckKind(path));
  fs::path place = path;
  for (int links = 0; links < kMostLinks; ++links) {
    if (IsOfProcess(place)) return Found{{place.string(), false}};
    struct stat info {};
    if (lstat(place.c_str(), &info) != 0) {
      if (errno == ENOENT) return Found{{place.string(), true}};
      return FileError(path, kCannotLook);
    }
    if (S_ISREG(info.st_mode)) return Found{{place.string(), true}};
    if (IsTrap(place, info)) return Refused(path, kTrap);
    if (!S_ISLNK(info.st_mode)) return Found{{place.string(), false}, info.st_uid};
    std::error_code wrong;
    const fs::path next = fs::read_symlink(place, wrong);
    if (wrong) return Refused(path, kChanged);
    place = place.parent_path() / next;  // which is `next` where that is absolute
  }
  return Refused(path, kCircle);
}

// Somebody may have put another thing there since it was looked at.
absl::Status CheckOpened(int fd, const std::string& path, uid_t owner) {
  struct stat info {};
  if (fstat(fd, &info) != 0) return FileError(path, kCannotLook);
  const bool same = !S_ISREG(info.st_mode) && info.st_uid == owner;
  return same ? absl::OkStatus() : Refused(path, kChanged);
}

absl::Status WriteInto(const Found& found, std::span<const std::span<const uint8_t>> pieces) {
  const std::string& path = found.place.path;
  const int links = found.owner ? O_NOFOLLOW : 0;
  const int fd = open(path.c_str(), O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC | links);
  if (fd < 0) return FileError(path, "cannot open");
  absl::Status status = found.owner ? CheckOpened(fd, path, *found.owner) : absl::OkStatus();
  for (const std::span<const uint8_t> piece : pieces)
    if (status.ok()) status = WriteAll(fd, piece, path);
  if (close(fd) != 0) status.Update(FileError(path, "cannot write"));
  return status;
}

}  // namespace

absl::StatusOr<OutputPlace> OutputPlaceOf(const std::string& path) {
  if (path.empty()) return Refused("''", "no name");
  MPCC_ASSIGN_OR_RETURN(Found found, Find(path));
  return std::move(found.place);
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
  MPCC_ASSIGN_OR_RETURN(const Found found, Find(path));
  return found.place.whole ? WritePrivateFile(found.place.path, pieces) : WriteInto(found, pieces);
}

}  // namespace mpcc
