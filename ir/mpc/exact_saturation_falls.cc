// SPDX-License-Identifier: Apache-2.0
// Saturation by digits whose borrow is joined in the ring (docs/protocol.md, "Saturation"). f holds
// the index between its bounds, 2^v numbers. With a borrow from below the index it is f(y - 1): one
// less than f(y) where y = index - least is 1 to 2^v - 1, 2^v - 1 more where y is the first number
// below the bounds, behind all above them, and else the same. So beside the bits of f(y) two more
// tell what a borrow changes: whether it takes 1, and whether it adds 2^v.
#include <set>
#include <vector>

#include "ir/mpc/exact_read.h"
#include "ir/mpc/plane_sets.h"
#include "runtime/base/ring.h"

namespace mpcc::mpc {

// One reading. y is the top digit h, from bit v - 1 on, and the digit of the value below it. All is
// put together as if nothing was borrowed from the index; what h lends to the lower digit counts.
class FallsReader {
 public:
  FallsReader(ExactReader& reader, const Saturation& saturation)
      : reader_(reader),
        saturation_(saturation),
        low_bits_(*saturation.ValueBits() - 1),
        top_bits_(saturation.bits - low_bits_) {}

  mlir::Value Read(mlir::Value x, unsigned width, mlir::Value factor) {
    AddReads();
    return PutTogether(reader_.Emit(reader_.FromLeast(x, saturation_), reads_), width, factor);
  }

 private:
  using Bit = ParityOfProducts;

  bool HasBorrow() const { return !reader_.policy_.digits.empty(); }

  Bit BitOf(int64_t digit, llvm::function_ref<bool(int64_t difference)> f) {
    return Bit(Plane(reads_.Add(digit, f)));
  }
  // Whether the difference of the top digit is one of [first, end), modulo the digit's size.
  Bit Top(int64_t first, int64_t end) {
    return BitOf(0, [=, this](int64_t u) {
      const auto h = static_cast<int64_t>(Reduce(static_cast<uint64_t>(u), top_bits_));
      return h >= first && h < end;
    });
  }
  Bit TopIs(int64_t value) {
    const auto h = static_cast<int64_t>(Reduce(static_cast<uint64_t>(value), top_bits_));
    return Top(h, h + 1);
  }

  void AddReads() {
    reads_.digits = {top_bits_, low_bits_};
    llvm::append_range(reads_.digits, reader_.policy_.digits);
    // Numbers above the bounds are followed by those below them.
    const int64_t above_end = saturation_.EndOfAbove(low_bits_);
    const Bit lent = BitOf(1, [](int64_t u) { return u < 0; });
    const Bit first = TopIs(0), end = TopIs(above_end);
    const Bit inside = first + TopIs(1) + lent * (first + TopIs(2));
    const Bit above = Top(2, above_end) + lent * (TopIs(2) + end);
    for (int b = 0; b < low_bits_; ++b)
      bits_.push_back(inside * BitOf(1, [=](int64_t u) { return (u >> b & 1) != 0; }) + above);
    bits_.push_back(Top(1, above_end) + lent * (TopIs(1) + end));
    if (!HasBorrow()) return;
    const Bit zero = BitOf(1, [](int64_t u) { return u == 0; });
    const Bit jump = end * zero;
    bits_.push_back(inside + first * zero + jump);
    bits_.push_back(jump);
    before_borrow_ = static_cast<int64_t>(reads_.reads.size());
    reader_.AddChain(2, reads_);
  }

  mlir::Value PutTogether(mlir::Value planes, unsigned width, mlir::Value factor) {
    std::set<int64_t> opened;  // planes of products
    for (const Bit& bit : bits_)
      for (int64_t term : bit.terms())
        if (!llvm::has_single_bit(static_cast<uint64_t>(term)))
          opened.merge(NumbersOf({{term, 1}}));
    const auto products = static_cast<int64_t>(opened.size());
    for (int64_t i = before_borrow_; HasBorrow() && i < Share(planes).getShape()[0]; ++i)
      opened.insert(i);
    const mlir::Value all = reader_.Open(reader_.Gather(planes, opened));
    llvm::SmallVector<mlir::Value> bits;
    for (const Bit& bit : bits_) bits.push_back(reader_.Parity({planes, all, opened}, bit.terms()));
    bits = {reader_.Open(reader_.Stack(bits))};
    if (HasBorrow())
      bits.push_back(reader_.JoinAll(
          reader_.Planes(all, products, static_cast<int64_t>(opened.size()) - products)));
    return reader_.Sum(reader_.Stack(bits), Number(), width, factor);
  }

  // Of the bits, and of the borrow behind them.
  ExactReader::Polynomial Number() const {
    const int64_t value_bits = low_bits_ + 1;
    ExactReader::Polynomial number{{0, saturation_.least}};
    for (int64_t b = 0; b < value_bits; ++b) number[Plane(b)] = Plane(b);
    if (!HasBorrow()) return number;
    const int64_t borrow = Plane(value_bits + 2);
    number[Plane(value_bits) | borrow] = -1;
    number[Plane(value_bits + 1) | borrow] = Plane(value_bits);
    return number;
  }

  ExactReader& reader_;
  const Saturation saturation_;
  const int low_bits_, top_bits_;  // of the digit of the value, and of the one above it
  ExactReader::Reads reads_;
  // The value's bits, from the lowest; behind them what a borrow changes.
  std::vector<Bit> bits_;
  int64_t before_borrow_ = 0;  // planes that are not for the borrow
};

mlir::Value ExactReader::SaturateByFalls(mlir::Value x, const Saturation& saturation,
                                         unsigned width, mlir::Value factor) {
  return FallsReader(*this, saturation).Read(x, width, factor);
}

}  // namespace mpcc::mpc
