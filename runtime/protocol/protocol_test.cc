// SPDX-License-Identifier: Apache-2.0
// Every dealt operation with three parties on random shapes and widths, against plain integers and
// the cost table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/protocol/broadcast.h"
#include "runtime/protocol/linear.h"
#include "runtime/protocol/lookup.h"
#include "runtime/protocol/party_test_util.h"
#include "runtime/protocol/product.h"
#include "runtime/protocol/wrap.h"

namespace mpcc::protocol {
namespace {

using ::testing::ElementsAreArray;
using Values = std::vector<uint64_t>;

constexpr int kRounds = 40;
constexpr int kThreads[] = {1, 2, 3, 7};

class Protocol : public ::testing::TestWithParam<int> {
 protected:
  ThreeParties parties_{static_cast<uint64_t>(GetParam()) * 7919 + 1, kThreads[GetParam() % 4]};
  ThreeParties& p() { return parties_; }

  void ExpectDealt(const std::vector<PackedVector>& expected) {
    EXPECT_THAT(p().dealt(), ElementsAreArray(expected));
  }
};
INSTANTIATE_TEST_SUITE_P(Random, Protocol, ::testing::Range(0, kRounds));

TEST_P(Protocol, LinearMultipliesByAPrivateWeight) {
  const int l = p().Width(4, 64);
  const int64_t rows = 1 + p().Below(5), k = 1 + p().Below(70), n = 1 + p().Below(70);
  const TestWire x = p().Share(p().RandomVector(rows * k, l), l);
  const Values w = p().RandomVector(k * n, l), w1 = p().RandomVector(k * n, l);
  const Values bias = p().RandomVector(n, l);
  Values w2(w.size());
  for (size_t i = 0; i < w.size(); ++i) w2[i] = Reduce(w[i] - w1[i], l);
  const kernels::PackedMatrix whole(LaneVector(w, l), k, n), share1(LaneVector(w1, l), k, n),
      share2(LaneVector(w2, l), k, n);
  const auto vectors = DealtVectors(Operation::kLinear, rows * n, l);
  const TestDealt dealt = p().NewDealt(vectors[0]);
  DealContext deal = p().Deal();
  const bool with_bias = p().Below(2);
  const LaneVector bias_lanes(with_bias ? bias : Values(), l);
  DealLinear(deal, whole, bias_lanes, x.mask(), dealt);
  const Values result = p().Evaluate(rows * n, l, [&](EvalContext& c, RingVector out) {
    EvaluateLinear(c, c.IsP1() ? share1 : share2, x.m, dealt, out);
  });
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t j = 0; j < n; ++j) {
      uint64_t sum = with_bias ? bias[j] : 0;
      for (int64_t i = 0; i < k; ++i) sum += x.value[r * k + i] * w[i * n + j];
      ASSERT_EQ(result[r * n + j], Reduce(sum, l)) << "width " << l;
    }
  ExpectDealt(vectors);
}

TEST_P(Protocol, MatMulMultipliesTwoSharedTensors) {
  const int l = p().Width(4, 64);
  const kernels::MatMulShape s{int64_t(1 + p().Below(3)), int64_t(1 + p().Below(9)),
                               int64_t(1 + p().Below(30)), int64_t(1 + p().Below(30)),
                               p().Below(2) == 1};
  const TestWire a = p().Share(p().RandomVector(s.batch * s.m * s.k, l), l);
  const TestWire b = p().Share(p().RandomVector(s.batch * s.k * s.n, l), l);
  const auto vectors = DealtVectors(Operation::kMatMul, s.batch * s.m * s.n, l);
  const TestDealt dealt = p().NewDealt(vectors[0]);
  DealContext deal = p().Deal();
  DealMatMul(deal, s, a.mask(), b.mask(), dealt);
  const Values result = p().Evaluate(s.batch * s.m * s.n, l, [&](EvalContext& c, RingVector out) {
    EvaluateMatMul(c, s, a.at(c.self), b.at(c.self), dealt, out);
  });
  for (int64_t g = 0; g < s.batch; ++g)
    for (int64_t i = 0; i < s.m; ++i)
      for (int64_t j = 0; j < s.n; ++j) {
        uint64_t sum = 0;
        for (int64_t t = 0; t < s.k; ++t)
          sum += a.value[(g * s.m + i) * s.k + t] *
                 b.value[g * s.k * s.n + (s.transpose_b ? j * s.k + t : t * s.n + j)];
        ASSERT_EQ(result[(g * s.m + i) * s.n + j], Reduce(sum, l)) << "width " << l;
      }
  ExpectDealt(vectors);
}

TEST_P(Protocol, DotMultipliesRows) {
  const int l = p().Width(4, 64);
  const int64_t rows = 1 + p().Below(20), k = 1 + p().Below(50);
  const TestWire a = p().Share(p().RandomVector(rows * k, l), l);
  const TestWire b = p().Share(p().RandomVector(rows * k, l), l);
  const auto vectors = DealtVectors(Operation::kDot, rows, l);
  const TestDealt dealt = p().NewDealt(vectors[0]);
  DealContext deal = p().Deal();
  DealDot(deal, rows, a.mask(), b.mask(), dealt);
  const Values result = p().Evaluate(rows, l, [&](EvalContext& c, RingVector out) {
    EvaluateDot(c, a.at(c.self), b.at(c.self), dealt, out);
  });
  for (int64_t r = 0; r < rows; ++r) {
    uint64_t sum = 0;
    for (int64_t t = 0; t < k; ++t) sum += a.value[r * k + t] * b.value[r * k + t];
    ASSERT_EQ(result[r], Reduce(sum, l)) << "width " << l;
  }
  ExpectDealt(vectors);
}

// Element i of `shape`'s row-major order, read from a vector that broadcasts to it.
uint64_t Broadcasted(const Values& values, const Shape& from, const Shape& to, uint64_t i) {
  uint64_t index = 0, stride = 1;
  for (size_t d = to.size(); d-- > 0; i /= to[d]) {
    const size_t skip = to.size() - from.size();
    if (d < skip) continue;
    if (from[d - skip] != 1) index += i % to[d] * stride;
    stride *= from[d - skip];
  }
  return values[index];
}

TEST_P(Protocol, ProductMultipliesFactorsThatBroadcastAndAConstant) {
  const int l = p().Width(4, 64);
  const Shape full{uint32_t(1 + p().Below(3)), uint32_t(1 + p().Below(5)),
                   uint32_t(1 + p().Below(9))};
  const auto random_shape = [&] {
    Shape shape = full;
    for (uint32_t& extent : shape)
      if (p().Below(3) == 0) extent = 1;
    return p().Below(4) == 0 ? Shape{shape.back()} : shape;
  };
  std::vector<Shape> factors;
  std::vector<TestWire> wires;
  std::optional<Shape> constant_shape;
  if (p().Below(2)) constant_shape = random_shape();
  Shape result_shape = constant_shape.value_or(Shape{});
  const size_t count = 1 + p().Below(3);
  for (size_t t = 0; t < count; ++t) {
    factors.push_back(random_shape());
    wires.push_back(p().Share(p().RandomVector(ElementCount(factors[t]), l), l));
    result_shape = *BroadcastShape(result_shape, factors[t]);
  }
  const Values constant = p().RandomVector(constant_shape ? ElementCount(*constant_shape) : 0, l);
  const std::vector<Shape> subsets = ProductSubsetShapes(factors, constant_shape);
  const ProductShape shape(factors, constant_shape);
  EXPECT_EQ(shape.result, result_shape);
  std::vector<DealTarget> targets;
  std::vector<Dealt> dealt;
  std::vector<PackedVector> vectors;
  for (const Shape& subset : subsets) {
    vectors.push_back({ElementCount(subset), l});
    const TestDealt both = p().NewDealt(vectors.back());
    targets.push_back(both);
    dealt.push_back(both);
  }
  std::vector<MaskPair> masks;
  std::vector<ConstRingVector> masked;
  for (const TestWire& wire : wires) masks.push_back(wire.mask()), masked.push_back(wire.m);
  DealContext deal = p().Deal();
  const LaneVector constant_lanes(constant, l);
  DealProduct(deal, shape, masks, constant_lanes, targets);
  const Values result = p().Evaluate(
      ElementCount(result_shape), l,
      [&](EvalContext& c, RingVector out) { EvaluateProduct(c, shape, masked, dealt, out); });
  for (uint64_t i = 0; i < result.size(); ++i) {
    uint64_t product = constant_shape ? Broadcasted(constant, *constant_shape, result_shape, i) : 1;
    for (size_t t = 0; t < count; ++t)
      product *= Broadcasted(wires[t].value, factors[t], result_shape, i);
    ASSERT_EQ(result[i], Reduce(product, l)) << "width " << l;
  }
  ExpectDealt(vectors);
  EXPECT_EQ(subsets.size(), (1u << count) - (constant_shape ? 0 : 1));
}

TEST_P(Protocol, LutReadsThePrivateTableAtTheWindow) {
  const int k = p().Width(1, 9), shift = p().Width(0, 5), in_width = p().Width(k + shift, 40);
  const int l2 = p().Width(1, 64);
  const int64_t columns = 1 + p().Below(9), rows = p().Below(2) ? columns : 1;
  const uint64_t n = columns * (1 + p().Below(40));
  const TestWire x = p().Share(p().RandomVector(n, in_width), in_width);
  const Values table = p().RandomVector(rows << k, l2);
  const auto vectors = DealtVectors(Operation::kLut, n, l2, k);
  const TestDealt dealt = p().NewDealt(vectors[0]);
  DealContext deal = p().Deal();
  const LaneVector lanes(table, l2);
  DealLut(deal, {k, shift}, lanes, x.mask(), dealt);
  const Values result = p().Evaluate(n, l2, [&](EvalContext& c, RingVector out) {
    EvaluateLut(c, {k, shift}, x.m, dealt, out);
  });
  for (uint64_t e = 0; e < n; ++e) {
    const uint64_t whole = Reduce(x.l1.At(e) + x.l2.At(e), in_width);
    const uint64_t index = Reduce((x.m.At(e) >> shift) - (whole >> shift), k);
    ASSERT_EQ(result[e], table[(e % rows << k) + index]);
    const uint64_t window = Reduce(x.value[e] >> shift, k);
    ASSERT_TRUE(index == window || (shift > 0 && index == Reduce(window + 1, k)));
  }
  ExpectDealt(vectors);
}

TEST_P(Protocol, LutPairReadsTheEntryAndTheOneBelow) {
  const int k = p().Width(1, 9), shift = p().Width(0, 5), in_width = p().Width(k + shift, 40);
  const int l2 = p().Width(1, 64);
  const int64_t columns = 1 + p().Below(9), rows = p().Below(2) ? columns : 1;
  const uint64_t n = columns * (1 + p().Below(300));
  const TestWire x = p().Share(p().RandomVector(n, in_width), in_width);
  const Values table = p().RandomVector(rows << k, l2);
  const auto vectors = DealtVectors(Operation::kLutPair, n, l2, k);
  const TestDealt dealt = p().NewDealt(vectors[0]);
  DealContext deal = p().Deal();
  const LaneVector lanes(table, l2);
  DealLut(deal, {k, shift}, lanes, x.mask(), dealt);
  const Values result = p().Evaluate(2 * n, l2, [&](EvalContext& c, RingVector out) {
    EvaluateLutPair(c, {k, shift}, x.m, dealt, out);
  });
  for (uint64_t e = 0; e < n; ++e) {
    const uint64_t whole = Reduce(x.l1.At(e) + x.l2.At(e), in_width);
    const uint64_t borrow =
        shift > 0 && Reduce(x.m.At(e), shift) < Reduce(whole, shift);  // shift is at most 5
    const uint64_t window = Reduce(x.value[e] >> shift, k);
    ASSERT_EQ(result[borrow * n + e], table[(e % rows << k) + window]);
    ASSERT_EQ(result[(1 - borrow) * n + e],
              table[(e % rows << k) + Reduce(borrow ? window + 1 : window - 1, k)]);
  }
  ExpectDealt(vectors);
}

TEST_P(Protocol, LutPairOfBitsReadsWhatItReadsInLanes) {
  const int k = p().Width(3, 8), shift = p().Width(0, 5), in_width = p().Width(k + shift, 20);
  const uint64_t n = 1 + p().Below(700);
  const kernels::IndexWindow window{k, shift};
  ASSERT_TRUE(ReadsWholeTables(window));
  const TestWire x = p().Share(p().RandomVector(n, in_width), in_width);
  const Values table = p().RandomVector(1 << k, 1);
  const auto vectors = DealtVectors(Operation::kLutPair, n, 1, k);
  const auto deal = [&] {
    TestDealt dealt = p().NewDealt(vectors[0]);
    DealContext context = p().Deal();
    DealLut(context, window, LaneVector(table, 1), x.mask(), dealt);
    return dealt;
  };
  const TestDealt once = deal(), again = deal();
  const Values lanes = p().Evaluate(2 * n, 1, [&](EvalContext& c, RingVector out) {
    EvaluateLutPair(c, window, x.m, once, out);
  });
  const Values bits = p().EvaluateBits(
      2 * n, [&](EvalContext& c, BitVector out) { EvaluateLutPair(c, window, x.m, again, out); });
  EXPECT_EQ(bits, lanes);
}

TEST_P(Protocol, Lut2ReadsThePrivateTableAtBothIndices) {
  const int k1 = p().Width(1, 6), k2 = p().Width(1, 9 - k1), l2 = p().Width(1, 64);
  const uint64_t n = 1 + p().Below(50);
  const TestWire a = p().Share(p().RandomVector(n, k1), k1),
                 b = p().Share(p().RandomVector(n, k2), k2);
  const Values table = p().RandomVector(1 << (k1 + k2), l2);
  const auto vectors = DealtVectors(Operation::kLut2, n, l2, k1 + k2);
  const TestDealt dealt = p().NewDealt(vectors[0]);
  DealContext deal = p().Deal();
  const LaneVector lanes(table, l2);
  DealLut2(deal, lanes, a.mask(), b.mask(), dealt);
  const Values result = p().Evaluate(
      n, l2, [&](EvalContext& c, RingVector out) { EvaluateLut2(c, a.m, b.m, dealt, out); });
  for (uint64_t e = 0; e < n; ++e) ASSERT_EQ(result[e], table[(a.value[e] << k2) + b.value[e]]);
  ExpectDealt(vectors);
}

TEST_P(Protocol, WrapAndJoinWidenSmallValues) {
  const int k = p().Width(2, 40), r = p().Width(1, 64 - k);
  const uint64_t n = 1 + p().Below(60);
  Values value = p().RandomVector(n, k - 1);
  value[0] = 0;
  value.back() = Mask(k - 1);
  const TestWire x = p().Share(value, k);
  const auto vectors = DealtVectors(Operation::kWrap, n, r);
  const TestDealt carry = p().NewDealt(vectors[0]), msb = p().NewDealt(vectors[1]);
  DealContext deal = p().Deal();
  DealWrap(deal, x.mask(), r, carry, msb);
  const Values z = p().Evaluate(
      n, r, [&](EvalContext& c, RingVector out) { EvaluateWrap(c, x.m, carry, msb, out); });
  const TestWire high = p().Share(z, r);
  Arena arena;
  LaneVector m(n, k + r), l1(n, k + r), l2(n, k + r);
  JoinComponent(x.m, high.m, arena, m);
  JoinComponent(x.l1, high.l1, arena, l1);
  JoinComponent(x.l2, high.l2, arena, l2);
  for (uint64_t e = 0; e < n; ++e)
    ASSERT_EQ(Reduce(m.At(e) - l1.At(e) - l2.At(e), k + r), value[e]) << "widths " << k << " " << r;
  ExpectDealt(vectors);
}

TEST_P(Protocol, ExtractRoundsToOneOfTheNeighbours) {
  const int l = p().Width(2, 64), k = p().Width(1, l);
  const uint64_t n = 1 + p().Below(60);
  const Values value = p().RandomVector(n, l), share = p().RandomVector(n, l);
  LaneVector a(share, l), b(n, l), high1(n, k), high2(n, k);
  Values other(n);
  for (uint64_t e = 0; e < n; ++e) other[e] = Reduce(value[e] - share[e], l);
  b = LaneVector(other, l);
  EvaluateExtract(PartyId::kP1, a, high1);
  EvaluateExtract(PartyId::kP2, b, high2);
  for (uint64_t e = 0; e < n; ++e) {
    const uint64_t result = Reduce(high1.At(e) + high2.At(e), k), floor = value[e] >> (l - k);
    const bool multiple = (value[e] & ((uint64_t{1} << (l - k)) - 1)) == 0;
    ASSERT_TRUE(result == floor || (!multiple && result == Reduce(floor + 1, k)));
  }
}

TEST_P(Protocol, ExchangesMoveTheBytesOfTheCostTable) {
  const auto ends = MakeMemoryChannelPair();
  Channel &c1 = *ends.first, &c2 = *ends.second;
  struct Operand {
    int l;
    Values a1, a2;
  };
  std::vector<Operand> operands;
  std::vector<PackedVector> vectors;
  for (uint64_t i = 0; i < 1 + p().Below(4); ++i) {
    const int l = p().Below(2) ? p().Width(1, 64) : 1;
    const uint64_t n = 1 + p().Below(70);
    operands.push_back({l, p().RandomVector(n, l), p().RandomVector(n, l)});
    vectors.push_back({n, l});
  }
  uint8_t k1[16] = {9}, k2[16] = {8};
  std::vector<LaneVector> results[2], masks[2];
  const auto run = [&](PartyId self, Channel& peer, auto exchange) {
    Prg prg(self == PartyId::kP1 ? k1 : k2);
    Arena arena;
    EvalContext context{self, prg, arena};
    auto& m = results[PartyIndex(self) - 1];
    auto& mask = masks[PartyIndex(self) - 1];
    m.clear();
    mask.clear();
    std::vector<LaneVector> shares;
    std::vector<ExchangedVector> exchanged;
    for (const Operand& operand : operands) {
      const uint64_t n = operand.a1.size();
      m.emplace_back(n, operand.l);
      mask.emplace_back(n, operand.l);
      shares.emplace_back(self == PartyId::kP1 ? operand.a1 : operand.a2, operand.l);
    }
    std::vector<PackedBits> bits;  // of the operands of one bit, every other one
    const auto packed = [&](size_t i) { return operands[i].l == 1 && i % 2; };
    for (size_t i = 0; i < operands.size(); ++i)
      for (const LaneVector* lanes : {&shares[i], &m[i], &mask[i]})
        bits.push_back(packed(i) ? PackedBits(*lanes) : PackedBits(0));
    for (size_t i = 0; i < operands.size(); ++i)
      if (packed(i))
        exchanged.push_back(
            ExchangedBits{uint32_t(i), bits[3 * i], bits[3 * i + 1], bits[3 * i + 2]});
      else
        exchanged.push_back(ExchangedLanes{uint32_t(i), shares[i], m[i], mask[i]});
    ASSERT_TRUE(exchange(context, peer, std::span<const ExchangedVector>(exchanged)).ok());
    for (size_t i = 0; i < operands.size(); ++i)
      if (packed(i)) {
        kernels::Unpack(ConstBitVector(bits[3 * i + 1]), m[i]);
        kernels::Unpack(ConstBitVector(bits[3 * i + 2]), mask[i]);
      }
  };
  const auto both = [&](Operation operation, auto exchange) {
    const ChannelStats before = c1.stats();
    std::thread other([&] { run(PartyId::kP2, c2, exchange); });
    run(PartyId::kP1, c1, exchange);
    other.join();
    const ChannelStats used = c1.stats() - before;
    const Cost cost = ExchangeCost(operation, vectors);
    EXPECT_EQ(used.bytes_sent, cost.bytes_p1_to_p2);
    EXPECT_EQ(used.bytes_received, cost.bytes_p2_to_p1);
    EXPECT_EQ(used.messages_sent, cost.messages_p1_to_p2);
    EXPECT_EQ(used.messages_received, cost.messages_p2_to_p1);
  };
  both(Operation::kReshare, ExchangeReshare);
  for (size_t i = 0; i < operands.size(); ++i) {
    ASSERT_EQ(results[0][i].Values(), results[1][i].Values());
    for (size_t e = 0; e < operands[i].a1.size(); ++e)
      ASSERT_EQ(Reduce(results[0][i].At(e) - masks[0][i].At(e) - masks[1][i].At(e), operands[i].l),
                Reduce(operands[i].a1[e] + operands[i].a2[e], operands[i].l));
  }
  both(Operation::kInput, ExchangeInput);
  for (size_t i = 0; i < operands.size(); ++i)
    for (size_t e = 0; e < operands[i].a1.size(); ++e) {
      ASSERT_EQ(masks[1][i].At(e), 0u);
      ASSERT_EQ(Reduce(results[1][i].At(e) - masks[0][i].At(e), operands[i].l), operands[i].a1[e]);
    }
  both(Operation::kReveal, ExchangeReveal);
  for (size_t i = 0; i < operands.size(); ++i)
    for (size_t e = 0; e < operands[i].a1.size(); ++e)
      ASSERT_EQ(results[0][i].At(e), Reduce(operands[i].a1[e] + operands[i].a2[e], operands[i].l));
}

// Chi-square over 16 buckets, 15 degrees of freedom; 44.3 is exceeded once in 10000 draws, and the
// keys are fixed.
TEST(ProtocolDistribution, OpenedValuesOfAConstantLookUniform) {
  ThreeParties parties(5);
  const TestWire wire = parties.Share(Values(16000, 3), 4);
  double chi = 0;
  std::vector<double> counts(16, 0);
  for (uint64_t m : wire.m.Values()) ++counts[m];
  for (double count : counts) chi += (count - 1000) * (count - 1000) / 1000;
  EXPECT_LT(chi, 44.3);
}

TEST(ProtocolDistribution, CorrectionsOfAConstantTableLookUniform) {
  ThreeParties parties(6);
  const uint64_t n = 1000;
  const TestWire wire = parties.Share(Values(n, 0), 4);
  MemoryPieces pieces;
  CorrectionWriter corrections(pieces, n * 8);
  DealContext deal = parties.Deal();
  const LaneVector table(Values(16, 7), 4);
  DealLut(deal, {4, 0}, table, wire.mask(), {77, &corrections});
  ASSERT_TRUE(corrections.Finish(n * 8).ok());
  const auto correction = pieces.pieces()[0].span();
  std::vector<double> counts(16, 0);
  for (uint64_t i = 0; i < n * 8; ++i) ++counts[correction[i] % 16], ++counts[correction[i] / 16];
  double chi = 0;
  for (double count : counts) chi += (count - 1000) * (count - 1000) / 1000;
  EXPECT_LT(chi, 44.3);
}

}  // namespace
}  // namespace mpcc::protocol
