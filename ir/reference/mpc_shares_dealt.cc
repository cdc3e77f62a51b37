// SPDX-License-Identifier: Apache-2.0
// Ops for which P0 deals vectors: shares c1, c2 of values it computes from masks and constants.
#include <functional>
#include <map>
#include <numeric>

#include "ir/reference/mpc_shares.h"
#include "runtime/base/ring.h"
#include "runtime/base/status_macros.h"

namespace mpcc::reference {
namespace {

const Ring& M(const Components& x) { return x.parts[0]; }
const Ring& L1(const Components& x) { return x.parts[1]; }
const Ring& L2(const Components& x) { return x.parts[2]; }
// What P0 knows of a replicated value.
Ring L(const Components& x) {
  return Zip(L1(x), L2(x), [&](uint64_t a, uint64_t b) { return Reduce(a + b, x.width); });
}

// x W + bias = m W - (L W - bias).
absl::Status RunLinear(ShareFrame& f, mpc::LinearOp op) {
  const Components& x = f.Get(op.getInput());
  MPCC_ASSIGN_OR_RETURN(const Ring weight, f.Private(op.getWeightMutable()));
  MPCC_ASSIGN_OR_RETURN(const Ring bias, f.Private(op.getBiasMutable()));
  const int width = WidthOf(op.getResult());
  ShapeRef w = ShapeOf(op.getWeight());
  const MatMulShape shape{1, ElementCount(x.shape) / size_t(w[0]), size_t(w[0]), size_t(w[1]),
                          false};
  MPCC_ASSIGN_OR_RETURN(uint32_t weight_stream, f.WeightStream(op));
  MPCC_ASSIGN_OR_RETURN(auto streams, f.Streams(op, 1));
  std::vector<Ring> w12 = f.Deal(PairKey::kSetup01, weight_stream, weight, width);
  Ring value = MatMul(L(x), weight, shape);
  for (size_t i = 0; i < value.size(); ++i) value[i] = bias[i % bias.size()] - value[i];
  std::vector<Ring> c = f.Deal(PairKey::k01, streams[0], value, width);
  f.Set(op.getResult(),
        {Add(MatMul(M(x), w12[0], shape), c[0]), Add(MatMul(M(x), w12[1], shape), c[1])});
  return absl::OkStatus();
}

// (ma - La)(mb - Lb) for any bilinear `times`: the mixed terms are local, La Lb is dealt.
template <typename Times>
absl::Status Bilinear(ShareFrame& f, mlir::Operation* op, Times times) {
  const Components& a = f.Get(op->getOperand(0));
  const Components& b = f.Get(op->getOperand(1));
  MPCC_ASSIGN_OR_RETURN(auto streams, f.Streams(op, 1));
  std::vector<Ring> c =
      f.Deal(PairKey::k01, streams[0], times(L(a), L(b)), WidthOf(op->getResult(0)));
  Ring mixed1 = Add(times(M(a), L1(b)), times(L1(a), M(b)));
  Ring mixed2 = Add(times(M(a), L2(b)), times(L2(a), M(b)));
  f.Set(op->getResult(0), {Add(Sub(times(M(a), M(b)), mixed1), c[0]), Sub(c[1], mixed2)});
  return absl::OkStatus();
}

absl::Status RunMatMul(ShareFrame& f, mpc::MatMulOp op) {
  const MatMulShape shape =
      MatMulShapeOf(ShapeOf(op.getLhs()), ShapeOf(op.getRhs()), op.getTransposeB());
  return Bilinear(f, op, [&](const Ring& a, const Ring& b) { return MatMul(a, b, shape); });
}

absl::Status RunDot(ShareFrame& f, mpc::DotOp op) {
  const size_t extent = ShapeOf(op.getLhs()).back();
  return Bilinear(f, op, [&](const Ring& a, const Ring& b) { return RowSum(Mul(a, b), extent); });
}

// A tensor and the shape it has before it is broadcast.
struct Term {
  Shape shape;
  Ring values;
};

Term Times(const Term& a, const Term& b) {
  Shape shape = Broadcast(a.shape, b.shape);
  Ring values = Mul(Pick(a.values, BroadcastOffsets(a.shape, shape)),
                    Pick(b.values, BroadcastOffsets(b.shape, shape)));
  return {std::move(shape), std::move(values)};
}

// prod_t (m_t - L_t) * c, one dealt vector (-1)^|S| prod_{t in S} L_t * c per subset S of factors.
struct ProductEvaluation {
  std::vector<const Components*> factors;
  std::optional<Term> constant;
  Shape shape;

