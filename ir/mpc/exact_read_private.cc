// SPDX-License-Identifier: Apache-2.0
// A private function of top bits (docs/protocol.md, "A private function of top bits"): P0 deals the
// table of each bit, rotated by the top digit of the mask. The entry at the top digit of what is
// opened is the bit if nothing is borrowed from it, and the one below it if something is.
#include "ir/mpc/exact_read.h"
#include "ir/mpc/infer.h"

namespace mpcc::mpc {

mlir::Value ExactReader::Apply(mlir::Value x, const PrivateReading& f) {
  const auto low = static_cast<int64_t>(Share(x).getWidth()) - f.bits;
  const auto count = static_cast<int64_t>(f.tables.size());
  llvm::SmallVector<mlir::Value> pairs;
  for (mlir::Value table : f.tables)
    pairs.push_back(builder_.create<LutPairOp>(loc_, PairType(x, table), x, table, low,
                                               mlir::DenseI64ArrayAttr()));
  if (low == 0) {
    for (mlir::Value& pair : pairs) pair = Planes(pair, 0, 1);
    return ByBits(pairs, nullptr, f);
  }
  Reads reads;
  reads.digits = policy_.digits;
  AddChain(0, reads);
  const mlir::Value rest =
      builder_.create<ResizeOp>(loc_, Share(x).withWidth(static_cast<unsigned>(low)), x);
  const mlir::Value borrow = Emit(rest, reads);
  if (policy_.by_bits) return ByBits(pairs, borrow, f);
  pairs.push_back(borrow);
  const mlir::Value planes = Open(Stack(pairs));
  const Chain chain =
      Finish({Planes(planes, 2 * count, Share(borrow).getShape()[0]), policy_.digits.size()});
  Split split{{{kNoPlane, f.least}}, {}};
  for (int64_t b = 0; b < count; ++b) {
    split.value[2 * b] = split.falls[2 * b] = Plane(b);
    split.falls[2 * b + 1] = -Plane(b);
  }
  return Combine(planes, split, chain, {{f.bits, {}}, f.width, f.factor});
}

mlir::Value ExactReader::ByBits(llvm::ArrayRef<mlir::Value> pairs, mlir::Value borrow,
                                const PrivateReading& f) {
  llvm::SmallVector<mlir::Value> bits;
  Polynomial number{{0, f.least}};
  for (mlir::Value pair : pairs) {
    number[Plane(static_cast<int64_t>(bits.size()))] = Plane(static_cast<int64_t>(bits.size()));
    bits.push_back(Planes(pair, 0, 1));
  }
  if (borrow) {
    llvm::SmallVector<mlir::Value> changes;
    for (mlir::Value pair : pairs)
      changes.push_back(builder_.create<AddOp>(loc_, Planes(pair, 0, 1), Planes(pair, 1, 1)));
    const auto count = static_cast<int64_t>(changes.size());
    changes.push_back(borrow);
    const mlir::Value opened = Open(Stack(changes));
    const Chain chain =
        Finish({Planes(opened, count, Share(borrow).getShape()[0]), policy_.digits.size()});
    for (int64_t b = 0; b < count; ++b) bits[b] = Changed(bits[b], Planes(opened, b, 1), chain);
  }
  return Sum(Open(Stack(bits)), number, f.width, f.factor);
}

}  // namespace mpcc::mpc
