// SPDX-License-Identifier: Apache-2.0
// Polynomials of planes: coefficients by set of planes, a set being the bits of their numbers.
#ifndef MPCC_IR_MPC_PLANE_SETS_H_
#define MPCC_IR_MPC_PLANE_SETS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>

namespace mpcc::mpc {

// The planes that terms have.
std::set<int64_t> NumbersOf(const std::map<int64_t, int64_t>& polynomial);

// Products of planes that terms are put together from: sets that are part of one, without the empty
// one.
size_t CountProducts(const std::map<int64_t, int64_t>& polynomial);

// The same polynomial of planes that are numbered one after the other.
std::map<int64_t, int64_t> Renumbered(const std::map<int64_t, int64_t>& polynomial,
                                      const std::set<int64_t>& numbers);

// A sum modulo 2 of products of planes: a term that comes twice is none.
class ParityOfProducts {
 public:
  ParityOfProducts() = default;
  // One product.
  explicit ParityOfProducts(int64_t term) : terms_{term} {}

  ParityOfProducts& operator+=(const ParityOfProducts& other);
  friend ParityOfProducts operator+(ParityOfProducts a, const ParityOfProducts& b) {
    return a += b;
  }
  friend ParityOfProducts operator*(const ParityOfProducts& a, const ParityOfProducts& b);

  const std::set<int64_t>& terms() const { return terms_; }

 private:
  void Flip(int64_t term);

  std::set<int64_t> terms_;
};

}  // namespace mpcc::mpc

#endif  // MPCC_IR_MPC_PLANE_SETS_H_
