// SPDX-License-Identifier: Apache-2.0
// Digits and bits with three parties: in small rings every value under every mask, for every way to
// cut the ring into digits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "runtime/protocol/bits.h"
#include "runtime/protocol/digits.h"
#include "runtime/protocol/party_test_util.h"

namespace mpcc::protocol {
namespace {

using Values = std::vector<uint64_t>;
using Ints = std::vector<int64_t>;

constexpr int kThreads[] = {1, 2, 3, 7};

// What a dealt operation with these vectors is given, from both sides.
struct Given {
  Given(ThreeParties& p, const std::vector<PackedVector>& vectors) {
    for (const PackedVector& vector : vectors) {
      const TestDealt both = p.NewDealt(vector);
      targets.push_back(both);
      dealt.push_back(both);
    }
  }
  std::vector<DealTarget> targets;
  std::vector<Dealt> dealt;
};

// Every x under every mask of a ring of `l` bits, 4^l elements.
TestWire AllOpenings(ThreeParties& p, int l) {
  const uint64_t n = uint64_t{1} << 2 * l;
  const Values l1 = p.RandomVector(n, l);
  Values x, m, l2;
  for (uint64_t e = 0; e < n; ++e) {
    const uint64_t mask = e >> l;
    x.push_back(Reduce(e, l));
    m.push_back(Reduce(x[e] + mask, l));
    l2.push_back(Reduce(mask - l1[e], l));
  }
  return {x, LaneVector(m, l), LaneVector(l1, l), LaneVector(l2, l)};
}

Values ReadBits(ThreeParties& p, const DigitReads& reads, const TestWire& x, int l) {
  EXPECT_EQ(reads.Problem(l), "");
  const uint64_t n = x.value.size();
  Given given(p, OneHotVectors(n, reads.digits));
  const BitReader reader(reads, l);
  DealContext deal = p.Deal();
  reader.Deal(deal, x.mask(), given.targets);
  return p.EvaluateBits(reads.reads.size() * n, [&](EvalContext& c, BitVector out) {
    reader.Evaluate(c, x.m, given.dealt, out);
  });
}

// Opens the bits under fresh masks, and sums.
Values FromBits(ThreeParties& p, const BitPolynomial& polynomial, const Values& bits, uint64_t n,
                int width, const Values& constant) {
  EXPECT_EQ(polynomial.Problem(static_cast<int64_t>(bits.size() / n), width, !constant.empty()),
            "");
  const TestBits opened(p.Share(bits, 1));
  Given given(p, polynomial.Vectors(n, width, constant.size()));
  const BitSum sum(polynomial, width, !constant.empty());
  DealContext deal = p.Deal();
  const LaneVector lanes(constant, width);
  sum.Deal(deal, {opened.mask(), n}, lanes, given.targets);
  if (width == 1 && constant.empty())
    return p.EvaluateBits(n, [&](EvalContext& c, BitVector out) {
      sum.Evaluate(c, opened.at(c.self), given.dealt, out);
    });
  return p.Evaluate(n, width, [&](EvalContext& c, RingVector out) {
    sum.Evaluate(c, opened.at(c.self), constant.size(), given.dealt, out);
  });
}

// Plane [u < v] and then plane [u = v] of each digit from the `first` on.
void AppendComparisons(const Ints& digits, size_t first, Ints& reads, Ints& tables) {
  for (size_t i = first; i < digits.size(); ++i)
    for (bool equal : {false, true}) {
      const int64_t size = int64_t{1} << digits[i];
      reads.push_back(static_cast<int64_t>(i));
      Ints table(TableWords(digits[i]));
      for (int64_t bit = equal ? size : 1; bit < (equal ? size + 1 : size); ++bit)
        table[bit / 64] |= static_cast<int64_t>(uint64_t{1} << bit % 64);
      tables.insert(tables.end(), table.begin(), table.end());
    }
}

// The sets of planes whose products sum up to the borrow.
Ints BorrowTerms(size_t plane, size_t digits) {
  Ints terms;
  int64_t equal = 0;
  for (size_t i = 0; i < digits; ++i, plane += 2) {
    terms.push_back(int64_t{1} << plane | equal);
    equal |= int64_t{1} << (plane + 1);
  }
  return terms;
}

// Calls fn for all lists of positive numbers with this sum.
void ForEachSplit(int sum, Ints& digits, const std::function<void()>& fn) {
  if (sum == 0) return fn();
  for (int d = 1; d <= sum; ++d) {
    digits.push_back(d);
    ForEachSplit(sum - d, digits, fn);
    digits.pop_back();
  }
}

// c f(floor(x / 2^s)) with f read from both sides of the borrow: f(T) + borrow (f(T - 1) - f(T)).
void ExpectExactFunction(ThreeParties& p, const Ints& digits, int l) {
  const int k = static_cast<int>(digits[0]), width = p.Width(2, 64);
  const uint64_t size = uint64_t{1} << k, n = uint64_t{1} << 2 * l;
  Values f = p.RandomVector(size, 1);
  f[0] = 0, f[1] = 1;
  Ints reads = {0}, tables(TableWords(k));
  for (uint64_t bit = 1; bit < 2 * size; ++bit)
    tables[bit / 64] |= static_cast<int64_t>(f[bit % size] << bit % 64);
  std::map<int64_t, int64_t> terms = {{1, 1}};
  if (digits.size() > 1) {
    uint64_t after = 0;
    for (uint64_t bit = 1; bit < 2 * size; ++bit) after |= f[(bit + size - 1) % size] << bit;
    reads.push_back(0);
    tables.push_back(static_cast<int64_t>(after));
    AppendComparisons(digits, 1, reads, tables);
    for (int64_t borrow : BorrowTerms(2, digits.size() - 1))
      terms[1 | borrow] = -1, terms[2 | borrow] = 1;
  }
  Ints sets, coefficients;
  for (auto [set, coefficient] : terms)
    sets.push_back(set), coefficients.push_back(3 * coefficient);
  const TestWire x = AllOpenings(p, l);
  const Values c = p.RandomVector(p.Below(2) ? 1 : uint64_t{1} << p.Below(5), width);
  const Values bits = ReadBits(p, {digits, reads, tables}, x, l);
  const Values result = FromBits(p, {sets, coefficients}, bits, n, width, c);
  for (uint64_t e = 0; e < n; ++e)
    ASSERT_EQ(result[e], Reduce(3 * c[e % c.size()] * f[x.value[e] >> (l - k)], width)) << e;
}

// floor(x / 2^s) in a ring that may be wider than the quotient: then all digits are compared.
void ExpectExactQuotient(ThreeParties& p, const Ints& digits, int l) {
  const int shift = l - static_cast<int>(digits[0]), width = p.Width(2, 64);
  const uint64_t n = uint64_t{1} << 2 * l;
  const TestWire x = AllOpenings(p, l);
  Ints reads, tables;
  AppendComparisons(digits, 0, reads, tables);
  const Values bits = ReadBits(p, {digits, reads, tables}, x, l);
  std::map<int64_t, int64_t> terms;
  for (int64_t term : BorrowTerms(2, digits.size() - 1)) --terms[term];
  if (l - shift < width)
    for (int64_t term : BorrowTerms(0, digits.size())) terms[term] += int64_t{1} << (l - shift);
  Ints sets, coefficients;
  for (auto [set, coefficient] : terms) sets.push_back(set), coefficients.push_back(coefficient);
  Given given(p, DealtVectors(Operation::kHighBits, n, width));
  DealContext deal = p.Deal();
  DealHighBits(deal, x.mask(), shift, width, given.targets[0]);
  const Values high = p.Evaluate(n, width, [&](EvalContext& c, RingVector out) {
    EvaluateHighBits(c, x.m, shift, given.dealt[0], out);
  });
  Values carry(n);
  if (!sets.empty()) carry = FromBits(p, {sets, coefficients}, bits, n, width, {});
  for (uint64_t e = 0; e < n; ++e)
    ASSERT_EQ(Reduce(high[e] + carry[e], width), Reduce(x.value[e] >> shift, width)) << e;
}

TEST(Exact, EveryValueUnderEveryMaskForEverySplitIntoDigits) {
  ThreeParties parties(11);
  for (int l = 3; l <= 6; ++l) {
    Ints digits;
    ForEachSplit(l, digits, [&] {
      if (digits.size() > 5) return;  // a term has six bits at most
      SCOPED_TRACE(testing::PrintToString(digits));
      ExpectExactFunction(parties, digits, l);
      ExpectExactQuotient(parties, digits, l);
    });
  }
}

class DigitsTest : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Random, DigitsTest, ::testing::Range(0, 40));

TEST_P(DigitsTest, HighBitsAreTheQuotientButForBorrows) {
  ThreeParties p(static_cast<uint64_t>(GetParam()) * 7919 + 5, kThreads[GetParam() % 4]);
  const int l = p.Width(1, 64), shift = p.Width(0, l - 1), r = p.Width(1, 64);
  const uint64_t n = 1 + p.Below(60);
  const TestWire x = p.Share(p.RandomVector(n, l), l);
  const auto vectors = DealtVectors(Operation::kHighBits, n, r);
  const TestDealt dealt = p.NewDealt(vectors[0]);
  DealContext deal = p.Deal();
  DealHighBits(deal, x.mask(), shift, r, dealt);
  const Values result = p.Evaluate(
      n, r, [&](EvalContext& c, RingVector out) { EvaluateHighBits(c, x.m, shift, dealt, out); });
  for (uint64_t e = 0; e < n; ++e) {
    const uint64_t m = x.m.At(e), mask = Reduce(x.l1.At(e) + x.l2.At(e), l), low = Mask(l) >> 1;
    const uint64_t borrow =
        shift > 0 && (m & low >> (l - 1 - shift)) < (mask & low >> (l - 1 - shift));
    uint64_t wrap = m < mask;
    if (l == 64 && shift == 0)
      wrap = 0;  // 2^64 is 0 in every ring
    else
      wrap <<= l - shift;
    ASSERT_EQ(result[e], Reduce((x.value[e] >> shift) + borrow - wrap, r));
  }
  EXPECT_THAT(p.dealt(), testing::ElementsAreArray(vectors));
}

// Digits of random widths that have `l` bits together.
std::vector<int64_t> RandomDigits(ThreeParties& p, int l, int most) {
  std::vector<int64_t> digits;
  for (; l > 0; l -= static_cast<int>(digits.back()))
    digits.push_back(p.Width(1, std::min(l, most)));
  return digits;
}

TEST_P(DigitsTest, ReadBitsReadsFunctionsOfDigitsOfTheOpenedValueAndOfItsMask) {
  ThreeParties p(static_cast<uint64_t>(GetParam()) * 7919 + 5, kThreads[GetParam() % 4]);
  const int l = p.Width(1, 64);
  const uint64_t n = 1 + p.Below(600);
  const std::vector<int64_t> digits = RandomDigits(p, l, 9);
  std::vector<int64_t> reads, tables;
  for (uint64_t b = 0; b < 1 + p.Below(5); ++b) {
    reads.push_back(static_cast<int64_t>(p.Below(digits.size())));
    const int64_t d = digits[reads.back()];
    std::vector<uint64_t> table = p.RandomVector(TableWords(d), d < 6 ? 2 << d : 64);
    table[0] = (table[0] & ~uint64_t{3}) | 2;  // at -2^d + 1 it is one,
    table[0] &= ~(uint64_t{1} << 2);           // at the next one not
    tables.insert(tables.end(), table.begin(), table.end());
  }
  const DigitReads all{digits, reads, tables};
  ASSERT_EQ(all.Problem(l), "");
  const TestWire x = p.Share(p.RandomVector(n, l), l);
  const auto vectors = OneHotVectors(n, digits);
  const Given given(p, vectors);
  const BitReader reader(all, l);
  DealContext deal = p.Deal();
  reader.Deal(deal, x.mask(), given.targets);
  const Values result = p.EvaluateBits(reads.size() * n, [&](EvalContext& c, BitVector out) {
    reader.Evaluate(c, x.m, given.dealt, out);
  });
  const auto function = all.Tables();
  for (size_t b = 0; b < reads.size(); ++b)
    for (uint64_t e = 0; e < n; ++e) {
      const int d = static_cast<int>(digits[reads[b]]), shift = all.ShiftOf(reads[b]);
      const uint64_t mask = x.l1.At(e) + x.l2.At(e);
      const uint64_t at =
          Reduce(x.m.At(e) >> shift, d) - Reduce(mask >> shift, d) + (uint64_t{1} << d);
      ASSERT_EQ(result[b * n + e], static_cast<uint64_t>(function[b][at / 64]) >> at % 64 & 1)
          << "bit " << b << " of a digit of " << d << " bits";
    }
  EXPECT_THAT(p.dealt(), testing::ElementsAreArray(vectors));
}

class FromBitsTest : public ::testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Random, FromBitsTest, ::testing::Range(0, 60));

