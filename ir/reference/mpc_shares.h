// SPDX-License-Identifier: Apache-2.0
// The mpc dialect on components: what P1 and P2 hold, given the streams that P0 shares with each.
// One function per op, in the formulas of docs/protocol.md.
#ifndef MPCC_IR_REFERENCE_MPC_SHARES_H_
#define MPCC_IR_REFERENCE_MPC_SHARES_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "ir/reference/mpc_private.h"
#include "ir/reference/mpc_random.h"
#include "ir/reference/mpc_scope.h"

namespace mpcc::reference {

// Where stream numbers come from: the `streams` attributes of the program, or a counter.
enum class Numbering { kFromProgram, kCounted };

class ShareFrame {
 public:
  ShareFrame(Scope& scope, const PrivateValues& privates, RandomSource random, Numbering numbering)
      : scope_(scope), privates_(privates), random_(std::move(random)), numbering_(numbering) {}

  const Components& Get(mlir::Value value) const { return scope_.Shares(value); }
  absl::StatusOr<Ring> Private(mlir::OpOperand& operand) const { return privates_.Read(operand); }
  Scope& scope() { return scope_; }
  RandomSource& random() { return random_; }

  // Defines a value of ShareType by its components, which are reduced here.
  void Set(mlir::Value value, std::vector<Ring> parts);

  // The same for a function argument: a fresh sharing of x. REQUIRES: streams are counted.
  void SetShared(mlir::Value value, const Ring& x);

  // The op's `streams`. INVALID_ARGUMENT when the program should give `count` of them and does not.
  absl::StatusOr<std::vector<uint32_t>> Streams(mlir::Operation* op, size_t count);
  absl::StatusOr<uint32_t> WeightStream(mpc::LinearOp op);

  // A fresh mask {L1, L2} of a replicated value; L2 = 0 for an input of P1.
  std::vector<Ring> Mask(uint32_t stream, mpc::ShareType type, bool is_input = false);
  // The two shares of a dealt vector.
  std::vector<Ring> Deal(PairKey p1_key, uint32_t stream, const Ring& value, int width);

 private:
  Scope& scope_;
  const PrivateValues& privates_;
  RandomSource random_;
  Numbering numbering_;
  uint32_t next_stream_ = 0;
};

struct ShareRow {
  llvm::StringLiteral op;
  absl::Status (*run)(ShareFrame& frame, mlir::Operation* op);
};

template <typename Op, absl::Status (*fn)(ShareFrame&, Op)>
constexpr ShareRow ShareRowOf() {
  return {Op::getOperationName(),
          [](ShareFrame& frame, mlir::Operation* op) { return fn(frame, llvm::cast<Op>(op)); }};
}

// Sources, sinks and conversions; ops local to each component; ops with dealt vectors.
std::span<const ShareRow> ShareConversions();
std::span<const ShareRow> ShareLocalOps();
std::span<const ShareRow> ShareDealtOps();

// INVALID_ARGUMENT for an op of the mpc dialect that has no meaning on components before the
// conversions are inserted (lift, row_max, operands of another sharing than the op computes on).
absl::Status RunOnShares(ShareFrame& frame, mlir::Operation* op);

}  // namespace mpcc::reference

#endif  // MPCC_IR_REFERENCE_MPC_SHARES_H_
