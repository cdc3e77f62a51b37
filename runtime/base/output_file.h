// SPDX-License-Identifier: Apache-2.0
// Files that a user names for a result.
#ifndef MPCC_RUNTIME_BASE_OUTPUT_FILE_H_
#define MPCC_RUNTIME_BASE_OUTPUT_FILE_H_

#include <cstdint>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mpcc {

// Where what is to be written to `path` goes.
struct OutputPlace {
  std::string path;   // links are followed
  bool whole = true;  // a file, to be replaced at once by a whole one; else what is written to as
                      // it is: a device, a pipe, or what a process has open (/dev/stdout)
};

// INVALID_ARGUMENT where the path is empty, a folder or a socket is there, and where a link, a pipe
// or a device of neither the caller nor root lies in a folder that is sticky or that others may
// write to; UNAVAILABLE where one may not look. Links that lead nowhere name a new file.
absl::StatusOr<OutputPlace> OutputPlaceOf(const std::string& path);

// The same of a result that takes a file: one that is read again.
absl::StatusOr<std::string> OutputFileOf(const std::string& path);

// Whether a result can be written there, asked before what takes long: NOT_FOUND or UNAVAILABLE,
// or as OutputPlaceOf says.
absl::Status CheckOutput(const std::string& path);

// A file becomes one of mode 0600, old or new and never half (private_file.h); what is no file is
// written to and stays what it is.
absl::Status WriteOutput(const std::string& path, std::span<const std::span<const uint8_t>> pieces);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_OUTPUT_FILE_H_
