// SPDX-License-Identifier: Apache-2.0
// Emits exact functions of the top bits of a shared value: nothing in them is rounded at random.
// docs/protocol.md, "Digits" and "Bits".
//
// x is opened whole. At its top digit less that of its mask, which is the index or one more, two
// functions are read: f, and by how much f rises there. The low digits say which of both it is.
// What is emitted may have additive operands: insert-share-conversions opens them. Bits are opened
// once, whatever the number of polynomials that they are in.
#ifndef MPCC_IR_MPC_EXACT_READ_H_
#define MPCC_IR_MPC_EXACT_READ_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "ir/mpc/mpc.h"
#include "mlir/IR/Builders.h"
#include "runtime/protocol/bit_polynomial.h"

namespace mpcc::mpc {

// The set of one plane, as terms of polynomials have them.
constexpr int64_t Plane(int64_t number) { return int64_t{1} << number; }

// How the borrow out of the low bits is found. Narrow digits deal less, but there are more of them
// to join; what is joined before the last opening takes rounds and deals less again.
struct BorrowPolicy {
  std::vector<int64_t> digits;  // widths from the top, together the low bits
  size_t joined_last = 2;       // digits that the last polynomial joins, 1 to 4
  size_t joined_a_round = 3;    // digits that become one in each round before it, 2 to 5
  // Functions are put together bit by bit modulo 2, and opened, before they enter the ring: a round
  // for products that are dealt in one bit. Up to 5 digits are joined last then.
  bool by_bits = false;
  // Staircases cut their top digit in two: one-hot vectors of the square root of its size, and a
  // round in which both halves join.
  bool cuts_top = false;
};

// A public function of a number of `bits` bits, not constant in the ring of its result.
struct PublicFunction {
  int bits;
  std::vector<int64_t> values;  // at 0 to 2^(bits - 1) - 1, then at -2^(bits - 1) to -1
};

// A function of the top bits, as a number of Z_2^width, width > 1, times `factor`, if there is one,
// of that ring: one number or one a column.
struct PublicReading {
  PublicFunction f;
  unsigned width;
  mlir::Value factor = nullptr;
};

// A private function of top bits: `least` and a number of which tables[b], [1 or columns, 2^bits]
// bits of P0, have bit b. The result as in PublicReading.
struct PrivateReading {
  int bits;
  llvm::SmallVector<mlir::Value> tables;
  int64_t least;
  unsigned width;
  mlir::Value factor = nullptr;
};

// values[i] from starts[i] to the next start, zero below the first and from the last on
// (mpc.staircase). Cells of a digit begin at `origin`; no number from `limit` to the last start
// occurs.
struct Staircase {
  std::vector<int64_t> starts, values;
  int64_t origin, limit;
  unsigned width;  // of the result

  int64_t At(int64_t x) const;
};

// A public function of an unsigned number at its leading bits (mpc.leading_lut).
struct LeadingFunction {
  int index, gap;
  std::vector<std::vector<int64_t>> levels;  // 2^index values each
};

// The numbers of `bits` top bits, held between two of them.
struct Saturation {
  int bits;
  int64_t least, most;

  // Bits of most - least, if all of them have one meaning, and are apart from those above: such
  // saturations are read by digits.
  std::optional<int> ValueBits() const;
  // Whether it has ValueBits of which all but the top one are one digit. With two digits there were
  // so many products of their bits that they deal more than is saved.
  bool HasFalls() const;
  // The first number, less the least one and cut to all but its `low` bits, that is beyond those
  // above the bounds: those below them follow. REQUIRES: it has ValueBits.
  int64_t EndOfAbove(int64_t low) const { return ((int64_t{1} << (bits - 1)) - least) >> low; }
  PublicFunction Function() const;
};

class ExactReader {
 public:
  ExactReader(mlir::OpBuilder& builder, mlir::Location loc, BorrowPolicy policy)
      : builder_(builder), loc_(loc), policy_(std::move(policy)) {}

  // Functions of floor(x / 2^s), s being the number of low bits. One one-hot vector of the top
  // digit serves them all. REQUIRES: all of s bits less than x.
  llvm::SmallVector<mlir::Value> Apply(mlir::Value x, llvm::ArrayRef<PublicReading> readings);
  mlir::Value Apply(mlir::Value x, const PublicFunction& f, unsigned width,
                    mlir::Value factor = nullptr) {
    return Apply(x, {{f, width, factor}}).front();
  }

