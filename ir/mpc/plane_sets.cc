// SPDX-License-Identifier: Apache-2.0
#include "ir/mpc/plane_sets.h"

namespace mpcc::mpc {

std::set<int64_t> NumbersOf(const std::map<int64_t, int64_t>& polynomial) {
  std::set<int64_t> numbers;
  for (const auto& [term, coefficient] : polynomial)
    for (int64_t number = 0; term >> number != 0; ++number)
      if (term >> number & 1) numbers.insert(number);
  return numbers;
}

size_t CountProducts(const std::map<int64_t, int64_t>& polynomial) {
  std::set<int64_t> products;
  for (const auto& [term, coefficient] : polynomial)
    for (int64_t part = term; part != 0; part = (part - 1) & term) products.insert(part);
  return products.size();
}

std::map<int64_t, int64_t> Renumbered(const std::map<int64_t, int64_t>& polynomial,
                                      const std::set<int64_t>& numbers) {
  std::map<int64_t, int64_t> renumbered;
  for (const auto& [term, coefficient] : polynomial) {
    int64_t set = 0, place = 0;
    for (int64_t number : numbers) set |= (term >> number & 1) << place++;
    renumbered[set] = coefficient;
  }
  return renumbered;
}

void ParityOfProducts::Flip(int64_t term) {
  if (!terms_.insert(term).second) terms_.erase(term);
}

ParityOfProducts& ParityOfProducts::operator+=(const ParityOfProducts& other) {
  for (int64_t term : other.terms_) Flip(term);
  return *this;
}

ParityOfProducts operator*(const ParityOfProducts& a, const ParityOfProducts& b) {
  ParityOfProducts product;
  for (int64_t left : a.terms_)
    for (int64_t right : b.terms_) product.Flip(left | right);
  return product;
}

}  // namespace mpcc::mpc
