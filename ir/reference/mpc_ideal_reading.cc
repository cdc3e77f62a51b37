// SPDX-License-Identifier: Apache-2.0
// Ops that read their operands as numbers, so that a wrap before them matters.
#include <algorithm>

#include "ir/reference/mpc_encoding.h"
#include "ir/reference/mpc_ideal.h"
#include "llvm/Support/MathExtras.h"
#include "runtime/base/ring.h"
#include "runtime/base/status_macros.h"

namespace mpcc::reference {
namespace {

Exact RoundHalfUp(const Exact& values, int shift) {
  if (shift == 0) return values;
  return Map(values, [&](Int128 x) { return (x + (Int128{1} << (shift - 1))) >> shift; });
}

// Table indices may be meant signed or not, and the op does not say: a wire with a negative value
// is signed.
Exact ReadIndex(IdealFrame& f, mlir::Operation* op, const Exact& values, int bits) {
  const bool is_signed = std::any_of(values.begin(), values.end(), [](Int128 x) { return x < 0; });
  return f.Read(op, values, is_signed ? Reading::Signed(bits) : Reading::Unsigned(bits));
}

size_t Index(Int128 x, int bits) { return Reduce(static_cast<uint64_t>(x), bits); }

// Rounds like the mean of what the protocol does; commutes with reduction but for the shift.
absl::Status RunExtract(IdealFrame& f, mpc::ExtractOp op) {
  const int shift = WidthOf(op.getInput()) - WidthOf(op.getResult());
  f.Set(op.getResult(), RoundHalfUp(f.Get(op.getInput()).values, shift));
  return absl::OkStatus();
}

absl::Status RunLift(IdealFrame& f, mpc::LiftOp op) {
  const int width = WidthOf(op.getInput());
  const Reading reading = op.getIsUnsigned() ? Reading::Unsigned(width) : Reading::Signed(width);
  const Exact& values = f.Get(op.getInput()).values;
  f.Set(op.getResult(), f.Read(op, values, reading.Halved()));
  return absl::OkStatus();
}

// Without masks nothing wraps: the count is 0 and join adds nothing.
absl::Status RunWrap(IdealFrame& f, mpc::WrapOp op) {
  const Exact& values = f.Get(op.getInput()).values;
  f.Read(op, values, Reading::Unsigned(WidthOf(op.getInput())).Halved());
  f.Set(op.getResult(), Exact(values.size()));
  return absl::OkStatus();
}

absl::Status RunJoin(IdealFrame& f, mpc::JoinOp op) {
  const int width = WidthOf(op.getLow());
  f.Set(op.getResult(),
        Zip(f.Get(op.getLow()).values, f.Get(op.getWraps()).values, [&](Int128 x, Int128 z) {
          return Int128{Reduce(static_cast<uint64_t>(x), width)} + (z << width);
        }));
  return absl::OkStatus();
}

absl::Status RunLut(IdealFrame& f, mpc::LutOp op) {
  MPCC_ASSIGN_OR_RETURN(const Exact table, f.SignedPrivate(op.getTableMutable()));
  ShapeRef shape = llvm::cast<mpc::ShareType>(op.getTable().getType()).getShape();
  const size_t rows = shape[0], entries = shape[1];
  const int bits = llvm::Log2_64(entries);
  const int shift = static_cast<int>(op.getShift());
  Exact index = RoundHalfUp(f.Get(op.getIndex()).values, shift);
  // A window below the top of the ring leaves bits out on purpose (tables of several levels).
  if (shift + bits == WidthOf(op.getIndex())) index = ReadIndex(f, op, index, bits);
  for (size_t e = 0; e < index.size(); ++e)
    index[e] = table[e % rows * entries + Index(index[e], bits)];
  f.Set(op.getResult(), std::move(index));
  return absl::OkStatus();
}

// Without masks nothing is borrowed: the first plane is the function's.
absl::Status RunLutPair(IdealFrame& f, mpc::LutPairOp op) {
  MPCC_ASSIGN_OR_RETURN(const Exact table, f.SignedPrivate(op.getTableMutable()));
  ShapeRef shape = llvm::cast<mpc::ShareType>(op.getTable().getType()).getShape();
  const size_t rows = shape[0], entries = shape[1];
  const Exact& x = f.Get(op.getIndex()).values;
  Exact planes;
  for (int64_t below : {0, 1})
    for (size_t e = 0; e < x.size(); ++e)
      planes.push_back(table[e % rows * entries + Index((x[e] >> op.getShift()) - below,
                                                        static_cast<int>(llvm::Log2_64(entries)))]);
  f.Set(op.getResult(), std::move(planes));
  return absl::OkStatus();
}

absl::Status RunLut2(IdealFrame& f, mpc::Lut2Op op) {
  MPCC_ASSIGN_OR_RETURN(const Exact table, f.SignedPrivate(op.getTableMutable()));
  const IdealTensor& a = f.Get(op.getA());
  const IdealTensor& b = f.Get(op.getB());
  const Exact ia = ReadIndex(f, op, a.values, a.width);
  const Exact ib = Pick(ReadIndex(f, op, b.values, b.width), BroadcastOffsets(b.shape, a.shape));
  f.Set(op.getResult(), Zip(ia, ib, [&](Int128 x, Int128 y) {
          return table[(Index(x, a.width) << b.width) + Index(y, b.width)];
        }));
  return absl::OkStatus();
}

// Without masks nothing is borrowed. In a ring that holds no more than the high bits the quotient
// commutes with reduction; a wider one sees the number that x stands for.
absl::Status RunHighBits(IdealFrame& f, mpc::HighBitsOp op) {
  const int64_t shift = op.getShift();
  const int width = WidthOf(op.getInput());
  Exact values = f.Get(op.getInput()).values;
  if (WidthOf(op.getResult()) > width - shift)
    values = f.Read(op, values, Reading::Unsigned(width));
  f.Set(op.getResult(), Map(values, [&](Int128 x) { return x >> shift; }));
  return absl::OkStatus();
}

// The digits of the mask are 0.
absl::Status RunReadBits(IdealFrame& f, mpc::ReadBitsOp op) {
  const Exact& values = f.Get(op.getInput()).values;
  Exact out;
  size_t table = 0;
  for (int64_t digit : op.getReads()) {
    const int64_t width = op.getDigits()[digit];
    int64_t shift = WidthOf(op.getInput());
    for (int64_t above : op.getDigits().take_front(digit + 1)) shift -= above;
    for (Int128 x : values) {
      const size_t bit = Index(x >> shift, width) + (size_t{1} << width);
      out.push_back(op.getTables()[table + bit / 64] >> bit % 64 & 1);
    }
    table += std::max<int64_t>(1, (int64_t{2} << width) / 64);
  }
  f.Set(op.getResult(), std::move(out));
  return absl::OkStatus();
}

// The integers times a private constant: one, or one a column.
absl::Status Scale(IdealFrame& f, const mlir::MutableOperandRange& constant, Exact& values) {
  if (constant.empty()) return absl::OkStatus();
  MPCC_ASSIGN_OR_RETURN(const Exact c, f.SignedPrivate(constant[0]));
  for (size_t e = 0; e < values.size(); ++e) values[e] *= c[e % c.size()];
  return absl::OkStatus();
}

absl::Status RunFromBits(IdealFrame& f, mpc::FromBitsOp op) {
  const Exact& bits = f.Get(op.getBits()).values;
  const size_t count =
      bits.size() / llvm::cast<mpc::ShareType>(op.getBits().getType()).getShape()[0];
  Exact out(count);
  for (auto [term, coefficient] : llvm::zip(op.getTerms(), op.getCoefficients()))
    for (size_t e = 0; e < count; ++e) {
      Int128 product = coefficient;
      for (int64_t b = 0; term >> b; ++b)
        if (term >> b & 1) product *= Index(bits[b * count + e], 1);
      out[e] += product;
    }
  MPCC_RETURN_IF_ERROR(Scale(f, op.getConstantMutable(), out));
  f.Set(op.getResult(), std::move(out));
  return absl::OkStatus();
}

absl::Status RunTruncate(IdealFrame& f, mpc::TruncateOp op) {
  const int shift = WidthOf(op.getInput()) - WidthOf(op.getResult());
  f.Set(op.getResult(), Map(f.Get(op.getInput()).values, [&](Int128 x) { return x >> shift; }));
  return absl::OkStatus();
}

absl::Status RunPublicLut(IdealFrame& f, mpc::PublicLutOp op) {
  const int bits = static_cast<int>(llvm::Log2_64(op.getValues().size()));
  const int width = WidthOf(op.getInput());
  Exact out = Map(ReadIndex(f, op, f.Get(op.getInput()).values, width), [&](Int128 x) {
    return Int128{op.getValues()[Index(x >> (width - bits), bits)]};
  });
  MPCC_RETURN_IF_ERROR(Scale(f, op.getFactorMutable(), out));
  f.Set(op.getResult(), std::move(out));
  return absl::OkStatus();
}

absl::Status RunPrivateLut(IdealFrame& f, mpc::PrivateLutOp op) {
  ShapeRef shape = llvm::cast<mpc::ShareType>(op.getTables()[0].getType()).getShape();
  const size_t rows = shape[0], entries = shape[1];
  const int bits = static_cast<int>(llvm::Log2_64(entries)), width = WidthOf(op.getInput());
  const Exact x = ReadIndex(f, op, f.Get(op.getInput()).values, width);
  Exact out(x.size(), static_cast<int64_t>(op.getLeast()));
  mlir::MutableOperandRange tables = op.getTablesMutable();
  for (unsigned b = 0; b < op.getTables().size(); ++b) {
    MPCC_ASSIGN_OR_RETURN(const Exact table, f.SignedPrivate(tables[b]));
    for (size_t e = 0; e < x.size(); ++e)
      out[e] += Int128{Index(table[e % rows * entries + Index(x[e] >> (width - bits), bits)], 1)}
                << b;
  }
  MPCC_RETURN_IF_ERROR(Scale(f, op.getFactorMutable(), out));
  f.Set(op.getResult(), std::move(out));
  return absl::OkStatus();
}

// Numbers of the window end at its last start, so that those from the limit on are told.
absl::Status RunStaircase(IdealFrame& f, mpc::StaircaseOp op) {
  const int width = WidthOf(op.getInput());
  const llvm::ArrayRef<int64_t> starts = op.getStarts();
  const Int128 base = Int128{starts.back()} - (Int128{1} << width);
  const Reading reading{width, base, base, op.getLimit().value_or(starts.back())};
  f.Set(op.getResult(),
        Map(f.Read(op, f.Get(op.getInput()).values, reading), [&](Int128 x) -> Int128 {
          const auto next = llvm::upper_bound(starts, x);
          return next == starts.begin() ? 0 : op.getValues()[next - starts.begin() - 1];
        }));
  return absl::OkStatus();
}

absl::Status RunLeadingLut(IdealFrame& f, mpc::LeadingLutOp op) {
  const int width = WidthOf(op.getInput()), index = static_cast<int>(op.getIndex());
  const int levels = static_cast<int>(op.getValues().size() >> index);
  const auto threshold = size_t{1} << (index - op.getGap());
  const Exact x = f.Read(op, f.Get(op.getInput()).values, Reading::Unsigned(width));
  f.Set(op.getResult(), Map(x, [&](Int128 value) -> Int128 {
          size_t u = 0;
          int t = -1;
          do u = Index(value >> (width - index - ++t * op.getGap()), index);
          while (u < threshold && t + 1 < levels);
          return op.getValues()[(static_cast<size_t>(t) << index) + u];
        }));
  return absl::OkStatus();
}

absl::Status RunSaturate(IdealFrame& f, mpc::SaturateOp op) {
  const int width = WidthOf(op.getInput());
  const int64_t shift = width - static_cast<int64_t>(op.getBits());
  const Int128 least = static_cast<int64_t>(op.getLeast());
  const Int128 most = static_cast<int64_t>(op.getMost());
  Exact out = Map(f.Read(op, f.Get(op.getInput()).values, Reading::Signed(width)),
                  [&](Int128 x) { return std::clamp(x >> shift, least, most); });
  MPCC_RETURN_IF_ERROR(Scale(f, op.getFactorMutable(), out));
  f.Set(op.getResult(), std::move(out));
  return absl::OkStatus();
}

absl::Status RunRowMax(IdealFrame& f, mpc::RowMaxOp op) {
  const IdealTensor& x = f.Get(op.getInput());
  const Exact values = f.Read(op, x.values, Reading::Signed(x.width));
  const size_t extent = x.shape.back();
  Exact out;
  for (size_t row = 0; row < values.size(); row += extent)
    out.push_back(*std::max_element(values.begin() + row, values.begin() + row + extent));
  f.Set(op.getResult(), std::move(out));
  return absl::OkStatus();
}

absl::Status RunReveal(IdealFrame& f, mpc::RevealOp op) {
  const IdealTensor& x = f.Get(op.getInput());
  const Exact values = f.Read(op, x.values, Reading::Signed(x.width));
  f.scope().Set(op.getResult(), Decode(op, Ring(values.begin(), values.end()), x.width));
  return absl::OkStatus();
}

}  // namespace

std::span<const IdealRow> IdealReadingOps() {
  static constexpr IdealRow kRows[] = {
      IdealRowOf<mpc::ExtractOp, RunExtract>(),
      IdealRowOf<mpc::LiftOp, RunLift>(),
      IdealRowOf<mpc::WrapOp, RunWrap>(),
      IdealRowOf<mpc::JoinOp, RunJoin>(),
      IdealRowOf<mpc::LutOp, RunLut>(),
      IdealRowOf<mpc::Lut2Op, RunLut2>(),
      IdealRowOf<mpc::LutPairOp, RunLutPair>(),
      IdealRowOf<mpc::HighBitsOp, RunHighBits>(),
      IdealRowOf<mpc::ReadBitsOp, RunReadBits>(),
      IdealRowOf<mpc::FromBitsOp, RunFromBits>(),
      IdealRowOf<mpc::TruncateOp, RunTruncate>(),
      IdealRowOf<mpc::PublicLutOp, RunPublicLut>(),
      IdealRowOf<mpc::PrivateLutOp, RunPrivateLut>(),
      IdealRowOf<mpc::StaircaseOp, RunStaircase>(),
      IdealRowOf<mpc::LeadingLutOp, RunLeadingLut>(),
      IdealRowOf<mpc::SaturateOp, RunSaturate>(),
      IdealRowOf<mpc::RowMaxOp, RunRowMax>(),
      IdealRowOf<mpc::RevealOp, RunReveal>(),
  };
  return kRows;
}

}  // namespace mpcc::reference
