// SPDX-License-Identifier: Apache-2.0
#include "tools/verification.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <mutex>

#include "ir/nn/types.h"
#include "ir/reference/mpc_interpreter.h"
#include "ir/reference/nn_eval.h"
#include "ir/reference/nn_interpreter.h"
#include "mlir/IR/Threading.h"
#include "passes/lower/marks.h"
#include "runtime/base/ring.h"
#include "runtime/base/status_macros.h"

namespace mpcc {
namespace {

using mlir::func::FuncOp;
using Numbers = std::vector<double>;
using Shape = std::vector<int64_t>;

constexpr double kNear = 0.9;
constexpr int64_t kMostLabels = 1024;

// A numbered value in the clear.
struct Expected {
  mlir::Operation* op;
  Shape shape;
  nn::Tensor::Floats values;
  nn::Clipping clipping;
};
using ExpectedValues = std::map<int64_t, Expected>;

// Which elements of a tensor belong to the text: those whose index is below `tokens` along every
// axis of `length` positions but the last of up to three.
std::vector<bool> OfTheText(const Shape& shape, int64_t length, int64_t tokens) {
  std::vector<bool> kept(nn::ElementCount(shape), true);
  int64_t stride = 1;
  const size_t rank = shape.size();
  for (size_t d = rank; d-- > 0; stride *= shape[d]) {
    const bool positions = shape[d] == length && length > 1 && (rank > 3 || d + 1 < rank);
    if (!positions) continue;
    for (size_t i = 0; i < kept.size(); ++i)
      if (static_cast<int64_t>(i) / stride % shape[d] >= tokens) kept[i] = false;
  }
  return kept;
}

std::vector<mlir::DictionaryAttr> MarksOf(mlir::Operation* op) {
  auto marks = op->getAttrOfType<mlir::ArrayAttr>(kMarksAttr);
  if (!marks) return {};
  auto dictionaries = marks.getAsRange<mlir::DictionaryAttr>();
  return {dictionaries.begin(), dictionaries.end()};
}

std::vector<int64_t> MarkedValues(FuncOp lowered) {
  std::vector<int64_t> values;
  lowered.walk([&](mlir::Operation* op) {
    for (mlir::DictionaryAttr mark : MarksOf(op))
      values.push_back(mark.getAs<mlir::IntegerAttr>("value").getInt());
  });
  return values;
}

// Runs the canonical network and keeps the numbered values that are compared.
absl::StatusOr<ExpectedValues> RunCanonical(FuncOp function, std::vector<nn::Tensor> inputs,
                                            const std::vector<int64_t>& wanted,
                                            nn::ConstantCache& constants) {
  ExpectedValues values;
  auto keep = [&](mlir::Operation* op, llvm::ArrayRef<const nn::Tensor*> in,
                  const nn::Tensor& result) {
    auto number = op->getAttrOfType<mlir::IntegerAttr>(nn::kValueAttr);
    if (!number || !llvm::is_contained(wanted, number.getInt())) return;
    Expected value{op, result.shape, nn::RealValues(result, op->getResult(0).getType()), {}};
    if (auto quantize = llvm::dyn_cast<nn::QuantizeOp>(op))
      value.clipping = nn::ClippingOf(quantize, in[0]->floats());
    values.emplace(number.getInt(), std::move(value));
  };
  const auto results = nn::RunNn(function, std::move(inputs), keep, &constants);
  if (!results.ok()) return results.status();
  return values;
}

double Get(mlir::DictionaryAttr mark, llvm::StringRef name) {
  return mark.getAs<mlir::FloatAttr>(name).getValueAsDouble();
}

Site Compare(mlir::DictionaryAttr mark, const Expected& expected,
             const reference::Components& found, const std::vector<bool>& kept) {
  Site site{nn::NodeName(expected.op->getLoc()), mark.getAs<mlir::StringAttr>("place").str(),
            Get(mark, "holds"), Get(mark, "step")};
  const double unit = Get(mark, "unit"), offset = Get(mark, "offset");
  for (size_t i = 0; i < expected.values.size(); ++i) {
    const double value = expected.values[i];
    // What stands for infinity in a mask is no number.
    if (!kept[i] || !(std::abs(value) < nn::kUnbounded)) continue;
    const double own =
        unit * static_cast<double>(Signed(found.parts[0][i], static_cast<unsigned>(found.width))) -
        offset;
    const double difference = std::abs(own - value);
    ++site.elements;
    site.largest = std::max(site.largest, std::abs(value));
    site.near += std::abs(value) > kNear * site.holds;
    site.wrapped += difference > site.holds;
    if (site.step > 0) {
      const auto steps = std::llrint(difference / site.step);
      site.equal += steps == 0;
      site.farther += steps > 1;
    }
    site.squares += difference * difference;
    site.farthest = std::max(site.farthest, difference);
  }
  site.clipping = expected.clipping;
  return site;
}

// Integers of a wire that stand for the values of the file.
std::vector<int64_t> InUnits(mlir::DictionaryAttr mark, const Expected& expected) {
  const double unit = Get(mark, "unit"), offset = Get(mark, "offset");
  std::vector<int64_t> integers;
  for (double value : expected.values)
    integers.push_back(std::abs(value) < nn::kUnbounded ? std::llrint((value + offset) / unit) : 0);
  return integers;
}

void Add(Sites& sites, int64_t number, const Site& site) {
  auto [known, added] = sites.try_emplace({site.node, site.place, number}, site);
  if (!added) known->second.Merge(site);
}

double Cosine(const Numbers& a, const Numbers& b) {
  double product = 0, left = 0, right = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    product += a[i] * b[i];
    left += a[i] * a[i];
    right += b[i] * b[i];
  }
  if (left == 0 && right == 0) return 1;
  const double cosine = product / std::sqrt(std::max(left * right, 1e-300));
  return std::isfinite(cosine) ? cosine : 0;  // what is no number agrees with nothing
}

// Of rows of `width` numbers, those of `a` with their nearness.
void CompareLabels(const Numbers& a, const Numbers& b, int64_t width, const Nearness& nearness,
                   Agreement& agreement) {
  for (size_t row = 0; row < a.size(); row += width) {
    auto best = [&](const Numbers& x) {
      return std::max_element(x.begin() + row, x.begin() + row + width) - x.begin();
    };
    const bool same = best(a) == best(b);
    const bool tied = !nearness.empty() && IsNearTie(&a[row], width, nearness[row / width]);
    ++agreement.labels;
    agreement.same_labels += same;
    agreement.near_ties += tied;
    agreement.same_clear_labels += same && !tied;
  }
}

// Of the rows whose first element is kept.
Nearness KeptRows(const Nearness& nearness, const std::vector<bool>& kept, int64_t width) {
  Nearness rows;
  for (size_t row = 0; row < nearness.size(); ++row)
    if (kept[row * width]) rows.push_back(nearness[row]);
  return rows;
}

Numbers Kept(const nn::Tensor& tensor, const std::vector<bool>& kept) {
  Numbers out;
  std::visit(
      [&](const auto& values) {
        for (size_t i = 0; i < values.size(); ++i)
          if (kept[i]) out.push_back(static_cast<double>(values[i]));
      },
      tensor.data);
  return out;
}

}  // namespace