  // v_S in the broadcast shape of its own factors.
  Term Dealt(unsigned subset) const {
    Term v = constant.value_or(Term{{1}, {1}});
    for (size_t t = 0; t < factors.size(); ++t)
      if (subset >> t & 1)
        v = Times(v, Term{factors[t]->shape, Map(L(*factors[t]), [](uint64_t x) { return -x; })});
    return v;
  }

  // The product of the m_t outside the subset, in the result's shape.
  Ring Opened(unsigned subset) const {
    Term out{shape, Ring(ElementCount(shape), 1)};
    for (size_t t = 0; t < factors.size(); ++t)
      if (!(subset >> t & 1)) out = Times(out, Term{factors[t]->shape, M(*factors[t])});
    return out.values;
  }
};

absl::Status RunProduct(ShareFrame& f, mpc::ProductOp op) {
  ProductEvaluation product{{}, {}, ShapeOf(op.getResult()).vec()};
  for (mlir::Value factor : op.getFactors()) product.factors.push_back(&f.Get(factor));
  if (op.getConstant()) {
    MPCC_ASSIGN_OR_RETURN(Ring c, f.Private(*op.getConstantMutable().begin()));
    product.constant = Term{ShapeOf(op.getConstant()).vec(), std::move(c)};
  }
  const unsigned first = op.getConstant() ? 0 : 1;
  const unsigned end = 1u << product.factors.size();
  MPCC_ASSIGN_OR_RETURN(auto streams, f.Streams(op, end - first));
  const size_t count = ElementCount(product.shape);
  std::vector<Ring> sum = {first == 1 ? product.Opened(0) : Ring(count), Ring(count)};
  for (unsigned subset = first; subset < end; ++subset) {
    Term v = product.Dealt(subset);
    std::vector<Ring> c =
        f.Deal(PairKey::k01, streams[subset - first], v.values, WidthOf(op.getResult()));
    const Ring opened = product.Opened(subset);
    const Offsets offsets = BroadcastOffsets(v.shape, product.shape);
    for (int p = 0; p < 2; ++p) sum[p] = Add(sum[p], Mul(opened, Pick(c[p], offsets)));
  }
  f.Set(op.getResult(), std::move(sum));
  return absl::OkStatus();
}

// Shares of entry `u` of element e's dealt table of 2^bits entries, whose true value is given. Only
// the entries that are read are computed.
struct TableReader {
  ShareFrame& f;
  uint32_t stream;
  int bits;
  int width;
  std::vector<Ring> parts{2};