TEST_P(FromBitsTest, IsThePolynomialOfTheBitsTimesTheConstant) {
  ThreeParties p(static_cast<uint64_t>(GetParam()) * 104729 + 3, kThreads[GetParam() % 4]);
  const int width = GetParam() % 3 ? p.Width(2, 64) : 1, planes = p.Width(2, 9);
  const uint64_t rows = GetParam() % 5 ? 1 + p.Below(90) : 9000;  // short vectors, and long ones
  const uint64_t columns = 1 + p.Below(9), n = columns * rows;
  std::map<int64_t, int64_t> terms = {{3, 1}};
  for (int t = 0; t < 4; ++t) {
    int64_t set = 0;
    for (int b = 0; b < 4; ++b) set |= p.Below(2) << p.Below(planes);
    terms[set] = static_cast<int64_t>(1 | p.Below(64)) << p.Below(std::min(width, 20));
  }
  Ints sets, coefficients;
  for (auto [set, coefficient] : terms) {
    if (Reduce(static_cast<uint64_t>(coefficient), width) == 0) continue;
    sets.push_back(set), coefficients.push_back(p.Below(2) ? coefficient : -coefficient);
  }
  const BitPolynomial polynomial{sets, coefficients};
  const Values bits = p.RandomVector(planes * n, 1);
  const uint64_t sizes[] = {0, 1, columns};
  const Values c = p.RandomVector(sizes[p.Below(3)], width);
  const Values result = FromBits(p, polynomial, bits, n, width, c);
  for (uint64_t e = 0; e < n; ++e) {
    uint64_t sum = 0;
    for (size_t t = 0; t < sets.size(); ++t) {
      uint64_t product = static_cast<uint64_t>(coefficients[t]);
      for (int j = 0; sets[t] >> j; ++j)
        if (sets[t] >> j & 1) product *= bits[j * n + e];
      sum += product;
    }
    ASSERT_EQ(result[e], Reduce(c.empty() ? sum : sum * c[e % c.size()], width))
        << "width " << width;
  }
  EXPECT_THAT(p.dealt(), testing::ElementsAreArray(polynomial.Vectors(n, width, c.size())));
}

