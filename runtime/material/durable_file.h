// SPDX-License-Identifier: Apache-2.0
// Files that hold secrets and survive a crash.
#ifndef MPCC_RUNTIME_MATERIAL_DURABLE_FILE_H_
#define MPCC_RUNTIME_MATERIAL_DURABLE_FILE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/base/secure_buffer.h"

namespace mpcc {

// WritePrivateFile that also syncs the directory: after OK the file is on the disk whole, after a
// crash it is there whole or not at all.
absl::Status WriteDurably(const std::string& path,
                          std::span<const std::span<const uint8_t>> pieces);

// The next bytes of an open file, as many as `bytes` has. DATA_LOSS when it ends before; `path` is
// for the error.
absl::Status ReadFully(int fd, std::span<uint8_t> bytes, const std::string& path);

// The whole file. NOT_FOUND when there is none.
absl::StatusOr<SecureBuffer> ReadWhole(const std::string& path);

// fsync of the directory that holds `path`: makes a creation, rename or removal in it durable.
absl::Status SyncDirectoryOf(const std::string& path);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_MATERIAL_DURABLE_FILE_H_
