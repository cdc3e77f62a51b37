// SPDX-License-Identifier: Apache-2.0
// Which inference numbers of a model instance have been spent. Masks of a number must never serve
// twice: every party marks a number here, durably, before its first message of that inference;
// after a crash the number stays spent.
#ifndef MPCC_RUNTIME_MATERIAL_USED_NUMBERS_H_
#define MPCC_RUNTIME_MATERIAL_USED_NUMBERS_H_

#include <cstdint>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/net/unique_fd.h"

namespace mpcc {

// An append-only file of records of 16 bytes (number, its complement). A record torn by a crash
// does not count: its marking had not returned. Holds a lock on the file: one process at a time
// works with a state directory.
class UsedNumbers {
 public:
  // FAILED_PRECONDITION when another process holds the file; DATA_LOSS when a record inside it is
  // damaged.
  static absl::StatusOr<UsedNumbers> Open(const std::string& path);

  bool Contains(uint64_t number) const { return numbers_.contains(number); }

  // The lowest number above every marked one, from 1.
  uint64_t Next() const { return numbers_.empty() ? 1 : *numbers_.rbegin() + 1; }

  // Marks and syncs. ALREADY_EXISTS when the number was spent before; nothing may be sent unless
  // this returns OK.
  absl::Status Mark(uint64_t number);

 private:
  UsedNumbers(std::string path, UniqueFd fd) : path_(std::move(path)), fd_(std::move(fd)) {}
  absl::Status Load();

  std::string path_;
  UniqueFd fd_;
  std::set<uint64_t> numbers_;
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_MATERIAL_USED_NUMBERS_H_