// The figures of docs/protocol.md: an index of 6 bits, 4 bits out into a ring of 16. `jump`: from
// the greatest index to the least.
TEST(Exact, DealsWhatThePageSays) {
  const auto bits = [](const Ints& digits, bool jump, bool joined = false) {
    std::map<int64_t, int64_t> terms = {{1, 1}, {2, 2}, {4, 4}, {8, -8}};
    for (int64_t borrow : BorrowTerms(6, joined ? 1 : digits.size() - 1)) {
      terms[borrow | 16] = -1;
      if (jump) terms[borrow | 32] = 16;
    }
    Ints sets, coefficients;
    for (auto [set, coefficient] : terms) sets.push_back(set), coefficients.push_back(coefficient);
    std::vector<PackedVector> vectors = BitPolynomial{sets, coefficients}.Vectors(1, 16, 1);
    for (const PackedVector& vector : OneHotVectors(1, digits)) vectors.push_back(vector);
    const Ints less = BorrowTerms(0, digits.size() - 1), ones(less.size(), 1);
    if (joined)
      for (const PackedVector& vector : BitPolynomial{less, ones}.Vectors(1, 1, 0))
        vectors.push_back(vector);
    uint64_t sum = 0;
    for (const PackedVector& vector : vectors) sum += vector.elements * vector.width;
    return sum - 16;  // the constant's own share is there once a column
  };
  for (bool jump : {false, true}) {
    EXPECT_EQ(bits({6, 6}, jump), jump ? 258u : 234u);
    EXPECT_EQ(bits({6, 5, 5}, jump), jump ? 390u : 330u);
    EXPECT_EQ(bits({6, 6, 6}, jump), jump ? 454u : 394u);
    EXPECT_EQ(bits({6, 4, 3, 3}, jump, true), jump ? 231u : 207u);
  }
}

