// SPDX-License-Identifier: Apache-2.0
// The mpc dialect on values: what a program computes when rounding is deterministic.
//
// Every sharing stands for its value, so the IR has this meaning before and after every pass, and
// abstract ops have it too. Rounding is half up where the protocol rounds at random: `extract` and
// the window of a `lut` give floor(x / 2^s + 1/2).
//
// Values are not reduced while they are only added and multiplied, which commutes with reduction.
// An op that reads a value as a number (an index, a sign, a spare bit, a result) takes the ring's
// representative; where that is not the value itself, something wrapped, and the op reports it.
#ifndef MPCC_IR_REFERENCE_MPC_IDEAL_H_
#define MPCC_IR_REFERENCE_MPC_IDEAL_H_

#include <span>
#include <string>
#include <vector>

#include "ir/reference/mpc_private.h"
#include "ir/reference/mpc_scope.h"

namespace mpcc::reference {

// A value outside the range in which `op` reads it right.
struct RangeError {
  mlir::Operation* op;
  std::string message;
};

using Exact = std::vector<Int128>;

// How an op reads an operand: the numbers [base, base + 2^bits) stand for the ring's elements, and
// the op is right for those in [low, high).
struct Reading {
  int bits;
  Int128 base;
  Int128 low;
  Int128 high;

  static Reading Signed(int bits);
  static Reading Unsigned(int bits);
  // Half of the range, the ring keeping a spare bit.
  Reading Halved() const { return {bits, base, low / 2, high / 2}; }
};

class IdealFrame {
 public:
  // Errors are collected in `range_errors` unless it is null.
  IdealFrame(Scope& scope, const PrivateValues& privates, std::vector<RangeError>* range_errors)
      : scope_(scope), privates_(privates), range_errors_(range_errors) {}

  const IdealTensor& Get(mlir::Value value) const { return scope_.Ideal(value); }
  void Set(mlir::Value value, Exact values);
  Scope& scope() { return scope_; }

  absl::StatusOr<Ring> Private(mlir::OpOperand& operand) const { return privates_.Read(operand); }
  // The same as signed numbers.
  absl::StatusOr<Exact> SignedPrivate(mlir::OpOperand& operand) const;

  // The representatives of `values` as `reading` has them.
  Exact Read(mlir::Operation* op, const Exact& values, const Reading& reading);

 private:
  void Report(mlir::Operation* op, size_t count, Int128 worst, const Reading& reading);

  Scope& scope_;
  const PrivateValues& privates_;
  std::vector<RangeError>* range_errors_;
};

struct IdealRow {
  llvm::StringLiteral op;
  absl::Status (*run)(IdealFrame& frame, mlir::Operation* op);
};

template <typename Op, absl::Status (*fn)(IdealFrame&, Op)>
constexpr IdealRow IdealRowOf() {
  return {Op::getOperationName(),
          [](IdealFrame& frame, mlir::Operation* op) { return fn(frame, llvm::cast<Op>(op)); }};
}

// Ops that commute with reduction, and ops that read representatives.
std::span<const IdealRow> IdealRingOps();
std::span<const IdealRow> IdealReadingOps();

// INVALID_ARGUMENT for an op without a meaning online (of P0, or of another dialect).
absl::Status RunIdeal(IdealFrame& frame, mlir::Operation* op);

// (x, 0), (x, 0, 0): what an observer of an ideal run is shown.
Components IdealComponents(const IdealTensor& tensor, mpc::ShareKind kind);

}  // namespace mpcc::reference

#endif  // MPCC_IR_REFERENCE_MPC_IDEAL_H_
