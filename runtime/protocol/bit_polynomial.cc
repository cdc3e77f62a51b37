// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/bit_polynomial.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>

#include "runtime/base/ring.h"

namespace mpcc {
namespace {

// Every subset of a term with the least power of two that divides the coefficients of the terms
// that hold it; the empty one is the first.
std::map<int64_t, int> Subsets(const BitPolynomial& polynomial) {
  std::map<int64_t, int> subsets;
  for (size_t t = 0; t < polynomial.terms.size(); ++t) {
    const int64_t term = polynomial.terms[t];
    const int zeros = std::countr_zero(static_cast<uint64_t>(polynomial.coefficients[t]));
    for (int64_t subset = term;; subset = (subset - 1) & term) {
      const auto [entry, is_new] = subsets.try_emplace(subset, zeros);
      if (!is_new) entry->second = std::min(entry->second, zeros);
      if (subset == 0) break;
    }
  }
  return subsets;
}

}  // namespace

BitPolynomial BitPolynomial::FromInts(std::span<const int64_t> ints) {
  return {ints.first(ints.size() / 2), ints.subspan(ints.size() / 2)};
}

std::string BitPolynomial::Problem(int64_t bits, int width, bool constant) const {
  if (terms.size() != coefficients.size())
    return fmt::format("{} terms have {} coefficients", terms.size(), coefficients.size());
  if (bits > kMaxPolynomialBits)
    return fmt::format("{} bits, expected at most {}", bits, kMaxPolynomialBits);
  if (terms.empty() || terms.back() == 0) return "no term has a bit";
  if (terms.size() > kMaxMaskProducts) return fmt::format("{} terms", terms.size());
  for (size_t t = 0; t < terms.size(); ++t) {
    if (terms[t] < 0 || terms[t] >> bits != 0)
      return fmt::format("term {} has bits beyond the {} that there are", t, bits);
    if (t > 0 && terms[t] <= terms[t - 1]) return "the terms are not in increasing order";
    if (std::popcount(static_cast<uint64_t>(terms[t])) > kMaxPolynomialDegree)
      return fmt::format("term {} has more than {} bits", t, kMaxPolynomialDegree);
    if (Reduce(static_cast<uint64_t>(coefficients[t]), width) == 0)
      return fmt::format("the coefficient of term {} is 0", t);
  }
  if (Subsets(*this).size() > kMaxMaskProducts)
    return fmt::format("more than {} products of bits", kMaxMaskProducts);
  if (Products(width, constant).empty())
    return "no product of two bits, expected one: a sum modulo 2 is mpc.add";
  return "";
}

std::vector<MaskProduct> BitPolynomial::Products(int width, bool constant) const {
  const bool shared = width == 1 && !constant;
  std::vector<MaskProduct> products;
  for (const auto& [subset, zeros] : Subsets(*this)) {
    if (subset == 0 && !constant) continue;
    if (shared && std::has_single_bit(static_cast<uint64_t>(subset))) continue;
    products.push_back({subset, zeros});
  }
  return products;
}

std::vector<PackedVector> BitPolynomial::Vectors(uint64_t elements, int width,
                                                 uint64_t constant_elements) const {
  std::vector<PackedVector> vectors;
  for (const MaskProduct& product : Products(width, constant_elements > 0))
    vectors.push_back({product.bits ? elements : constant_elements, width - product.low_zeros});
  return vectors;
}

}  // namespace mpcc