TEST(BitPolynomial, TrimsAndSharesWhatItCan) {
  const Ints sets = {1, 6}, coefficients = {4, 2};
  const BitPolynomial polynomial{sets, coefficients};
  EXPECT_THAT(polynomial.Products(8, true),
              testing::ElementsAre(MaskProduct{0, 1}, MaskProduct{1, 2}, MaskProduct{2, 1},
                                   MaskProduct{4, 1}, MaskProduct{6, 1}));
  const Ints odd = {1, 1};
  EXPECT_THAT((BitPolynomial{sets, odd}.Products(1, false)),
              testing::ElementsAre(MaskProduct{6, 0}));
}

struct BadReads {
  Ints digits, reads, tables;
  const char* problem;
};

TEST(DigitReads, AreRefusedWithWhatIsWrong) {
  const BadReads cases[] = {
      {{0, 4}, {0}, {2}, "a digit has 0 bits, expected 1 to 12"},
      {{13}, {0}, {2}, "a digit has 13 bits"},
      {{2, 3}, {0}, {2}, "the digits have 5 bits, expected the ring's 4"},
      {{2, 2}, {}, {}, "nothing is read"},
      {{2, 2}, {2}, {2}, "a bit is read of digit 2, expected 0 to 1"},
      {{2, 2}, {-1}, {2}, "a bit is read of digit -1"},
      {{2, 2}, {0, 1}, {2}, "the tables have 1 words, expected 2"},
      {{2, 2}, {0}, {3}, "table 0 has bit 0 set, expected 1 to 7"},
      {{2, 2}, {0, 1}, {2, 256}, "table 1 has bit 8 set"},
      {{2, 2}, {0}, {0}, "table 0 is the same for every difference"},
      {{2, 2}, {0}, {254}, "table 0 is the same for every difference"},
  };
  for (const BadReads& c : cases)
    EXPECT_THAT((DigitReads{c.digits, c.reads, c.tables}.Problem(4)),
                testing::HasSubstr(c.problem));
}