  void Read(size_t e, uint64_t u, uint64_t value) {
    const uint64_t c1 =
        f.random().Element(PairKey::k01, {StreamRole::kDealt, stream}, (e << bits) + u, width);
    parts[0].push_back(c1);
    parts[1].push_back(value - c1);
  }
};

absl::Status RunLut(ShareFrame& f, mpc::LutOp op) {
  const Components& x = f.Get(op.getIndex());
  MPCC_ASSIGN_OR_RETURN(const Ring table, f.Private(op.getTableMutable()));
  const int64_t rows = ShapeOf(op.getTable())[0], entries = ShapeOf(op.getTable())[1];
  const int64_t shift = op.getShift();
  MPCC_ASSIGN_OR_RETURN(auto streams, f.Streams(op, 1));
  TableReader reader{f, streams[0], static_cast<int>(llvm::Log2_64(entries)),
                     WidthOf(op.getResult())};
  const Ring mask = L(x);
  for (size_t e = 0; e < mask.size(); ++e) {
    const uint64_t u = (M(x)[e] >> shift) % entries;
    const uint64_t index = (u - (mask[e] >> shift)) % entries;
    reader.Read(e, u, table[e % rows * entries + index]);
  }
  f.Set(op.getResult(), std::move(reader.parts));
  return absl::OkStatus();
}

// Entries u and u - 1 of one dealt table.
absl::Status RunLutPair(ShareFrame& f, mpc::LutPairOp op) {
  const Components& x = f.Get(op.getIndex());
  MPCC_ASSIGN_OR_RETURN(const Ring table, f.Private(op.getTableMutable()));
  const int64_t rows = ShapeOf(op.getTable())[0], entries = ShapeOf(op.getTable())[1];
  MPCC_ASSIGN_OR_RETURN(auto streams, f.Streams(op, 1));
  TableReader reader{f, streams[0], static_cast<int>(llvm::Log2_64(entries)),
                     WidthOf(op.getResult())};
  const Ring mask = L(x);
  for (uint64_t below : {0, 1})
    for (size_t e = 0; e < mask.size(); ++e) {
      const uint64_t u = ((M(x)[e] >> op.getShift()) - below) % entries;
      const uint64_t index = (u - (mask[e] >> op.getShift())) % entries;
      reader.Read(e, u, table[e % rows * entries + index]);
    }
  f.Set(op.getResult(), std::move(reader.parts));
  return absl::OkStatus();
}

absl::Status RunLut2(ShareFrame& f, mpc::Lut2Op op) {
  const Components& a = f.Get(op.getA());
  const Components& b = f.Get(op.getB());
  MPCC_ASSIGN_OR_RETURN(const Ring table, f.Private(op.getTableMutable()));
  const Offsets offsets = BroadcastOffsets(b.shape, a.shape);
  const Ring mb = Pick(M(b), offsets), lb = Pick(L(b), offsets), la = L(a);
  MPCC_ASSIGN_OR_RETURN(auto streams, f.Streams(op, 1));
  TableReader reader{f, streams[0], a.width + b.width, WidthOf(op.getResult())};
  for (size_t e = 0; e < la.size(); ++e) {
    const uint64_t u = (M(a)[e] << b.width) + mb[e];
    const uint64_t ia = Reduce(M(a)[e] - la[e], a.width), ib = Reduce(mb[e] - lb[e], b.width);
    reader.Read(e, u, table[(ia << b.width) + ib]);
  }
  f.Set(op.getResult(), std::move(reader.parts));
  return absl::OkStatus();
}

// z = carry(Lx1 + Lx2) + msb(L) (1 - msb(m)), so that x = m - L1 - L2 + 2^k z over the integers.
absl::Status RunWrap(ShareFrame& f, mpc::WrapOp op) {
  const Components& x = f.Get(op.getInput());
  const int width = WidthOf(op.getResult());
  auto msb = [&](uint64_t e) { return e >> (x.width - 1) & 1; };
  MPCC_ASSIGN_OR_RETURN(auto streams, f.Streams(op, 2));
  Ring carry =
      Zip(L1(x), L2(x), [&](uint64_t a, uint64_t b) -> uint64_t { return a > Mask(x.width) - b; });
  std::vector<Ring> c = f.Deal(PairKey::k01, streams[0], carry, width);
  std::vector<Ring> d = f.Deal(PairKey::k01, streams[1], Map(L(x), msb), width);
  const Ring open = Map(M(x), [&](uint64_t m) { return 1 - msb(m); });
  f.Set(op.getResult(), {Add(c[0], Mul(open, d[0])), Add(c[1], Mul(open, d[1]))});
  return absl::OkStatus();
}

// floor(m / 2^s) - floor(L / 2^s); P0 deals the second term.
absl::Status RunHighBits(ShareFrame& f, mpc::HighBitsOp op) {
  const Components& x = f.Get(op.getInput());
  const int64_t shift = op.getShift();
  auto high = [&](uint64_t e) { return e >> shift; };
  MPCC_ASSIGN_OR_RETURN(auto streams, f.Streams(op, 1));
  const Ring dealt = Map(L(x), [&](uint64_t e) { return -high(e); });
  std::vector<Ring> c = f.Deal(PairKey::k01, streams[0], dealt, WidthOf(op.getResult()));
  f.Set(op.getResult(), {Add(Map(M(x), high), c[0]), c[1]});
  return absl::OkStatus();
}

// A digit of x: its bits are [shift, shift + width).
struct Digit {
  int64_t shift, width;

