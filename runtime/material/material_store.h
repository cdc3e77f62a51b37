// SPDX-License-Identifier: Apache-2.0
// P2's stock of corrections: files (material_file.h), one for each inference, each used once or
// never.
#ifndef MPCC_RUNTIME_MATERIAL_MATERIAL_STORE_H_
#define MPCC_RUNTIME_MATERIAL_MATERIAL_STORE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/material/material_file.h"
#include "runtime/material/used_numbers.h"

namespace mpcc {

// Material that was taken from the stock; its file has no name any more.
struct StoredMaterial {
  uint64_t number = 0;  // of the inference, marked as spent
  MaterialFileReader pieces;
};

class MaterialStore {
 public:
  // Opens a directory that nobody else works with (DirectoryLock); `used` are the numbers of the
  // instance. What was not received to its end, what belongs to a spent number, and all that is of
  // another instance is removed: it never serves.
  static absl::StatusOr<MaterialStore> Open(const std::string& directory,
                                            const InstanceId& instance,
                                            std::shared_ptr<UsedNumbers> used);

  // A file for the `bytes` bytes of a number's material, in stock once it is committed.
  // ALREADY_EXISTS when the number was spent before.
  absl::StatusOr<MaterialFileWriter> Put(uint32_t program, uint64_t number, uint64_t bytes);

  // The stored material of the lowest unspent number for `program`, of exactly `bytes` bytes. The
  // number is marked as spent and the file removed before this returns, whatever becomes of the
  // inference. NOT_FOUND when there is none.
  absl::StatusOr<StoredMaterial> Take(uint32_t program, uint64_t bytes);

  // Marks the number of material that never was a file (streamed).
  absl::Status MarkUsed(uint64_t number) { return used_->Mark(number); }

  const std::string& directory() const { return directory_; }
  SpentNumbers spent() const { return used_->spent(); }

  // Unspent numbers in stock for `program`, ascending.
  std::vector<uint64_t> Available(uint32_t program) const;

 private:
  MaterialStore(std::string directory, const InstanceId& instance,
                std::shared_ptr<UsedNumbers> used)
      : directory_(std::move(directory)), instance_(instance), used_(std::move(used)) {}
  absl::Status RemoveUseless();
  std::string PathOf(uint32_t program, uint64_t number) const;

  std::string directory_;
  InstanceId instance_;
  std::shared_ptr<UsedNumbers> used_;
};

// Numbers in stock for a program that are not spent, ascending, also where another process works.
std::vector<uint64_t> StoredNumbers(const std::string& directory, const InstanceId& instance,
                                    uint32_t program, const SpentNumbers& spent);

// The highest number of an instance whose material lies in the directory, 0 if there is none.
uint64_t HighestStored(const std::string& directory, const InstanceId& instance);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_MATERIAL_MATERIAL_STORE_H_
