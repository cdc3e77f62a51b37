// SPDX-License-Identifier: Apache-2.0
// What `mpcc compile` made for one party: a program for each sequence length.
#ifndef MPCC_PLAN_H_
#define MPCC_PLAN_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "mpcc/cost.h"
#include "mpcc/export.h"
#include "mpcc/party.h"

namespace mpcc {

class LoadedPlan;

enum class ElementType { kF32, kI64 };

struct InputInfo {
  std::string name;
  ElementType type = ElementType::kF32;
  std::vector<uint32_t> shape;  // of the whole sequence; shorter inputs are padded
};

// Results are F32.
struct OutputInfo {
  std::string name;
  std::vector<uint32_t> shape;
};

struct LayerInfo {
  std::string name;
  Cost cost;
};

struct ProgramInfo {
  uint32_t sequence_length = 0;     // token ids that it holds; 0 for a model without
  bool exact_length = false;        // takes no less than that
  std::vector<InputInfo> inputs;    // in the plan of P1 only
  std::vector<OutputInfo> outputs;  // in the plan of P1 only
  std::vector<LayerInfo> layers;
  Cost cost;  // the sum; in the plan of P0, who takes no part online, bytes that it deals only
};

// Immutable; copies are cheap and share the plan. Thread-safe.
class MPCC_EXPORT Plan {
 public:
  // Validates the file and maps it into memory. NOT_FOUND, DATA_LOSS (a damaged file) or
  // INVALID_ARGUMENT (a plan that breaks a rule) name the file.
  static absl::StatusOr<Plan> Open(const std::string& path);

  explicit Plan(std::shared_ptr<const LoadedPlan> loaded);  // REQUIRES: not null

  PartyId party() const;

  // By ascending sequence length. Indices into it name programs elsewhere.
  const std::vector<ProgramInfo>& programs() const { return *programs_; }

  // Text of the tokenizer.json that inputs of P1 are made by; empty at others, or if none was
  // given.
  const std::string& tokenizer() const;

  const std::shared_ptr<const LoadedPlan>& loaded() const { return loaded_; }

 private:
  std::shared_ptr<const LoadedPlan> loaded_;
  std::shared_ptr<const std::vector<ProgramInfo>> programs_;
};

}  // namespace mpcc

#endif  // MPCC_PLAN_H_