Agreement Agree(const nn::Tensor& expected, const nn::Tensor& found, int64_t length, int64_t tokens,
                const Nearness& nearness) {
  const std::vector<bool> kept = OfTheText(expected.shape, length, tokens);
  const Numbers a = Kept(expected, kept), b = Kept(found, kept);
  Agreement agreement;
  agreement.cosine = Cosine(a, b);
  for (size_t i = 0; i < a.size(); ++i)
    agreement.largest_difference = std::max(agreement.largest_difference, std::abs(a[i] - b[i]));
  const int64_t width = expected.shape.empty() ? 1 : expected.shape.back();
  if (width > 1 && width <= kMostLabels && a.size() % width == 0)
    CompareLabels(a, b, width, KeptRows(nearness, kept, width), agreement);
  agreement.values = b;
  return agreement;
}

namespace {

// One sample: first in the clear, then privately with every marked value compared.
class SampleRun {
 public:
  SampleRun(const VerifiedBucket& bucket, Feeding feeding, const std::vector<int64_t>& wanted,
            nn::ConstantCache& constants, int64_t tokens)
      : bucket_(bucket),
        feeding_(feeding),
        wanted_(wanted),
        constants_(constants),
        tokens_(tokens) {}

  absl::Status Run(const std::vector<nn::Tensor>& inputs, const std::vector<Nearness>& nearness,
                   Verification& out) {
    FuncOp imported = bucket_.imported;
    length_ = LengthOf(imported);
    auto answers = nn::RunNn(imported, inputs, nullptr, &constants_);
    if (!answers.ok()) return answers.status();
    MPCC_ASSIGN_OR_RETURN(expected_, RunCanonical(bucket_.canonical, inputs, wanted_, constants_));
    reference::RunOptions options;
    options.observer = [&](mlir::Operation* op, unsigned, const reference::Components& wire) {
      for (mlir::DictionaryAttr mark : MarksOf(op)) CompareMark(mark, wire, out);
    };
    if (feeding_ == Feeding::kFiles)
      options.replacer = [&](mlir::Operation* op, unsigned) { return Files(op); };
    MPCC_ASSIGN_OR_RETURN(const reference::Outputs outputs,
                          reference::RunMpc(bucket_.lowered, inputs, options));
    for (size_t i = 0; i < answers->size(); ++i) {
      out.agreements.push_back(Agree((*answers)[i], std::get<nn::Tensor>(outputs.values[i]),
                                     length_, tokens_, nearness[i]));
      auto name =
          imported.getResultAttrOfType<mlir::StringAttr>(static_cast<unsigned>(i), nn::kNameAttr);
      out.agreements.back().result = name ? name.str() : fmt::format("#{}", i);
    }
    return absl::OkStatus();
  }

