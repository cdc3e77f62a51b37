// SPDX-License-Identifier: Apache-2.0
// Saturation by digits (docs/protocol.md, "Saturation"). With y = x - least, in steps of the index,
// and 2^v numbers between the bounds, the bits of y from v - 1 on are the top digit. It tells
// whether y is between the bounds, above them, and the result's own top bit. The v - 1 bits below
// are those of y between the bounds, else all of them tell whether y is above.
#include <algorithm>
#include <bit>

#include "ir/mpc/exact_read.h"
#include "ir/mpc/infer.h"
#include "llvm/ADT/SetVector.h"
#include "runtime/base/ring.h"

namespace mpcc::mpc {
namespace {

constexpr int64_t kWidestLowDigit = 4;  // of those below the top one

}  // namespace

std::optional<int> Saturation::ValueBits() const {
  const auto span = static_cast<uint64_t>(most - least) + 1;
  const int value = std::countr_zero(span);
  const bool whole_digits = std::has_single_bit(span) && value >= 2 && bits >= value + 2 &&
                            least % static_cast<int64_t>(span / 2) == 0;
  return whole_digits && most + 1 < int64_t{1} << (bits - 1) ? std::optional(value) : std::nullopt;
}

bool Saturation::HasFalls() const {
  const std::optional<int> value = ValueBits();
  return value && *value - 1 <= kWidestLowDigit;
}

PublicFunction Saturation::Function() const {
  PublicFunction f{bits, {}};
  const int64_t size = int64_t{1} << bits;
  for (int64_t u = 0; u < size; ++u)
    f.values.push_back(std::clamp(u < size / 2 ? u : u - size, least, most));
  return f;
}

// One reading. A plane is one bit of every element, shared modulo 2; before it is emitted, the
// number that it has among those read.
class SaturationReader {
 public:
  SaturationReader(ExactReader& reader, const Saturation& saturation)
      : reader_(reader), saturation_(saturation), low_bits_(*saturation.ValueBits() - 1) {}

  mlir::Value Read(mlir::Value x, unsigned width, mlir::Value factor) {
    AddReads();
    planes_ = reader_.Emit(reader_.FromLeast(x, saturation_), reads_);
    FindBorrow();
    return PutTogether(width, factor);
  }

 private:
  using Value = mlir::Value;
  using Terms = llvm::SmallVector<llvm::SmallVector<Value, 6>>;  // a sum of products, modulo 2

  // A bit of a digit as it is if nothing is borrowed from the digit, and whether it changes if
  // something is: always, where that is no plane.
  struct Bit {
    int64_t value, change = -1;
  };
  // The same bit if nothing is borrowed from the index, and if something is.
  struct Selected {
    Value without, with;
  };
  struct Comparison {
    int64_t less, equal, less_or_equal;
  };

  bool HasBorrow() const { return !reader_.policy_.digits.empty(); }
  bool IsLast(size_t digit) const { return digit + 1 == digits_.size(); }

  // ---- what is read of the digits ----

  void AddReads() {
    digits_ = {saturation_.bits - low_bits_};
    const int64_t count = (low_bits_ + kWidestLowDigit - 1) / kWidestLowDigit;
    for (int64_t i = count, left = low_bits_; i > 0; --i) {
      digits_.push_back((left + i - 1) / i);
      left -= digits_.back();
    }
    reads_.digits.assign(digits_.begin(), digits_.end());
    llvm::append_range(reads_.digits, reader_.policy_.digits);
    // Steps above the bounds are followed by those below them.
    const int64_t above_end = saturation_.EndOfAbove(low_bits_);
    inside_ = AddBit(0, [](int64_t u) { return u <= 1; });
    above_ = AddBit(0, [=](int64_t u) { return u >= 2 && u < above_end; });
    top_ = AddBit(0, [=](int64_t u) { return u >= 1 && u < above_end; });
    for (size_t digit = digits_.size() - 1; digit > 0; --digit) AddValueDigit(digit);
    before_borrow_ = static_cast<int64_t>(reads_.reads.size());
    reader_.AddChain(static_cast<int64_t>(digits_.size()), reads_);
  }