  // The same of a private function: tables are read at the top digit and one below it.
  mlir::Value Apply(mlir::Value x, const PrivateReading& f);

  // The same of a saturation, whose digits are read apart: of so many bits that a one-hot vector of
  // all of them is too long. REQUIRES: it has ValueBits.
  mlir::Value Saturate(mlir::Value x, const Saturation& saturation, unsigned width,
                       mlir::Value factor = nullptr);

  // The same in a round less: only what it is if nothing is borrowed from the index is put together
  // of the digits, and whether a borrow changes that. REQUIRES: it HasFalls.
  mlir::Value SaturateByFalls(mlir::Value x, const Saturation& saturation, unsigned width,
                              mlir::Value factor = nullptr);

  // floor(x / 2^s) in Z_2^width, width > 1. REQUIRES: x has width + s bits at least, and s > 0.
  mlir::Value Quotient(mlir::Value x, unsigned width);

  // Functions of all of x, of which `digit` bits are the low digit: one read for all of them.
  // REQUIRES: they have one origin.
  std::vector<mlir::Value> Staircases(mlir::Value x, int digit, llvm::ArrayRef<Staircase> all);

  // f(x) in Z_2^width, width > 1. `digits_of` cuts the low bits below each level, as the policy's
  // digits are, which are not used; joinings are the policy's.
  mlir::Value Apply(mlir::Value x, const LeadingFunction& f, unsigned width,
                    llvm::function_ref<std::vector<int64_t>(int low)> digits_of);

 private:
  friend class SaturationReader;
  friend class FallsReader;

  static constexpr int64_t kNoPlane = -1;  // of what is the same everywhere

  using Polynomial = std::map<int64_t, int64_t>;  // coefficients by set of planes, or by plane
  // Reads to come, and the planes that they will be.
  struct Reads {
    std::vector<int64_t> digits, reads, tables;

    // The number of the plane; the same function of the same digit is read once.
    int64_t Add(int64_t digit, llvm::function_ref<bool(int64_t difference)> f);

   private:
    std::map<std::vector<int64_t>, int64_t> known_;  // planes by table and digit
  };
  // A function as planes with their weights: those of f, and those of how it falls with a borrow.
  struct Split {
    Polynomial value, falls;
  };
  // One bit of a function: as it is if nothing is borrowed, and whether it changes if something is.
  struct BitOf {
    int64_t weight, value, change;
  };
  struct Bits {
    int64_t constant = 0;  // of bits that are the same everywhere
    std::vector<BitOf> bits;
  };
  // Planes [u < v] and, but for the last digit, [u = v] of each digit in turn, opened.
  struct Chain {
    mlir::Value planes;
    size_t digits;
  };

  // One level of a leading function: planes opened, and which of them tell that it decides if its
  // window has no borrow of its own, and if it has: sums of products. All are empty of the first
  // level, whose window has nothing above it.
  struct Level {
    mlir::Value planes;
    Split split[2];
    std::vector<std::vector<int64_t>> decides[2];
    mlir::Value chain;  // planes of the borrow out of the low bits, if there are any
    size_t digits = 0;
  };

  // Adds the function of the difference of a digit, read in planes.
  static void AddFunction(int64_t digit, llvm::function_ref<int64_t(int64_t difference)> f,
                          Reads& reads, Polynomial& polynomial);
  Split AddReading(const PublicFunction& f, Reads& reads) const;
  static Bits AddBits(const PublicReading& reading, Reads& reads);
  // Whether the top digit of a staircase has one of some values, as planes. Where the digit is cut,
  // those are polynomials modulo 2 of other planes.
  struct TopValues {
    std::map<std::vector<uint64_t>, int64_t> known;  // planes by values
    std::vector<Polynomial> conditions;              // of planes kFirstCondition and following

    int64_t Add(const std::vector<uint64_t>& values, int width, Reads& reads);
  };
  // Conditions are numbered beyond the planes that are read; a set has no more.
  static constexpr int64_t kFirstCondition = 48, kLastPlane = 62;

  // A polynomial for each value of the top digit, or values that have one.
  static std::vector<Polynomial> AddStaircase(const Staircase& f, TopValues& tops, Reads& reads);
  // Staircases by digits: two, or three where the top one is cut.
  struct StaircaseReads {
    Reads reads;
    TopValues tops;
    std::vector<std::vector<Polynomial>> cells;  // of each staircase

