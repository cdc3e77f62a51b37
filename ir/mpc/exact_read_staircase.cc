// SPDX-License-Identifier: Apache-2.0
// x is its top digit T = u_0 - v_0 times a cell and the difference d = u_1 - v_1 of the low digit,
// which has either sign: no borrow is told apart. So f(x) is the sum over t of [T = t] f(t, d).
#include <algorithm>
#include <set>

#include "ir/mpc/exact_read.h"
#include "ir/mpc/infer.h"
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

// The planes that terms have.
std::set<int64_t> NumbersOf(const std::map<int64_t, int64_t>& polynomial) {
  std::set<int64_t> numbers;
  for (const auto& [term, coefficient] : polynomial)
    for (int64_t number = 0; term >> number != 0; ++number)
      if (term >> number & 1) numbers.insert(number);
  return numbers;
}

// The same of planes that are numbered one after the other.
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

}  // namespace

int64_t Staircase::At(int64_t x) const {
  const auto next = std::upper_bound(starts.begin(), starts.end(), x);
  return next == starts.begin() ? 0 : values[next - starts.begin() - 1];
}

std::vector<ExactReader::Polynomial> ExactReader::AddStaircase(const Staircase& f, Reads& reads) {
  const auto digit = static_cast<int>(reads.digits[1]), top = static_cast<int>(reads.digits[0]);
  const int64_t size = Bit(digit);
  const int64_t first = FloorDivide(f.starts.front() - f.origin, size);
  const int64_t last = FloorDivide(f.limit - 1 - f.origin, size) + 1;
  // Cells by their heights: values of the top digit, and the most that is used of one.
  std::map<std::vector<int64_t>, std::pair<std::vector<uint64_t>, int64_t>> alike;
  for (int64_t t = first; t <= last; ++t) {
    const Cell cell = CellOf(f, t, size);
    if (cell.IsZero()) continue;
    auto& [tops, used] = alike[cell.heights];
    tops.push_back(Reduce(static_cast<uint64_t>(t), top));
    used = std::max(used, cell.used);
  }
  std::vector<Polynomial> cells;
  for (const auto& entry : alike) {
    Polynomial& polynomial = cells.emplace_back();
    const std::vector<int64_t>& heights = entry.first;
    const auto& [tops, used] = entry.second;
    const int64_t here = Bit(reads.Add(0, [&, &tops = tops](int64_t u) {
      return llvm::is_contained(tops, Reduce(static_cast<uint64_t>(u), top));
    }));
    for (int b = 0; *std::max_element(heights.begin(), heights.end()) >> b != 0; ++b) {
      const auto bit = [&](int64_t u) { return (heights[u + size - 1] >> b & 1) != 0; };
      const auto is_set = [&](int64_t height) { return (height >> b & 1) != 0; };
      if (std::none_of(heights.begin(), heights.begin() + used, is_set)) continue;
      const bool always = std::all_of(heights.begin(), heights.end(), is_set);
      polynomial[always ? here : here | Bit(reads.Add(1, bit))] += Bit(b);
    }
  }
  return cells;
}

// In as few sums as may be, each of which one from_bits computes. Their terms have two planes at
// most: what is dealt are terms and planes.
std::vector<ExactReader::Polynomial> ExactReader::Together(const std::vector<Polynomial>& cells) {
  std::vector<Polynomial> sums;
  for (const Polynomial& cell : cells) {
    Polynomial sum = sums.empty() ? Polynomial() : sums.back();
    sum.insert(cell.begin(), cell.end());
    const size_t planes = NumbersOf(sum).size();
    if (sums.empty() || planes > kMaxPolynomialBits || planes + sum.size() >= kMaxMaskProducts)
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

// Bit b of the result is the sum modulo 2 of the terms whose coefficient has it: one cell counts,
// and of that no two terms share a bit.
mlir::Value ExactReader::SumOfBits(mlir::Value planes, mlir::Value opened,
                                   const std::set<int64_t>& factors,
                                   const std::vector<Polynomial>& cells, unsigned width) {
  std::map<int, std::set<int64_t>> terms;  // by bit
  for (const Polynomial& cell : cells)
    for (const auto& [term, coefficient] : cell)
      for (int b = 0; b < static_cast<int>(width); ++b)
        if (coefficient >> b & 1) terms[b].insert(term);
  mlir::Value total;
  const auto add = [&](mlir::Value& sum, mlir::Value part) {
    sum = sum ? builder_.create<AddOp>(loc_, sum, part).getResult() : part;
  };
  llvm::SmallVector<mlir::Value> bits;
  Polynomial number;
  const auto emit = [&] {
    add(total, Sum(Open(Stack(bits)), number, width, nullptr));
    bits.clear();
    number.clear();
  };
  for (const auto& [b, all] : terms) {
    mlir::Value bit;
    std::vector<Polynomial> products;
    for (int64_t term : all)
      if (llvm::has_single_bit(static_cast<uint64_t>(term)))
        add(bit, Planes(planes, llvm::Log2_64(term), 1));
      else
        products.push_back({{term, 1}});
    for (const Polynomial& sum : Together(products)) {
      const std::set<int64_t> numbers = NumbersOf(sum);
      std::set<int64_t> places;
      for (int64_t plane : numbers)
        places.insert(std::distance(factors.begin(), factors.find(plane)));
      add(bit, PlaneOf(Gather(opened, places), Renumbered(sum, numbers)));
    }
    number[Bit(static_cast<int64_t>(bits.size()))] = Bit(b);
    bits.push_back(bit);
    if (bits.size() == kMaxPolynomialBits) emit();
  }
  if (!bits.empty()) emit();
  return total;
}

std::vector<mlir::Value> ExactReader::Staircases(mlir::Value x, int digit,
                                                 llvm::ArrayRef<Staircase> all) {
  Reads reads;
  reads.digits = {static_cast<int64_t>(Share(x).getWidth()) - digit, digit};
  std::vector<std::vector<Polynomial>> cells;
  for (const Staircase& f : all) cells.push_back(AddStaircase(f, reads));
  const int64_t origin = all.front().origin;
  if (origin != 0) x = builder_.create<AddPublicOp>(loc_, x, -origin);
  const mlir::Value planes = Emit(x, reads);
  std::set<int64_t> factors;  // planes that are opened
  for (const auto& of_one : cells)
    for (const Polynomial& cell : of_one)
      for (const auto& entry : cell)
        if (!llvm::has_single_bit(static_cast<uint64_t>(entry.first)))
          factors.merge(NumbersOf({entry}));
  const mlir::Value opened =
      !policy_.by_bits || factors.empty() ? Open(planes) : Open(Gather(planes, factors));
  std::vector<mlir::Value> results;
  for (size_t i = 0; i < all.size(); ++i)
    results.push_back(policy_.by_bits ? SumOfBits(planes, opened, factors, cells[i], all[i].width)
                                      : SumOfCells(opened, cells[i], all[i].width));
  return results;
}

}  // namespace mpcc::mpc
