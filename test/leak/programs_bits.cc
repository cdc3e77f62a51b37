// SPDX-License-Identifier: Apache-2.0
// The operations that read bits of an opened value: P0's vectors, and what P1 and P2 make of them.
#include <bit>
#include <map>

#include "runtime/base/status_macros.h"
#include "test/leak/programs.h"

namespace mpcc::leak {
namespace {

std::vector<int64_t> Ints(mlir::DictionaryAttr attributes, llvm::StringRef name) {
  auto array = attributes.getAs<mlir::DenseI64ArrayAttr>(name);
  return array ? array.asArrayRef().vec() : std::vector<int64_t>();
}

struct Digit {
  int shift, width;

  uint8_t Of(uint8_t x) const { return x >> shift & RingMask(width); }
};

std::vector<Digit> DigitsOf(mlir::DictionaryAttr attributes, int ring) {
  std::vector<Digit> digits;
  for (int64_t width : Ints(attributes, "digits"))
    digits.push_back({ring -= static_cast<int>(width), static_cast<int>(width)});
  return digits;
}

// Mutants may have others.
bool AreDigits(const std::vector<Digit>& digits) {
  return !digits.empty() && digits.back().shift == 0 &&
         llvm::all_of(digits, [](const Digit& d) { return d.width >= 1 && d.width <= 4; });
}

// Whether the function that a table holds is 1 at u - v; digits have at most 4 bits here.
bool At(int64_t table, const Digit& digit, uint8_t u, uint8_t v) {
  return table >> (u - v + (1 << digit.width)) & 1;
}

// A polynomial of bits: coefficients by set.
using Polynomial = std::map<int64_t, int64_t>;

Polynomial PolynomialOf(mlir::DictionaryAttr attributes) {
  Polynomial polynomial;
  const auto terms = Ints(attributes, "terms"), coefficients = Ints(attributes, "coefficients");
  for (size_t t = 0; t < std::min(terms.size(), coefficients.size()); ++t)
    polynomial[terms[t]] = coefficients[t];
  return polynomial;
}

bool IsPolynomial(const Polynomial& polynomial, size_t planes, int width) {
  return llvm::all_of(polynomial, [&](const auto& term) {
    return term.first >= 0 && term.first < int64_t{1} << planes && term.second & RingMask(width);
  });
}

// The sets of mask bits that are dealt, and modulo which power of two.
std::map<int64_t, int> DealtSets(const Polynomial& polynomial, int width, bool constant) {
  std::map<int64_t, int64_t> any;  // the coefficients that a set is multiplied by, or-ed
  for (auto [term, coefficient] : polynomial)
    for (int64_t set = term;; set = (set - 1) & term) {
      any[set] |= coefficient;
      if (set == 0) break;
    }
  std::map<int64_t, int> sets;
  for (auto [set, coefficients] : any) {
    const bool single = set != 0 && (set & (set - 1)) == 0;
    if (!constant && (set == 0 || (single && width == 1))) continue;
    int zeros = 0;
    while (!(coefficients >> zeros & 1)) ++zeros;
    sets[set] = width - zeros;
  }
  return sets;
}

// What the share of a product of mask bits is multiplied by, for all opened bits of an element.
using Multiplier = std::vector<uint8_t>;

Multiplier MultiplierOf(const Polynomial& polynomial, int64_t set, size_t planes) {
  Multiplier at(size_t{1} << planes);
  for (int64_t opened = 0; opened < static_cast<int64_t>(at.size()); ++opened) {
    int64_t sum = 0;
    for (auto [term, coefficient] : polynomial)
      if ((set & term) == set && (opened & term & ~set) == (term & ~set)) sum += coefficient;
    const bool odd = std::popcount(static_cast<uint64_t>(opened & set)) & 1;
    at[opened] = static_cast<uint8_t>(odd ? -sum : sum);
  }
  return at;
}

// Bit j is that of plane j at element e.
uint16_t BitsAt(const Elements& bits, size_t planes, size_t count, size_t e) {
  unsigned at = 0;
  for (size_t j = 0; j < planes; ++j) at |= unsigned{bits[j * count + e]} << j;
  return static_cast<uint16_t>(at);
}

bool HasConstant(mlir::Operation* op) {
  return llvm::cast<mpc::ShareType>(op->getOperands().back().getType()).isPrivate();
}

}  // namespace

absl::Status Programs::DealHighBits(mpc::DealOp deal, const Wire& x, int width) {
  auto shift = deal.getParams().getAs<mlir::IntegerAttr>("shift");
  if (!shift || shift.getInt() > 7) return Invalid("a deal of another form");
  Deal(deal.getStreams()[0], x.count, width, [=, s = shift.getInt()](const Machine& m) {
    Elements v = Whole(m, x);
    for (uint8_t& element : v) element = static_cast<uint8_t>(-(element >> s));
    return v;
  });
  return absl::OkStatus();
}

absl::Status Programs::DealReadBits(mpc::DealOp deal, const Wire& x) {
  const auto digits = DigitsOf(deal.getParams(), x.width);
  if (!AreDigits(digits) || deal.getStreams().size() != digits.size())
    return Invalid("a deal of another form");
  for (size_t i = 0; i < digits.size(); ++i) {
    const Digit digit = digits[i];
    if (x.count << digit.width > kMaxElements) return Invalid("too large");
    Deal(deal.getStreams()[i], x.count << digit.width, 1, [=](const Machine& m) {
      const Elements l = Whole(m, x);
      Elements v{};
      for (size_t e = 0; e < x.count; ++e) v[(e << digit.width) + digit.Of(l[e])] = 1;
      return v;
    });
  }
  return absl::OkStatus();
}

absl::Status Programs::DealFromBits(mpc::DealOp deal, const std::vector<Wire>& in, size_t count,
                                    int width) {
  const Polynomial polynomial = PolynomialOf(deal.getParams());
  const bool constant = HasConstant(deal);
  if (!IsPolynomial(polynomial, in[0].count / count, width)) return Invalid("no polynomial");
  const auto sets = DealtSets(polynomial, width, constant);
  if (deal.getStreams().size() != sets.size() || (constant && in[1].count != 1))
    return Invalid("a deal of another form");
  size_t i = 0;
  for (auto [set, bits] : sets)
    Deal(deal.getStreams()[i++], set ? count : 1, bits, [=, set = set](const Machine& m) {
      const Elements s = Whole(m, in[0]);
      Elements v;
      v.fill(constant ? m.values[in[1].at][0][0] : 1);
      for (size_t j = 0; set >> j; ++j)
        for (size_t e = 0; e < count && set >> j & 1; ++e) v[e] *= s[j * count + e];
      return v;
    });
  return absl::OkStatus();
}

absl::Status Programs::AddHighBits(mpc::HighBitsOp op, int64_t stream) {
  const Wire x = Of(op.getInput()), out = Define(op.getResult());
  const int64_t shift = op.getShift();
  MPCC_ASSIGN_OR_RETURN(const DealtVector c, NextVector(stream, out.count, out.width));
  Do([=](Machine& m) {
    const Elements c1 = c.c1.Of(m);
    for (size_t e = 0; e < out.count; ++e) {
      m.values[out.at][kMeant][e] = m.values[x.at][kMeant][e] >> shift & out.mask();
      m.values[out.at][0][e] = ((m.values[x.at][0][e] >> shift) + c1[e]) & out.mask();
      m.values[out.at][1][e] = m.values[c.c2][0][e];
    }
  });
  return absl::OkStatus();
}

absl::Status Programs::AddReadBits(mpc::ReadBitsOp op, llvm::ArrayRef<int64_t> streams) {
  const Wire x = Of(op.getInput()), out = Define(op.getResult());
  const auto digits = DigitsOf(op->getAttrDictionary(), x.width);
  std::vector<DealtVector> vectors;
  for (size_t i = 0; i < digits.size(); ++i) {
    MPCC_ASSIGN_OR_RETURN(DealtVector vector,
                          NextVector(streams[i], x.count << digits[i].width, 1));
    vectors.push_back(std::move(vector));
  }
  const std::vector<int64_t> reads = op.getReads().vec(), tables = op.getTables().vec();
  Do([=](Machine& m) {
    Parts& y = m.values[out.at];
    for (size_t b = 0; b < reads.size(); ++b) {
      const Digit digit = digits[reads[b]];
      const DealtVector& vector = vectors[reads[b]];
      const Elements shares[2] = {vector.c1.Of(m), m.values[vector.c2][0]};
      for (size_t e = 0; e < x.count; ++e) {
        const uint8_t u = digit.Of(m.values[x.at][0][e]);
        uint8_t sums[2] = {};
        for (uint8_t v = 0; v <= RingMask(digit.width); ++v)
          for (int p = 0; p < 2 && At(tables[b], digit, u, v); ++p)
            sums[p] ^= shares[p][(e << digit.width) + v];
        for (int p = 0; p < 2; ++p) y[p][b * x.count + e] = sums[p];
        y[kMeant][b * x.count + e] = At(tables[b], digit, digit.Of(m.values[x.at][kMeant][e]), 0);
      }
    }
  });
  return absl::OkStatus();
}

absl::Status Programs::AddFromBits(mpc::FromBitsOp op, llvm::ArrayRef<int64_t> streams) {
  const Wire x = Of(op.getBits()), out = Define(op.getResult());
  const Polynomial polynomial = PolynomialOf(op->getAttrDictionary());
  const bool constant = op.getConstant() != nullptr;
  const auto sets = DealtSets(polynomial, out.width, constant);
  std::map<int64_t, DealtVector> vectors;
  for (auto [set, width] : sets) {
    MPCC_ASSIGN_OR_RETURN(DealtVector vector,
                          NextVector(streams[vectors.size()], set ? out.count : 1, width));
    vectors.emplace(set, std::move(vector));
  }
  const Wire factor = constant ? Private(op.getConstant(), 1) : Wire{};
  std::vector<Multiplier> dealt, own;
  const size_t planes = x.count / out.count;
  for (const auto& [set, vector] : vectors) dealt.push_back(MultiplierOf(polynomial, set, planes));
  for (size_t j = 0; j < planes && !constant && out.width == 1; ++j)
    own.push_back(MultiplierOf(polynomial, int64_t{1} << j, planes));
  Do([=, whole = MultiplierOf(polynomial, 0, planes)](Machine& m) {
    Parts& y = m.values[out.at];
    y = {};
    const Parts& bits = m.values[x.at];
    Elements ones;
    std::array<uint16_t, kMaxElements> at;
    ones.fill(1);
    for (size_t e = 0; e < out.count; ++e) at[e] = BitsAt(bits[0], planes, out.count, e);
    const auto add = [&](const Multiplier& by, const Elements& one, const Elements& two,
                         size_t first, size_t count) {
      for (size_t e = 0; e < out.count; ++e) {
        const uint8_t opened = by[at[e]];
        y[0][e] += opened * one[first + e % count];
        y[1][e] += opened * two[first + e % count];
      }
    };
    size_t next = 0;
    for (const auto& [set, vector] : vectors)
      add(dealt[next++], vector.c1.Of(m), m.values[vector.c2][0], 0, set ? out.count : 1);
    if (!constant) add(whole, ones, {}, 0, out.count);
    for (size_t j = 0; j < own.size(); ++j) add(own[j], bits[1], bits[2], j * out.count, out.count);
    for (size_t e = 0; e < out.count; ++e) {
      y[kMeant][e] = whole[BitsAt(bits[kMeant], planes, out.count, e)];
      if (constant) y[kMeant][e] *= m.values[factor.at][kMeant][0];
      for (int p : {0, 1, kMeant}) y[p][e] &= out.mask();
    }
  });
  return absl::OkStatus();
}

}  // namespace mpcc::leak