  uint64_t Of(uint64_t x) const { return Reduce(x >> shift, static_cast<int>(width)); }
};

std::vector<Digit> DigitsOf(llvm::ArrayRef<int64_t> widths, int64_t ring) {
  std::vector<Digit> digits;
  for (int64_t width : widths) digits.push_back({ring -= width, width});
  return digits;
}

// [v = digit of L] for each v, element by element.
Ring OneHot(const Ring& mask, Digit digit) {
  Ring out(mask.size() << digit.width);
  for (size_t e = 0; e < mask.size(); ++e) out[(e << digit.width) + digit.Of(mask[e])] = 1;
  return out;
}

// g(u - v) of a digit u, for v = 0, 1, .., from 2^width - u on: the table has it at bit
// u - v + 2^width.
Ring TurnedAround(llvm::ArrayRef<int64_t> table, Digit digit) {
  Ring row(size_t{2} << digit.width);
  for (size_t bit = 1; bit < row.size(); ++bit)
    row[row.size() - bit] = static_cast<uint64_t>(table[bit / 64]) >> bit % 64 & 1;
  return row;
}

// The sum over v of [v = digit of L] g(digit of m - v), modulo 2: each on its own share of the
// first factor.
absl::Status RunReadBits(ShareFrame& f, mpc::ReadBitsOp op) {
  const Components& x = f.Get(op.getInput());
  const std::vector<Digit> digits = DigitsOf(op.getDigits(), x.width);
  MPCC_ASSIGN_OR_RETURN(auto streams, f.Streams(op, digits.size()));
  std::vector<std::vector<Ring>> dealt;
  for (size_t i = 0; i < digits.size(); ++i)
    dealt.push_back(f.Deal(PairKey::k01, streams[i], OneHot(L(x), digits[i]), 1));
  std::vector<Ring> parts(2);
  llvm::ArrayRef<int64_t> table = op.getTables();
  for (int64_t read : op.getReads()) {
    const Digit digit = digits[read];
    const size_t size = size_t{1} << digit.width;
    const Ring row = TurnedAround(table, digit);
    for (int p = 0; p < 2; ++p)
      for (size_t e = 0; e < M(x).size(); ++e) {
        const auto share = llvm::ArrayRef(dealt[read][p]).slice(e * size, size);
        parts[p].push_back(std::inner_product(share.begin(), share.end(),
                                              row.begin() + size - digit.Of(M(x)[e]), uint64_t{0},
                                              std::plus<>(), std::bit_and<>()));
      }
    table = table.drop_front(std::max<size_t>(1, 2 * size / 64));
  }
  f.Set(op.getResult(), std::move(parts));
  return absl::OkStatus();
}

// sum_t k_t prod_{j in S_t} (d_j + (1 - 2 d_j) s_j), times c, as a sum over the sets U of mask
// bits.
struct PolynomialEvaluation {
  llvm::ArrayRef<int64_t> terms, coefficients;
  Ring d, s;  // planes of `count` elements
  size_t count;

  llvm::ArrayRef<uint64_t> Plane(const Ring& planes, size_t j) const {
    return llvm::ArrayRef(planes).slice(j * count, count);
  }

  // Every U that is part of a term, with the zeros that end each coefficient it meets.
  std::map<int64_t, int> Sets() const {
    std::map<int64_t, int> sets;
    for (int64_t candidate : terms)
      for (int64_t set = candidate;; set = (set - 1) & candidate) {
        uint64_t any = 0;
        for (size_t t = 0; t < terms.size(); ++t)
          if ((set & terms[t]) == set) any |= coefficients[t];
        sets[set] = llvm::countr_zero(any);
        if (set == 0) break;
      }
    return sets;
  }

  // prod_{j in U} s_j.
  Ring Masks(int64_t set) const {
    Ring out(count, 1);
    for (size_t j = 0; set >> j; ++j)
      if (set >> j & 1) Multiply(out, Plane(s, j), [](uint64_t bit) { return bit; });
    return out;
  }

  // prod_{j in U} (1 - 2 d_j) sum_{t: U in S_t} k_t prod_{j in S_t without U} d_j.
  Ring Opened(int64_t set) const {
    Ring out(count);
    for (size_t t = 0; t < terms.size(); ++t)
      if ((set & terms[t]) == set) out = Add(out, OpenedTerm(set, t));
    return out;
  }

