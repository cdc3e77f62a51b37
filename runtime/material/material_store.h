// SPDX-License-Identifier: Apache-2.0
// P2's stock of corrections, one file per inference, each used once.
//
// A file is little-endian, with a header of 128 bytes:
// - 0: "MPCCMATL"
// - 8: u32 version
// - 12: u32 program
// - 16: plan-set id, 32 bytes
// - 48: model instance id, 16 bytes
// - 64: u64 inference number
// - 72: u64 bytes of corrections
// - 80: SHA-256 of the header with this field zero and of the corrections
// - 112: 16 zero bytes
//
// The corrections follow as Program.corrections lays them out.
#ifndef MPCC_RUNTIME_MATERIAL_MATERIAL_STORE_H_
#define MPCC_RUNTIME_MATERIAL_MATERIAL_STORE_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/base/secure_buffer.h"
#include "runtime/material/used_numbers.h"

namespace mpcc {

// A set-up of one compilation: seeds, weight shares and inference numbers belong to it.
struct InstanceId {
  std::array<uint8_t, 32> plan_set_id{};
  std::array<uint8_t, 16> instance{};
  bool operator==(const InstanceId&) const = default;
};

struct Material {
  uint64_t number = 0;   // of the inference
  uint32_t program = 0;  // index into Plan.programs
  SecureBuffer storage;
  uint64_t offset = 0;  // of the corrections in `storage`, a multiple of 64

  std::span<const uint8_t> corrections() const { return storage.span().subspan(offset); }
};

class MaterialStore {
 public:
  // Opens or creates DIR. Files of other instances are left alone and never taken.
  static absl::StatusOr<MaterialStore> Open(const std::string& directory,
                                            const InstanceId& instance);

  absl::Status Put(const Material& material);

  // The stored material of the lowest unspent number for `program`, of exactly `bytes` bytes. The
  // number is marked as spent and the file removed before this returns, whatever becomes of the
  // inference. NOT_FOUND when there is none.
  absl::StatusOr<Material> Take(uint32_t program, uint64_t bytes);

  // Marks the number of material that never was a file (streamed).
  absl::Status MarkUsed(uint64_t number) { return used_.Mark(number); }

  // Unspent numbers in stock for `program`, ascending.
  std::vector<uint64_t> Available(uint32_t program) const;

 private:
  MaterialStore(std::string directory, const InstanceId& instance, UsedNumbers used)
      : directory_(std::move(directory)), instance_(instance), used_(std::move(used)) {}
  std::string PathOf(uint32_t program, uint64_t number) const;

  std::string directory_;
  InstanceId instance_;
  UsedNumbers used_;
};

// "<program>-<number>" files are named after the first bytes of this.
std::string InstanceText(const InstanceId& instance);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_MATERIAL_MATERIAL_STORE_H_
