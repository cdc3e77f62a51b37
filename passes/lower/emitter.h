// SPDX-License-Identifier: Apache-2.0
// Builds mpc ops with the types their operands imply, so that lowerings read as formulas.
#ifndef MPCC_PASSES_LOWER_EMITTER_H_
#define MPCC_PASSES_LOWER_EMITTER_H_

#include <cstdint>
#include <vector>

#include "ir/mpc/exact_read.h"
#include "ir/mpc/mpc.h"
#include "mlir/IR/Builders.h"
#include "passes/lower/tables.h"

namespace mpcc {

// Shapes follow numpy; widths are ring widths in bits. Sharings are whatever the operands are; a
// later pass converts them.
class Emitter {
 public:
  using Value = mlir::Value;
  using Shape = llvm::ArrayRef<int64_t>;

  explicit Emitter(mlir::OpBuilder& builder) : builder_(builder), loc_(builder.getUnknownLoc()) {}

  // Ops that follow carry this location (an ONNX node).
  void SetLocation(mlir::Location loc) { loc_ = loc; }
  mlir::Location location() const { return loc_; }
  mlir::OpBuilder& builder() { return builder_; }

  // Integers private to P0, stored in the narrowest signed type that holds them.
  Value Private(const std::vector<int64_t>& values, Shape shape, unsigned width);
  Value PrivateRow(const std::vector<int64_t>& values, unsigned width);
  // The additive sharing of private integers.
  Value SharePrivate(const std::vector<int64_t>& values, Shape shape, unsigned width);

  Value Add(Value lhs, Value rhs);  // rhs broadcasts to lhs
  Value Sub(Value lhs, Value rhs);
  Value AddPublic(Value x, int64_t value);
  Value MulPublic(Value x, int64_t value);
  Value RowSum(Value x);
  Value Reshape(Value x, Shape shape);
  Value Transpose(Value x, llvm::ArrayRef<int64_t> perm);
  Value Slice(Value x, llvm::ArrayRef<int64_t> offsets, Shape shape);
  Value Concat(mlir::ValueRange inputs, int64_t axis);
  // Replicated x times 2^bits, in a ring of so many bits more.
  Value ScaleUp(Value x, unsigned bits);
  Value Resize(Value x, unsigned width);    // modulo 2^width; the value itself when already so wide
  Value Extract(Value x, unsigned width);   // top bits; the value itself when already so wide
  Value Truncate(Value x, unsigned width);  // the same exactly
  // A public function of the top bits: values as Tabulate gives them, times a private factor.
  Value PublicLut(Value x, const std::vector<int64_t>& values, unsigned width, Value factor = {});
  // A public function of all of x, whose low digit has `digit` bits.
  Value Staircase(Value x, const Stairs& f, int digit, unsigned width);
  Value Open(Value x);  // replicated, so that what is computed of it is opened too
  // A public function of the leading bits of unsigned x: level t's 2^index values are read at
  // `gap` octaves below those of the level before (mpc.leading_lut).
  Value LeadingLut(Value x, int index, int gap, const std::vector<int64_t>& values, unsigned width);
  // The top bits as a signed number held between public bounds, times a private factor.
  Value Saturate(Value x, const mpc::Saturation& bounds, unsigned width, Value factor = {});
  // A private function of the top bits: `least` and the number whose bits from the lowest on are in
  // tables, [1 or columns, 2^k] bits, times a private factor.
  Value PrivateLut(Value x, mlir::ValueRange tables, int64_t least, unsigned width, Value factor);
  Value Lift(Value x, unsigned width, bool is_unsigned = false);
  Value RowMax(Value x);

  Value Linear(Value x, Value weight, Value bias);
  Value MatMul(Value lhs, Value rhs, bool transpose_b);
  Value Dot(Value lhs, Value rhs);
  // The product of `factors`, broadcast to each other, and of `constant`, if there is one.
  Value Product(mlir::ValueRange factors, Value constant = {});
  // One table of 2^k entries, or one after the other for each column.
  Value Lut(Value index, const std::vector<int64_t>& tables, unsigned width, int64_t shift = 0,
            int64_t columns = 1);
  Value Lut2(Value a, Value b, const std::vector<int64_t>& table, unsigned width);

  Value Encode(Value real, int64_t fraction_bits, unsigned width);
  Value Input(Value integers);
  Value InputLocal(Value integers);
  Value Reveal(Value x, int64_t fraction_bits);

  // Any operation whose result follows from its operands.
  template <typename Op, typename... Args>
  Value Make(Args&&... args) {
    return builder_.create<Op>(loc_, std::forward<Args>(args)...)->getResult(0);
  }

  mpc::ShareType Type(mpc::ShareKind kind, Shape shape, unsigned width);
  static mpc::ShareType TypeOf(Value value) { return llvm::cast<mpc::ShareType>(value.getType()); }

 private:
  mlir::OpBuilder& builder_;
  mlir::Location loc_;
};

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_EMITTER_H_