    StaircaseReads(std::vector<int64_t> digits, llvm::ArrayRef<Staircase> all);
    // Whether sets of planes hold them, if the top digit is cut.
    bool Fit() const;
  };
  // x with the least number of the saturation taken from its top bits.
  mlir::Value FromLeast(mlir::Value x, const Saturation& saturation);
  // Planes that were read, of which those numbered in `factors` are opened.
  struct PlanesRead {
    mlir::Value all, opened;
    const std::set<int64_t>& factors;
  };
  // The sum modulo 2 of products of planes, as one plane. Those of products are opened.
  mlir::Value Parity(const PlanesRead& planes, const std::set<int64_t>& terms);
  // Appends the planes of conditions to those that were read, and numbers them so in the cells.
  mlir::Value AppendConditions(mlir::Value planes, const std::vector<Polynomial>& conditions,
                               std::vector<std::vector<Polynomial>>& cells);
  static std::vector<Polynomial> Together(const std::vector<Polynomial>& cells);
  // The sum of such polynomials of planes, in as few operations as may be.
  mlir::Value SumOfCells(mlir::Value planes, const std::vector<Polynomial>& cells, unsigned width);
  // The same bit by bit; `opened` are the planes of `factors`.
  mlir::Value SumOfBits(const PlanesRead& planes, const std::vector<Polynomial>& cells,
                        unsigned width);
  void AddChain(int64_t first_digit, Reads& reads) const;
  mlir::Value Emit(mlir::Value x, const Reads& reads);
  Chain Join(const Chain& chain);
  // What is borrowed out of all digits of the policy, of their planes, opened: one plane.
  mlir::Value JoinAll(mlir::Value planes);
  // A chain that is short enough for the last polynomial.
  Chain Finish(Chain chain);
  // f less what it falls by with a borrow: as few polynomials as hold all planes.
  mlir::Value Combine(mlir::Value planes, const Split& split, const Chain& chain,
                      const PublicReading& reading);
  // What all functions fall by alike, if they are several and enter a ring alike: it is taken from
  // them, and is the same number for each.
  static Polynomial TakeCommonFalls(llvm::ArrayRef<PublicReading> readings,
                                    llvm::MutableArrayRef<Split> splits);
  // One plane and another one, opened, that changes it with a borrow.
  mlir::Value Changed(mlir::Value plane, mlir::Value change, const Chain& chain);
  mlir::Value ByBits(llvm::ArrayRef<mlir::Value> pairs, mlir::Value borrow,
                     const PrivateReading& f);
  // Apply of a policy that is by_bits.
  llvm::SmallVector<mlir::Value> ApplyByBits(mlir::Value x, llvm::ArrayRef<PublicReading> readings);
  mlir::Value Sum(mlir::Value planes, const Polynomial& polynomial, unsigned width,
                  mlir::Value factor);
  // A polynomial of bits modulo 2, as one plane.
  mlir::Value PlaneOf(mlir::Value planes, const Polynomial& polynomial);
  // Level t, of `above` bits above its window, f being 0 where it does not decide.
  Level ReadLevel(mlir::Value x, const PublicFunction& f, int64_t above);
  static void AddDecisions(size_t digits, Reads& reads, Level& level);
  void JoinDecisions(Level& level);
  // The sum of planes with their weights, if the level decides and, `borrowed`, something is
  // borrowed from its window: as few polynomials as may be.
  void AddTimes(const Level& level, int side, bool borrowed, unsigned width, mlir::Value& sum);
  mlir::Value Planes(mlir::Value planes, int64_t first, int64_t count);
  mlir::Value Gather(mlir::Value planes, const std::set<int64_t>& numbers);
  mlir::Value Stack(llvm::ArrayRef<mlir::Value> planes);
  mlir::Value Open(mlir::Value share);

  // [m < L] of digits whose planes begin at `first`: some digit is less, and all above it are
  // equal. At most one of the terms is 1, so that their sum is right in every ring.
  static std::vector<int64_t> BorrowTerms(int64_t first, size_t digits);

  mlir::OpBuilder& builder_;
  mlir::Location loc_;
  BorrowPolicy policy_;
};

}  // namespace mpcc::mpc

#endif  // MPCC_IR_MPC_EXACT_READ_H_
