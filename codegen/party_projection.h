// SPDX-License-Identifier: Apache-2.0
// One party's view of a split program: its wires, steps and layers.
#ifndef MPCC_CODEGEN_PARTY_PROJECTION_H_
#define MPCC_CODEGEN_PARTY_PROJECTION_H_

#include <map>
#include <tuple>
#include <vector>

#include "codegen/codegen.h"
#include "codegen/material_manifest.h"
#include "passes/offline/programs.h"
#include "runtime/crypto/sha256.h"

namespace mpcc {

// Constants of a plan that are in it already. P0's are told apart by value; those of P1 and P2 by
// value and place among the constants of their program, so that which ones are shared between
// programs does not depend on equal values within one.
class ConstantPool {
 public:
  explicit ConstantPool(PartyPlan* out) : out_(out) {}

  // Starts the next program.
  void Restart() { place_ = 0; }

  // Index of the constant; nothing if its bytes cannot be read.
  std::optional<uint32_t> Add(mlir::ElementsAttr value, plan::ElementType type, uint32_t width,
                              llvm::ArrayRef<int64_t> shape);

 private:
  using Key = std::tuple<const void*, int, uint32_t, int64_t>;  // attribute, type, width, place
  template <typename Bytes>
  std::optional<uint32_t> AddOnce(mlir::Attribute value, plan::ElementType type, uint32_t width,
                                  llvm::ArrayRef<int64_t> shape, Bytes bytes);

  PartyPlan* out_;
  using ContentKey = std::tuple<Sha256Digest, int, uint32_t, int64_t, std::vector<uint32_t>>;
  std::map<Key, uint32_t> index_;
  std::map<ContentKey, uint32_t> by_content_;
  int64_t place_ = 0;
};

// Appends the program of `source` to the plan of `out`. Failure after a diagnostic on the operation
// that has no place there.
mlir::LogicalResult ProjectProgram(SplitProgram source, const SharedWeights& weights,
                                   ConstantPool& constants, PartyPlan* out);

}  // namespace mpcc

#endif  // MPCC_CODEGEN_PARTY_PROJECTION_H_