TEST(DigitReads, HostileParametersAreReadWithinTheirBounds) {
  const Ints cases[] = {{},        {INT64_MAX},       {-1, 2, 2, 0},   {1, INT64_MIN, 4},
                        {1, 1, 1}, {INT64_MAX, 2, 2}, {1, 12, 12, 12}, {2, 2, 2, 0},
                        {1, 2, 2}};
  for (const Ints& ints : cases) EXPECT_NE(DigitReads::FromInts(4, ints).Problem(4), "");
  EXPECT_EQ(DigitReads::FromInts(4, Ints{1, 2, 2, 1, 16}).Problem(4), "");
}

TEST(BitPolynomial, IsRefusedWithWhatIsWrong) {
  const auto problem = [](const Ints& sets, const Ints& coefficients, int64_t bits = 4) {
    return BitPolynomial{sets, coefficients}.Problem(bits, 4, true);
  };
  EXPECT_THAT(problem({1, 2}, {1}), testing::HasSubstr("2 terms have 1 coefficients"));
  EXPECT_THAT(problem({1}, {1}, 33), testing::HasSubstr("33 bits, expected at most 32"));
  EXPECT_THAT(problem({}, {}), testing::HasSubstr("no term has a bit"));
  EXPECT_THAT(problem({0}, {1}), testing::HasSubstr("no term has a bit"));
  EXPECT_THAT(problem({16}, {1}), testing::HasSubstr("term 0 has bits beyond the 4"));
  EXPECT_THAT(problem({-1}, {1}), testing::HasSubstr("term 0 has bits beyond the 4"));
  EXPECT_THAT(problem({2, 2}, {1, 1}), testing::HasSubstr("not in increasing order"));
  EXPECT_THAT(problem({127}, {1}, 7), testing::HasSubstr("term 0 has more than 6 bits"));
  EXPECT_THAT(problem({1}, {16}), testing::HasSubstr("the coefficient of term 0 is 0"));
  Ints many, ones;
  for (int64_t i = 1; i < 300; ++i) many.push_back(i), ones.push_back(1);
  EXPECT_THAT(problem(many, ones, 32), testing::HasSubstr("299 terms"));
  EXPECT_THAT(problem({0x3f, 0xfc0, 0x3f000, 0xfc0000, 0x3f000000}, {1, 1, 1, 1, 1}, 32),
              testing::HasSubstr("more than 256 products"));
  EXPECT_THAT((BitPolynomial{Ints{1, 2}, Ints{1, 1}}.Problem(4, 1, false)),
              testing::HasSubstr("no product of two bits"));
}

}  // namespace
}  // namespace mpcc::protocol
