// SPDX-License-Identifier: Apache-2.0
// x is its top digit T = u_0 - v_0 times a cell and the difference d = u_1 - v_1 of the low digit,
// which has either sign: no borrow is told apart. So f(x) is the sum over t of [T = t] f(t, d).
#include <algorithm>
#include <numeric>
#include <set>

#include "ir/mpc/exact_read.h"
#include "ir/mpc/infer.h"
#include "ir/mpc/plane_sets.h"
#include "llvm/Support/MathExtras.h"
#include "runtime/base/ring.h"
#include "runtime/protocol/bit_polynomial.h"

namespace mpcc::mpc {
namespace {

int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0); }

int64_t Bit(int64_t number) { return int64_t{1} << number; }

// What is read at one value of the top digit: f at differences from 1 - 2^digit on, and how many
// of them are below the limit.
struct Cell {
  std::vector<int64_t> heights;
  int64_t used;

  bool IsZero() const {
    return std::all_of(heights.begin(), heights.begin() + used, [](int64_t h) { return h == 0; });
  }
};

Cell CellOf(const Staircase& f, int64_t top, int64_t size) {
  Cell cell;
  const int64_t first = f.origin + top * size - size + 1;
  for (int64_t x = first; x < first + 2 * size - 1; ++x) cell.heights.push_back(f.At(x));
  cell.used = std::clamp<int64_t>(f.limit - first, 0, 2 * size - 1);
  return cell;
}

}  // namespace

int64_t Staircase::At(int64_t x) const {
  const auto next = std::upper_bound(starts.begin(), starts.end(), x);
  return next == starts.begin() ? 0 : values[next - starts.begin() - 1];
}

// Cut in two, T = 2^l h + d with the differences h and d of its halves: T is t if d is the low part
// of t and h the high one, or d is less than zero, 2^l below, and h one more.
int64_t ExactReader::TopValues::Add(const std::vector<uint64_t>& values, int width, Reads& reads) {
  const auto found = known.find(values);
  if (found != known.end()) return found->second;
  int64_t& plane = known[values];
  if (reads.digits.size() == 2)
    return plane = reads.Add(0, [&](int64_t u) {
      return llvm::is_contained(values, Reduce(static_cast<uint64_t>(u), width));
    });
  const auto low = static_cast<int>(reads.digits[1]), high = static_cast<int>(reads.digits[0]);
  Polynomial condition;
  for (uint64_t value : values)
    for (int64_t borrow : {0, 1}) {
      const int64_t rest = static_cast<int64_t>(Reduce(value, low)) - borrow * Bit(low);
      if (rest == -Bit(low)) continue;
      const uint64_t above = Reduce((value >> low) + borrow, high);
      const int64_t here = reads.Add(1, [&](int64_t u) { return u == rest; });
      const int64_t over =
          reads.Add(0, [&](int64_t u) { return Reduce(static_cast<uint64_t>(u), high) == above; });
      condition[Bit(here) | Bit(over)] = 1;
    }
  conditions.push_back(std::move(condition));
  return plane = std::min<int64_t>(kFirstCondition + conditions.size() - 1, kLastPlane);
}

ExactReader::StaircaseReads::StaircaseReads(std::vector<int64_t> digits,
                                            llvm::ArrayRef<Staircase> all) {
  reads.digits = std::move(digits);
  for (const Staircase& f : all) cells.push_back(AddStaircase(f, tops, reads));
}

bool ExactReader::StaircaseReads::Fit() const {
  return reads.reads.size() <= kFirstCondition &&
         tops.conditions.size() <= kLastPlane - kFirstCondition + 1;
}

