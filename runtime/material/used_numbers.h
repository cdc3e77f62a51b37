// SPDX-License-Identifier: Apache-2.0
// Which inference numbers of a model instance have been spent. Masks of a number must never serve
// twice: every party marks a number here, durably, before its first message of that inference;
// after a crash the number stays spent.
//
// A file of mode 0600, little-endian, a header of 80 bytes:
// - 0: "MPCCNUMS"
// - 8: u32 version
// - 12: u32 zero
// - 16: instance id, 16 bytes
// - 32: u64 watermark: all numbers up to here are spent, but for gaps
// - 40: u64 gaps
// - 48: SHA-256 of the header with this field zero and of the gaps
//
// Then each gap's first and last number (u64), ascending, and a record of each number that was
// spent since: the number and its complement (u64). A record torn by a crash does not count: its
// marking had not returned.
#ifndef MPCC_RUNTIME_MATERIAL_USED_NUMBERS_H_
#define MPCC_RUNTIME_MATERIAL_USED_NUMBERS_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/material/instance_id.h"
#include "runtime/material/spent_numbers.h"
#include "runtime/net/unique_fd.h"

namespace mpcc {

// Thread-safe. One process at a time works with the file (DirectoryLock).
class UsedNumbers {
 public:
  // A file in which nothing is spent, for the instance of a new set-up and for no other: a file
  // that is missing later is never made again.
  static absl::Status Create(const std::string& path, const InstanceId& instance);

  // FAILED_PRECONDITION when it is missing, DATA_LOSS when it is damaged or of another instance.
  static absl::StatusOr<std::shared_ptr<UsedNumbers>> Open(const std::string& path,
                                                           const InstanceId& instance);

  // What a file says, which may be another process's.
  static absl::StatusOr<SpentNumbers> Read(const std::string& path, const InstanceId& instance);

  bool Contains(uint64_t number) const;

  // A copy of what is spent now.
  SpentNumbers spent() const;

  // The highest number that is spent, 0 if none is.
  uint64_t watermark() const;

  // The lowest number above every spent one, from 1.
  uint64_t Next() const { return watermark() + 1; }

  // Marks and syncs. ALREADY_EXISTS when the number was spent before; nothing may be sent unless
  // this returns OK. When the disk fails nothing more is marked: behind half a record no other may
  // stand. Opening the file again drops it.
  absl::Status Mark(uint64_t number);

 private:
  UsedNumbers(std::string path, UniqueFd fd, SpentNumbers spent)
      : path_(std::move(path)), fd_(std::move(fd)), spent_(std::move(spent)) {}

  const std::string path_;
  const UniqueFd fd_;
  mutable std::mutex mutex_;
  SpentNumbers spent_;
  absl::Status status_;  // of the disk
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_MATERIAL_USED_NUMBERS_H_
