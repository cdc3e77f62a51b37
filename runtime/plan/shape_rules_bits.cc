// SPDX-License-Identifier: Apache-2.0
// Rules of the dealt opcodes that read bits of an opened value.
#include "runtime/base/ring.h"
#include "runtime/plan/shape_rule.h"
#include "runtime/protocol/bit_polynomial.h"
#include "runtime/protocol/digit_reads.h"

namespace mpcc::shape_rules {
namespace {

DealtResult HighBitsResult(const Operands& o) {
  return {static_cast<uint32_t>(o.Int(1)), o.InShape(0)};
}

Problem HighBits(const Operands& o) {
  const int64_t shift = o.Int(0), r = o.Int(1);
  if (shift < 0 || shift >= o.In(0).width())
    return fmt::format("bits from {} on of {}", shift, o.In(0).width());
  if (r < 1 || r > kMaxRingBits) return fmt::format("result width {}", r);
  return First({KindIs(o, o.In(0), plan::RSS), ResultIs(o, HighBitsResult(o))});
}

DigitReads ReadsOf(const Operands& o) {
  return DigitReads::FromInts(static_cast<int>(o.In(0).width()), IntsOf(o.step));
}

DealtResult ReadBitsResult(const Operands& o) {
  const DigitReads reads = ReadsOf(o);
  DealtResult result{1, {static_cast<uint32_t>(reads.reads.size())}};
  for (uint32_t extent : o.In(0).shape()) result.shape.push_back(extent);
  result.vectors = OneHotVectors(ElementCount(o.In(0)), reads.digits);
  return result;
}

Problem ReadBits(const Operands& o) {
  const DigitReads reads = ReadsOf(o);
  if (Problem p = reads.Problem(static_cast<int>(o.In(0).width())); !p.empty()) return p;
  if (o.step.streams_size() != static_cast<int>(reads.digits.size()))
    return fmt::format("{} streams for {} digits", o.step.streams_size(), reads.digits.size());
  return First({KindIs(o, o.In(0), plan::RSS), ResultIs(o, ReadBitsResult(o))});
}

BitPolynomial PolynomialOf(const Operands& o) {
  return BitPolynomial::FromInts(IntsOf(o.step).subspan(2));
}

DealtResult FromBitsResult(const Operands& o) {
  const auto& shape = o.In(0).shape();
  DealtResult result{static_cast<uint32_t>(o.Int(1)), {shape.begin() + 1, shape.end()}};
  result.vectors = PolynomialOf(o).Vectors(ElementCount(result.shape), static_cast<int>(o.Int(1)),
                                           static_cast<uint64_t>(o.Int(0)));
  return result;
}

Problem FromBits(const Operands& o) {
  if (o.step.ints_size() < 2) return "it has no parameters";
  const plan::Wire& bits = o.In(0);
  if (bits.shape_size() < 2) return "the bits have no planes";
  const int64_t constants = o.Int(0), columns = bits.shape(bits.shape_size() - 1), width = o.Int(1);
  if (constants != 0 && constants != 1 && constants != columns)
    return fmt::format("a constant of {} numbers for {} columns", constants, columns);
  if (width < 1 || width > kMaxRingBits) return fmt::format("result width {}", width);
  const BitPolynomial polynomial = PolynomialOf(o);
  const bool constant = constants > 0;
  const int w = static_cast<int>(width);
  if (Problem p = polynomial.Problem(bits.shape(0), w, constant); !p.empty()) return p;
  const size_t products = polynomial.Products(w, constant).size();
  if (o.step.streams_size() != static_cast<int>(products))
    return fmt::format("{} streams for {} products", o.step.streams_size(), products);
  if (constant && o.AtDealer())
    if (Problem p =
            ConstantIs(o, 0, static_cast<uint32_t>(width), {static_cast<uint32_t>(constants)});
        !p.empty())
      return p;
  return First({KindIs(o, bits, plan::RSS), RingIs(bits, 1), ResultIs(o, FromBitsResult(o))});
}

constexpr Row kRows[] = {{plan::HIGH_BITS, HighBits, HighBitsResult},
                         {plan::READ_BITS, ReadBits, ReadBitsResult},
                         {plan::FROM_BITS, FromBits, FromBitsResult}};

}  // namespace

std::span<const Row> BitRules() { return kRows; }

}  // namespace mpcc::shape_rules