std::vector<ExactReader::Polynomial> ExactReader::AddStaircase(const Staircase& f, TopValues& tops,
                                                               Reads& reads) {
  const size_t last_digit = reads.digits.size() - 1;
  const auto digit = static_cast<int>(reads.digits[last_digit]);
  const auto top =
      static_cast<int>(std::accumulate(reads.digits.begin(), reads.digits.end() - 1, int64_t{0}));
  const int64_t size = Bit(digit);
  const int64_t first = FloorDivide(f.starts.front() - f.origin, size);
  const int64_t last = FloorDivide(f.limit - 1 - f.origin, size) + 1;
  // Cells by their heights: values of the top digit, and the most that is used of one.
  std::map<std::vector<int64_t>, std::pair<std::vector<uint64_t>, int64_t>> alike;
  for (int64_t t = first; t <= last; ++t) {
    const Cell cell = CellOf(f, t, size);
    if (cell.IsZero()) continue;
    auto& [values, used] = alike[cell.heights];
    values.push_back(Reduce(static_cast<uint64_t>(t), top));
    used = std::max(used, cell.used);
  }
  std::vector<Polynomial> cells;
  for (const auto& entry : alike) {
    Polynomial& polynomial = cells.emplace_back();
    const std::vector<int64_t>& heights = entry.first;
    const auto& [values, used] = entry.second;
    const int64_t here = Bit(tops.Add(values, top, reads));
    for (int b = 0; *std::max_element(heights.begin(), heights.end()) >> b != 0; ++b) {
      const auto bit = [&](int64_t u) { return (heights[u + size - 1] >> b & 1) != 0; };
      const auto is_set = [&](int64_t height) { return (height >> b & 1) != 0; };
      if (std::none_of(heights.begin(), heights.begin() + used, is_set)) continue;
      const bool always = std::all_of(heights.begin(), heights.end(), is_set);
      polynomial[always ? here : here | Bit(reads.Add(last_digit, bit))] += Bit(b);
    }
  }
  return cells;
}

// In as few sums as may be, each of which one from_bits computes.
std::vector<ExactReader::Polynomial> ExactReader::Together(const std::vector<Polynomial>& cells) {
  std::vector<Polynomial> sums;
  for (const Polynomial& cell : cells) {
    Polynomial sum = sums.empty() ? Polynomial() : sums.back();
    sum.insert(cell.begin(), cell.end());
    if (sums.empty() || NumbersOf(sum).size() > kMaxPolynomialBits ||
        CountProducts(sum) >= kMaxMaskProducts)
      sums.push_back(cell);
    else
      sums.back() = sum;
  }
  return sums;
}

mlir::Value ExactReader::SumOfCells(mlir::Value planes, const std::vector<Polynomial>& cells,
                                    unsigned width) {
  mlir::Value total;
  for (const Polynomial& polynomial : Together(cells)) {
    const std::set<int64_t> numbers = NumbersOf(polynomial);
    const mlir::Value sum =
        Sum(Gather(planes, numbers), Renumbered(polynomial, numbers), width, nullptr);
    total = total ? builder_.create<AddOp>(loc_, total, sum) : sum;
  }
  return total;
}

mlir::Value ExactReader::Parity(const PlanesRead& planes, const std::set<int64_t>& terms) {
  mlir::Value sum;
  const auto add = [&](mlir::Value part) {
    sum = sum ? builder_.create<AddOp>(loc_, sum, part).getResult() : part;
  };
  std::vector<Polynomial> products;
  for (int64_t term : terms)
    if (llvm::has_single_bit(static_cast<uint64_t>(term)))
      add(Planes(planes.all, llvm::Log2_64(term), 1));
    else
      products.push_back({{term, 1}});
  for (const Polynomial& part : Together(products)) {
    const std::set<int64_t> numbers = NumbersOf(part);
    std::set<int64_t> places;
    for (int64_t plane : numbers)
      places.insert(std::distance(planes.factors.begin(), planes.factors.find(plane)));
    add(PlaneOf(Gather(planes.opened, places), Renumbered(part, numbers)));
  }
  return sum;
}

