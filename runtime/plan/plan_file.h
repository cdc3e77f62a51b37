// SPDX-License-Identifier: Apache-2.0
// Plan files. Little-endian, a header of 128 bytes:
// - 0: "MPCCPLAN"
// - 8: u32 version
// - 12: u32 zero
// - 16: u64 bytes of the message
// - 24: SHA-256 of the message
// - 56: u64 bytes of the constant section
// - 64: SHA-256 of the constant section
// - 96: 32 zero bytes
//
// Then the Plan message, zero padding to a multiple of 64, and the constant section to the end of
// the file.
#ifndef MPCC_RUNTIME_PLAN_PLAN_FILE_H_
#define MPCC_RUNTIME_PLAN_PLAN_FILE_H_

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/crypto/sha256.h"
#include "runtime/plan/plan.pb.h"

namespace mpcc {

inline constexpr uint32_t kPlanVersion = 4;

// The constant section under construction, together with its entries in a Plan.
class ConstantSection {
 public:
  // Appends row-major elements in lanes and their entry in plan->constants; returns its index.
  // REQUIRES: `bytes` has the size that type, width and shape say.
  uint32_t Add(plan::Plan* plan, plan::ElementType type, uint32_t width,
               std::span<const uint32_t> shape, std::span<const uint8_t> bytes);

  std::span<const uint8_t> bytes() const { return bytes_; }

 private:
  std::vector<uint8_t> bytes_;
};

// The whole file, byte-identical for equal arguments, of mode 0600: P0's is the model in the clear.
absl::Status WritePlanFile(const std::string& path, const plan::Plan& plan,
                           std::span<const uint8_t> constants);

// A validated plan with its constants mapped into memory. Immutable, shareable between threads.
class LoadedPlan {
 public:
  // Checks the hashes and every fact in plan_validator.h. NOT_FOUND, DATA_LOSS (damaged file) or
  // INVALID_ARGUMENT (a plan that breaks a rule) name the file.
  static absl::StatusOr<std::shared_ptr<const LoadedPlan>> Open(const std::string& path);
  // The same checks on a plan made in this process.
  static absl::StatusOr<std::shared_ptr<const LoadedPlan>> FromMemory(
      plan::Plan plan, std::span<const uint8_t> constants);

  virtual ~LoadedPlan() = default;

  const plan::Plan& plan() const { return plan_; }
  // The elements of plan().constants(index), aligned to 64 bytes.
  std::span<const uint8_t> Constant(uint32_t index) const;
  std::span<const uint8_t> set_id() const;
  // SHA-256 of the header's two hashes: tells this plan from all others, also from those of its
  // architecture with other constants, which have the same set id.
  const Sha256Digest& hash() const { return hash_; }

 protected:
  LoadedPlan() = default;
  plan::Plan plan_;
  std::span<const uint8_t> constants_;
  Sha256Digest hash_{};
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PLAN_PLAN_FILE_H_