  Ring OpenedTerm(int64_t set, size_t t) const {
    Ring product(count, static_cast<uint64_t>(coefficients[t]));
    for (size_t j = 0; terms[t] >> j; ++j) {
      if (!(terms[t] >> j & 1)) continue;
      if (set >> j & 1)
        Multiply(product, Plane(d, j), [](uint64_t bit) { return 1 - 2 * bit; });
      else
        Multiply(product, Plane(d, j), [](uint64_t bit) { return bit; });
    }
    return product;
  }

  // Plane by plane: the tests that try every number have large ones.
  template <typename Factor>
  static void Multiply(Ring& product, llvm::ArrayRef<uint64_t> plane, Factor factor) {
    for (size_t e = 0; e < product.size(); ++e) product[e] *= factor(plane[e]);
  }
};

absl::Status RunFromBits(ShareFrame& f, mpc::FromBitsOp op) {
  const Components& x = f.Get(op.getBits());
  const size_t count = M(x).size() / x.shape[0];
  const PolynomialEvaluation polynomial{op.getTerms(), op.getCoefficients(), M(x), L(x), count};
  const int width = WidthOf(op.getResult());
  Ring constant;
  if (op.getConstant()) {
    MPCC_ASSIGN_OR_RETURN(constant, f.Private(op.getConstantMutable()[0]));
  }
  std::vector<Ring> sum = {Ring(count), Ring(count)};
  std::vector<std::pair<int64_t, int>> dealt;
  for (auto [set, zeros] : polynomial.Sets()) {
    const bool single = llvm::has_single_bit(static_cast<uint64_t>(set));
    if (!constant.empty() || (set != 0 && !(single && width == 1))) {
      dealt.push_back({set, zeros});
    } else if (set == 0) {
      sum[0] = Add(sum[0], polynomial.Opened(set));
    } else {  // modulo 2: s = L1 + L2
      const Ring opened = polynomial.Opened(set);
      const size_t first = llvm::Log2_64(set) * count;
      for (int p = 0; p < 2; ++p)
        for (size_t e = 0; e < count; ++e) sum[p][e] += opened[e] * x.parts[1 + p][first + e];
    }
  }
  MPCC_ASSIGN_OR_RETURN(auto streams, f.Streams(op, dealt.size()));
  for (auto [i, product] : llvm::enumerate(dealt)) {
    const auto [set, zeros] = product;
    Ring value = set == 0 ? constant : polynomial.Masks(set);
    for (size_t e = 0; e < value.size() && set != 0 && !constant.empty(); ++e)
      value[e] *= constant[e % constant.size()];
    std::vector<Ring> c = f.Deal(PairKey::k01, streams[i], value, width - zeros);
    const Ring opened = polynomial.Opened(set);
    for (int p = 0; p < 2; ++p)
      for (size_t e = 0; e < count; ++e)
        sum[p][e] += opened[e] * Reduce(c[p][e % c[p].size()], width - zeros);
  }
  f.Set(op.getResult(), std::move(sum));
  return absl::OkStatus();
}

}  // namespace

std::span<const ShareRow> ShareDealtOps() {
  static constexpr ShareRow kRows[] = {
      ShareRowOf<mpc::LinearOp, RunLinear>(),     ShareRowOf<mpc::MatMulOp, RunMatMul>(),
      ShareRowOf<mpc::DotOp, RunDot>(),           ShareRowOf<mpc::ProductOp, RunProduct>(),
      ShareRowOf<mpc::LutOp, RunLut>(),           ShareRowOf<mpc::Lut2Op, RunLut2>(),
      ShareRowOf<mpc::LutPairOp, RunLutPair>(),   ShareRowOf<mpc::WrapOp, RunWrap>(),
      ShareRowOf<mpc::HighBitsOp, RunHighBits>(), ShareRowOf<mpc::ReadBitsOp, RunReadBits>(),
      ShareRowOf<mpc::FromBitsOp, RunFromBits>(),
  };
  return kRows;
}

}  // namespace mpcc::reference