// Bit b of the result is the sum modulo 2 of the terms whose coefficient has it: one cell counts,
// and of that no two terms share a bit.
mlir::Value ExactReader::SumOfBits(const PlanesRead& planes, const std::vector<Polynomial>& cells,
                                   unsigned width) {
  std::map<int, std::set<int64_t>> terms;  // by bit
  for (const Polynomial& cell : cells)
    for (const auto& [term, coefficient] : cell)
      for (int b = 0; b < static_cast<int>(width); ++b)
        if (coefficient >> b & 1) terms[b].insert(term);
  mlir::Value total;
  llvm::SmallVector<mlir::Value> bits;
  Polynomial number;
  const auto emit = [&] {
    const mlir::Value part = Sum(Open(Stack(bits)), number, width, nullptr);
    total = total ? builder_.create<AddOp>(loc_, total, part).getResult() : part;
    bits.clear();
    number.clear();
  };
  for (const auto& [b, all] : terms) {
    const mlir::Value bit = Parity(planes, all);
    number[Bit(static_cast<int64_t>(bits.size()))] = Bit(b);
    bits.push_back(bit);
    if (bits.size() == kMaxPolynomialBits) emit();
  }
  if (!bits.empty()) emit();
  return total;
}

mlir::Value ExactReader::AppendConditions(mlir::Value planes,
                                          const std::vector<Polynomial>& conditions,
                                          std::vector<std::vector<Polynomial>>& cells) {
  if (conditions.empty()) return planes;
  std::set<int64_t> factors;
  for (const Polynomial& condition : conditions) factors.merge(NumbersOf(condition));
  const mlir::Value opened = Open(Gather(planes, factors));
  const int64_t read = Share(planes).getShape()[0];
  llvm::SmallVector<mlir::Value> all{planes};
  for (const Polynomial& condition : conditions) {
    std::set<int64_t> terms;
    for (const auto& [term, coefficient] : condition) terms.insert(term);
    all.push_back(Parity({planes, opened, factors}, terms));
  }
  const int64_t down = kFirstCondition - read, low = Bit(kFirstCondition) - 1;
  for (std::vector<Polynomial>& of_one : cells)
    for (Polynomial& cell : of_one) {
      Polynomial numbered;
      for (const auto& [term, coefficient] : cell)
        numbered[(term & low) | (term & ~low) >> down] = coefficient;
      cell = std::move(numbered);
    }
  return Stack(all);
}

std::vector<mlir::Value> ExactReader::Staircases(mlir::Value x, int digit,
                                                 llvm::ArrayRef<Staircase> all) {
  const int64_t top = static_cast<int64_t>(Share(x).getWidth()) - digit;
  StaircaseReads read({top, digit}, all);
  if (policy_.cuts_top)
    if (StaircaseReads cut({top - top / 2, top / 2, digit}, all); cut.Fit()) read = std::move(cut);
  std::vector<std::vector<Polynomial>>& cells = read.cells;
  const int64_t origin = all.front().origin;
  if (origin != 0) x = builder_.create<AddPublicOp>(loc_, x, -origin);
  const mlir::Value planes = AppendConditions(Emit(x, read.reads), read.tops.conditions, cells);
  std::set<int64_t>
      factors;  // planes that are opened: of bits that are found first, those in products
  for (const auto& of_one : cells)
    for (const Polynomial& cell : of_one)
      for (const auto& entry : cell)
        if (!policy_.by_bits || !llvm::has_single_bit(static_cast<uint64_t>(entry.first)))
          factors.merge(NumbersOf({entry}));
  const mlir::Value opened = factors.empty() ? Open(planes) : Open(Gather(planes, factors));
  std::vector<mlir::Value> results;
  for (size_t i = 0; i < all.size(); ++i) {
    if (policy_.by_bits) {
      results.push_back(SumOfBits({planes, opened, factors}, cells[i], all[i].width));
      continue;
    }
    for (Polynomial& cell : cells[i]) cell = Renumbered(cell, factors);
    results.push_back(SumOfCells(opened, cells[i], all[i].width));
  }
  return results;
}

}  // namespace mpcc::mpc