  Bit AddBit(size_t digit, llvm::function_ref<bool(int64_t)> f) {
    const int bits = static_cast<int>(digits_[digit]);
    const auto at = [&](int64_t u) {
      return f(static_cast<int64_t>(Reduce(static_cast<uint64_t>(u), bits)));
    };
    const auto number = static_cast<int64_t>(digit);
    return {reads_.Add(number, at),
            reads_.Add(number, [&](int64_t u) { return at(u) != at(u - 1); })};
  }

  void AddValueDigit(size_t digit) {
    const auto number = static_cast<int64_t>(digit);
    const int bits = static_cast<int>(digits_[digit]);
    for (int b = 0; b < bits; ++b) {
      const auto at = [&](int64_t u) {
        return (Reduce(static_cast<uint64_t>(u), bits) >> b & 1) != 0;
      };
      Bit bit{reads_.Add(number, at)};
      // Of the last digit both forms are read: what is borrowed from it is borrowed from the index.
      if (IsLast(digit))
        bit.change = reads_.Add(number, [&](int64_t u) { return at(u - 1); });
      else if (b > 0)
        bit.change = reads_.Add(number, [&](int64_t u) { return at(u) != at(u - 1); });
      values_.push_back({digit, bit});
    }
    comparisons_[digit].less = reads_.Add(number, [](int64_t u) { return u < 0; });
    if (IsLast(digit))
      comparisons_[digit].less_or_equal = reads_.Add(number, [](int64_t u) { return u <= 0; });
    else
      comparisons_[digit].equal = reads_.Add(number, [](int64_t u) { return u == 0; });
  }

  // ---- planes ----

  void FindBorrow() {
    if (!HasBorrow()) return;
    const int64_t all = Share(planes_).getShape()[0];
    borrow_ = reader_.JoinAll(
        reader_.Open(reader_.Planes(planes_, before_borrow_, all - before_borrow_)));
    opened_[borrow_] = borrow_;
  }

  Value Plane(int64_t number) {
    Value& plane = read_[number];
    if (!plane) plane = reader_.Planes(planes_, number, 1);
    return plane;
  }

  // All that are not yet, in one message.
  void Open(const llvm::SetVector<Value>& planes) {
    const auto closed = llvm::to_vector(
        llvm::make_filter_range(planes, [&](Value plane) { return !opened_.contains(plane); }));
    if (closed.empty()) return;
    const Value opened = reader_.Open(reader_.Stack(closed));
    for (size_t i = 0; i < closed.size(); ++i)
      opened_[closed[i]] = reader_.Planes(opened, static_cast<int64_t>(i), 1);
  }

  Value Add(Value a, Value b) { return reader_.builder_.create<AddOp>(reader_.loc_, a, b); }

  // Single planes are added, products are read off opened ones.
  Value Sum(const Terms& terms) {
    llvm::SetVector<Value> factors;
    for (const auto& term : terms)
      if (term.size() > 1) factors.insert(term.begin(), term.end());
    ExactReader::Polynomial products;
    llvm::SmallVector<Value> opened;
    for (Value factor : factors) opened.push_back(opened_.at(factor));
    for (const auto& term : terms) {
      int64_t set = 0;
      for (Value factor : term)
        set |= int64_t{1} << (llvm::find(factors, factor) - factors.begin());
      if (term.size() > 1) products[set] = 1;
    }
    Value sum;
    if (!products.empty()) {
      sum = reader_.Sum(reader_.Stack(opened), products, 1, nullptr);
      llvm::SmallVector<int64_t> shape{1};
      llvm::append_range(shape, Share(sum).getShape());
      sum = reader_.builder_.create<ReshapeOp>(reader_.loc_, Share(sum).withShape(shape), sum);
    }
    for (const auto& term : terms)
      if (term.size() == 1) sum = sum ? Add(sum, term[0]) : term[0];
    return sum;
  }

  // ---- the result ----

  // What is borrowed from a digit by those of the value below it, and by what is below the index
  // if `with`.
  Terms Borrowed(size_t digit, bool with) {
    Terms terms;
    llvm::SmallVector<Value, 6> equal;
    for (size_t i = digit + 1; i < digits_.size(); ++i) {
      const Comparison& comparison = comparisons_[i];
      terms.push_back(equal);
      terms.back().push_back(Plane(with && IsLast(i) ? comparison.less_or_equal : comparison.less));
      if (!IsLast(i)) equal.push_back(Plane(comparison.equal));
    }
    return terms;
  }

