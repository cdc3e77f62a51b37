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
    Polynomial renumbered;
    for (const auto& [term, coefficient] : polynomial) {
      int64_t set = 0, place = 0;
      for (int64_t number : numbers) set |= (term >> number & 1) << place++;
      renumbered[set] = coefficient;
    }
    const mlir::Value sum = Sum(Gather(planes, numbers), renumbered, width, nullptr);
    total = total ? builder_.create<AddOp>(loc_, total, sum) : sum;
  }
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
  const mlir::Value planes = Open(Emit(x, reads));
  std::vector<mlir::Value> results;
  for (size_t i = 0; i < all.size(); ++i)
    results.push_back(SumOfCells(planes, cells[i], all[i].width));
  return results;
}

}  // namespace mpcc::mpc