 private:
  void CompareMark(mlir::DictionaryAttr mark, const reference::Components& wire,
                   Verification& out) {
    const int64_t number = mark.getAs<mlir::IntegerAttr>("value").getInt();
    auto expected = expected_.find(number);
    if (expected == expected_.end() || expected->second.values.size() != wire.parts[0].size())
      return;
    const auto kept = OfTheText(expected->second.shape, length_, tokens_);
    Add(out.sites, number, Compare(mark, expected->second, wire, kept));
  }

  // What the file has at the operand of a product or the row that an operation computes.
  std::vector<int64_t> Files(mlir::Operation* op) {
    for (mlir::DictionaryAttr mark : MarksOf(op)) {
      const llvm::StringRef place = mark.getAs<mlir::StringAttr>("place").getValue();
      if (place != kOperandPlace && place != kRowPlace) continue;
      const auto expected = expected_.find(mark.getAs<mlir::IntegerAttr>("value").getInt());
      const auto type = llvm::cast<mpc::ShareType>(op->getResult(0).getType());
      if (expected != expected_.end() &&
          static_cast<int64_t>(expected->second.values.size()) == type.numElements())
        return InUnits(mark, expected->second);
    }
    return {};
  }

  const VerifiedBucket& bucket_;
  const Feeding feeding_;
  const std::vector<int64_t>& wanted_;
  nn::ConstantCache& constants_;
  const int64_t tokens_;
  int64_t length_ = 0;
  ExpectedValues expected_;
};

}  // namespace

double Site::Deviation() const {
  return elements == 0 ? 0 : std::sqrt(squares / static_cast<double>(elements));
}

void Site::Merge(const Site& other) {
  holds = std::min(holds, other.holds);
  largest = std::max(largest, other.largest);
  elements += other.elements;
  wrapped += other.wrapped;
  near += other.near;
  equal += other.equal;
  farther += other.farther;
  squares += other.squares;
  farthest = std::max(farthest, other.farthest);
  clipping.Merge(other.clipping);
}

void NumberValues(FuncOp function) {
  mlir::Builder builder(function.getContext());
  int64_t number = 0;
  for (mlir::Operation& op : function.getBody().front())
    if (op.getNumResults() == 1 && !llvm::isa<nn::ConstantOp>(op))
      op.setAttr(nn::kValueAttr, builder.getI64IntegerAttr(number++));
}

absl::StatusOr<Verification> Verify(const VerifiedBucket& bucket, const FittedSamples& samples,
                                    const std::string& path, Feeding feeding,
                                    const std::function<void(size_t done)>& progress) {
  Verification all;
  absl::Status status;
  std::mutex mutex;
  size_t done = 0;
  nn::ConstantCache constants;
  FuncOp lowered = bucket.lowered;
  const std::vector<int64_t> wanted = MarkedValues(lowered);
  MPCC_ASSIGN_OR_RETURN(const auto nearness, NearnessOf(bucket.canonical, samples.inputs));
  mlir::parallelFor(lowered.getContext(), 0, samples.inputs.size(), [&](size_t i) {
    Verification own;
    const absl::Status ran = SampleRun(bucket, feeding, wanted, constants, samples.lengths[i])
                                 .Run(samples.inputs[i], nearness[i], own);
    const std::lock_guard lock(mutex);
    if (!ran.ok() && status.ok())
      status = absl::InvalidArgumentError(
          fmt::format("{}:{}: {}", path, samples.lines[i], std::string(ran.message())));
    for (const auto& [key, site] : own.sites) Add(all.sites, std::get<2>(key), site);
    for (Agreement& agreement : own.agreements) {
      agreement.line = samples.lines[i];
      all.agreements.push_back(agreement);
    }
    progress(++done);
  });
  if (!status.ok()) return status;
  std::sort(all.agreements.begin(), all.agreements.end(), [](const auto& a, const auto& b) {
    return std::tie(a.line, a.result) < std::tie(b.line, b.result);
  });
  return all;
}

}  // namespace mpcc
