// SPDX-License-Identifier: Apache-2.0
// Files that hold secrets: nobody but their owner may read them, also while they are written.
#ifndef MPCC_RUNTIME_BASE_PRIVATE_FILE_H_
#define MPCC_RUNTIME_BASE_PRIVATE_FILE_H_

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mpcc {

// A file of mode 0600, whatever the umask and whatever was there before, that is written bit by
// bit: a new file beside `path`, synced and renamed into place in the end, so that `path` is old or
// new, never half of it. Errors name the path.
class PrivateFileWriter {
 public:
  // The file beside `path` until Commit. One that is there already goes.
  static std::string PartOf(const std::string& path) { return path + ".part"; }

  static absl::StatusOr<PrivateFileWriter> Create(const std::string& path);
  PrivateFileWriter(PrivateFileWriter&& other) noexcept
      : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}
  PrivateFileWriter& operator=(PrivateFileWriter&&) = delete;
  ~PrivateFileWriter();  // what was not committed goes

  absl::Status Append(std::span<const uint8_t> bytes);
  // The last call.
  absl::Status Commit();

 private:
  PrivateFileWriter(std::string path, int fd) : path_(std::move(path)), fd_(fd) {}
  std::string path_;
  int fd_ = -1;
};

// A private file of these pieces, one after another.
absl::Status WritePrivateFile(const std::string& path,
                              std::span<const std::span<const uint8_t>> pieces);

// Creates a directory, and its parents, of mode 0700 if it does not exist. FAILED_PRECONDITION when
// one is there that others may enter, read or change: mpcc does not change the mode of a directory
// that it did not make.
absl::Status MakePrivateDirectory(const std::string& path);

// All of the bytes to an open file; an error names the path.
absl::Status WriteAll(int fd, std::span<const uint8_t> bytes, const std::string& path);

// "path: what: the message of errno"; NOT_FOUND or UNAVAILABLE.
absl::Status FileError(const std::string& path, const char* what);

// INVALID_ARGUMENT where a folder stands for a file that is to be read.
absl::Status RefuseFolder(const std::string& path);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_PRIVATE_FILE_H_