  // Bits of the last digit are read in both forms.
  Terms Form(size_t digit, const Bit& bit, bool with) {
    if (IsLast(digit)) return {{Plane(with ? bit.change : bit.value)}};
    Terms terms = Borrowed(digit, with);
    if (bit.change >= 0)
      for (auto& term : terms) term.push_back(Plane(bit.change));
    terms.push_back({Plane(bit.value)});
    return terms;
  }

  void AddFactors(const Terms& terms, llvm::SetVector<Value>& factors) {
    for (const auto& term : terms)
      if (term.size() > 1) factors.insert(term.begin(), term.end());
  }

  // Both forms of all bits, the digit's bits in the order of values_.
  llvm::SmallVector<Selected> Select(llvm::ArrayRef<std::pair<size_t, Bit>> bits) {
    llvm::SmallVector<std::pair<Terms, Terms>> forms;
    llvm::SetVector<Value> factors;
    for (const auto& [digit, bit] : bits) {
      forms.push_back({Form(digit, bit, false), HasBorrow() ? Form(digit, bit, true) : Terms()});
      AddFactors(forms.back().first, factors);
      AddFactors(forms.back().second, factors);
    }
    Open(factors);
    llvm::SmallVector<Selected> selected;
    for (const auto& [without, with] : forms)
      selected.push_back({Sum(without), with.empty() ? Value() : Sum(with)});
    return selected;
  }

  // The bit that it is, of the two forms.
  Terms Chosen(const Selected& bit) {
    if (!HasBorrow()) return {{bit.without}};
    return {{bit.without}, {borrow_, Add(bit.without, bit.with)}};
  }

  // inside and bit.
  Terms Inside(const Selected& inside, const Selected& bit) {
    if (!HasBorrow()) return {{inside.without, bit.without}};
    return {{inside.without, bit.without},
            {borrow_, inside.without, bit.without},
            {borrow_, inside.with, bit.with}};
  }

  Value PutTogether(unsigned width, Value factor) {
    llvm::SmallVector<std::pair<size_t, Bit>> bits{{0, inside_}, {0, above_}, {0, top_}};
    llvm::append_range(bits, values_);
    const auto selected = Select(bits);
    const Terms above = Chosen(selected[1]), top = Chosen(selected[2]);
    llvm::SmallVector<Terms> low;
    llvm::SetVector<Value> factors;
    AddFactors(above, factors);
    AddFactors(top, factors);
    for (const Selected& bit : llvm::ArrayRef(selected).drop_front(3)) {
      low.push_back(Inside(selected[0], bit));
      AddFactors(low.back(), factors);
    }
    Open(factors);
    const Value all_above = Sum(above);
    llvm::SmallVector<Value> result;
    for (const Terms& terms : low) result.push_back(Add(Sum(terms), all_above));
    result.push_back(Sum(top));
    ExactReader::Polynomial number{{0, saturation_.least}};
    for (size_t b = 0; b < result.size(); ++b) number[int64_t{1} << b] = int64_t{1} << b;
    return reader_.Sum(reader_.Open(reader_.Stack(result)), number, width, factor);
  }

  ExactReader& reader_;
  const Saturation saturation_;
  const int64_t low_bits_;             // of the result, below its top bit
  llvm::SmallVector<int64_t> digits_;  // the top one and those of the value below it
  ExactReader::Reads reads_;
  Bit inside_{}, above_{}, top_{};
  llvm::SmallVector<std::pair<size_t, Bit>> values_;  // from the lowest bit on
  std::map<size_t, Comparison> comparisons_;
  int64_t before_borrow_ = 0;  // planes that are not for the borrow
  Value planes_, borrow_;
  llvm::DenseMap<int64_t, Value> read_;
  llvm::DenseMap<Value, Value> opened_;
};

mlir::Value ExactReader::FromLeast(mlir::Value x, const Saturation& saturation) {
  const auto below = static_cast<int64_t>(Share(x).getWidth()) - saturation.bits;
  const auto least = -static_cast<uint64_t>(saturation.least) << below;
  return builder_.create<AddPublicOp>(loc_, x, static_cast<int64_t>(least));
}

mlir::Value ExactReader::Saturate(mlir::Value x, const Saturation& saturation, unsigned width,
                                  mlir::Value factor) {
  return SaturationReader(*this, saturation).Read(x, width, factor);
}

}  // namespace mpcc::mpc
