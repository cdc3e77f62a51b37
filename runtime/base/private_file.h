// SPDX-License-Identifier: Apache-2.0
// Files that hold secrets: nobody but their owner may read them, also while they are written.
#ifndef MPCC_RUNTIME_BASE_PRIVATE_FILE_H_
#define MPCC_RUNTIME_BASE_PRIVATE_FILE_H_

#include <cstdint>
#include <span>
#include <string>

#include "absl/status/status.h"

namespace mpcc {

// Writes the pieces one after another to a file of mode 0600, whatever the umask and whatever was
// there before: a new file beside `path` is written, synced and renamed into place, so that `path`
// is old or new, never half of it. The error names the path.
absl::Status WritePrivateFile(const std::string& path,
                              std::span<const std::span<const uint8_t>> pieces);

// Creates a directory, and its parents, of mode 0700 if it does not exist. FAILED_PRECONDITION when
// one is there that others may enter, read or change: mpcc does not change the mode of a directory
// that it did not make.
absl::Status MakePrivateDirectory(const std::string& path);

// "path: what: the message of errno"; NOT_FOUND or UNAVAILABLE.
absl::Status FileError(const std::string& path, const char* what);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_PRIVATE_FILE_H_
