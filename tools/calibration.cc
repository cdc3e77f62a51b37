// SPDX-License-Identifier: Apache-2.0
#include "tools/calibration.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>

#include "ir/nn/nn.h"
#include "ir/nn/types.h"
#include "ir/nn/visibility.h"
#include "llvm/ADT/MapVector.h"
#include "mlir/Pass/PassManager.h"
#include "passes/analysis/refusal.h"
#include "passes/pipeline.h"
#include "passes/policy/policy_attribute.h"
#include "tools/left_out.h"
#include "tools/load_model.h"
#include "tools/model_options.h"
#include "tools/progress_line.h"
#include "tools/reporter.h"
#include "tools/sample_values.h"
#include "tools/unstable.h"

namespace mpcc {
namespace {

using mlir::func::FuncOp;

constexpr double kLeastRange = 1e-6;

// Operations whose results have ranges of their own: a dequantized or moved value has that of what
// it comes from.
std::vector<mlir::Operation*> Ranged(FuncOp function) {
  std::vector<mlir::Operation*> ops;
  for (mlir::Operation& op : function.getBody().front())
    if (op.getNumResults() == 1 &&
        !llvm::isa<nn::ConstantOp, nn::DequantizeOp, nn::ReshapeOp, nn::TransposeOp, nn::SliceOp>(
            op) &&
        llvm::cast<mlir::ShapedType>(op.getResult(0).getType()).getElementType().isF32())
      ops.push_back(&op);
  return ops;
}

bool SameOperations(llvm::ArrayRef<mlir::Operation*> a, llvm::ArrayRef<mlir::Operation*> b) {
  return a.size() == b.size() && llvm::all_of(llvm::zip(a, b), [](const auto& pair) {
           return std::get<0>(pair)->getName() == std::get<1>(pair)->getName();
         });
}

// Nothing where no sample came by.
std::optional<double> RangeIn(const nn::Measurement& found, mlir::Operation* op) {
  auto extent = found.extents.find(op->getResult(0));
  if (extent == found.extents.end() || extent->second.empty()) return std::nullopt;
  return std::max<double>(extent->second.Magnitude(), kLeastRange);
}

// The largest of a function's own measurement and that of the same operation in other buckets.
void SetRanges(llvm::ArrayRef<FuncOp> functions, llvm::ArrayRef<nn::Measurement> found) {
  std::vector<std::vector<mlir::Operation*>> ranged;
  for (FuncOp function : functions) ranged.push_back(Ranged(function));
  for (size_t f = 0; f < functions.size(); ++f) {
    for (size_t i = 0; i < ranged[f].size(); ++i) {
      mlir::Operation* op = ranged[f][i];
      auto own = op->getAttrOfType<mlir::FloatAttr>(nn::kRangeAttr);
      std::optional<double> largest;
      if (own) largest = own.getValueAsDouble();
      for (size_t other = 0; other < functions.size(); ++other)
        if (SameOperations(ranged[f], ranged[other]))
          largest = std::max(largest, RangeIn(found[other], ranged[other][i]));
      if (largest)
        op->setAttr(nn::kRangeAttr, mlir::Builder(op->getContext()).getF64FloatAttr(*largest));
    }
  }
}

// The least of a softmax's own measurement and that of the same operation in other buckets.
void SetLeastMaxima(llvm::ArrayRef<FuncOp> functions, llvm::ArrayRef<nn::Measurement> found) {
  std::vector<std::vector<mlir::Operation*>> ranged;
  for (FuncOp function : functions) ranged.push_back(Ranged(function));
  for (size_t f = 0; f < functions.size(); ++f)
    for (size_t i = 0; i < ranged[f].size(); ++i) {
      std::optional<double> least;
      for (size_t other = 0; other < functions.size(); ++other) {
        if (!SameOperations(ranged[f], ranged[other])) continue;
        const auto maximum = found[other].least_maxima.find(ranged[other][i]);
        if (maximum == found[other].least_maxima.end()) continue;
        least = std::min<double>(least.value_or(maximum->second), maximum->second);
      }
      mlir::Operation* op = ranged[f][i];
      op->removeAttr(nn::kLeastMaximumAttr);
      if (least && std::isfinite(*least))
        op->setAttr(nn::kLeastMaximumAttr, mlir::Builder(op->getContext()).getF64FloatAttr(*least));
    }
}

// The private part reads the quantized value, by itself, dequantized or moved.
bool IsReadPrivately(mlir::Value quantized, const nn::VisibilityAnalysis& visibility) {
  if (visibility.EntersSecrets(quantized)) return true;
  return llvm::any_of(quantized.getUsers(), [&](mlir::Operation* user) {
    return llvm::isa<nn::DequantizeOp, nn::ReshapeOp, nn::TransposeOp, nn::SliceOp>(user) &&
           IsReadPrivately(user->getResult(0), visibility);
  });
}

using Names = std::set<std::string>;

// The nodes of all quantizers.
Names QuantizersOf(llvm::ArrayRef<FuncOp> functions) {
  Names names;
  for (FuncOp function : functions)
    function->walk([&](nn::QuantizeOp op) { names.insert(nn::NodeName(op.getLoc())); });
  return names;
}

// Those inside functions of one value, which tables saturate.
Names Tabulated(llvm::ArrayRef<FuncOp> functions) {
  Names names;
  for (FuncOp function : functions)
    function->walk([&](nn::QuantizeOp op) {
      if (op->getParentOfType<nn::MapOp>()) names.insert(nn::NodeName(op.getLoc()));
    });
  return names;
}

struct Clipper {
  mlir::Operation* op;
  double share;
};

// The quantizers that clip, the worst first, one for each node.
std::vector<Clipper> Clippers(llvm::ArrayRef<FuncOp> functions,
                              llvm::ArrayRef<nn::Measurement> found, int table_bits,
                              const Names& saturated) {
  llvm::MapVector<mlir::Location, std::pair<mlir::Operation*, nn::Clipping>> by_node;
  for (auto [function, measurement] : llvm::zip(functions, found)) {
    const nn::VisibilityAnalysis visibility(function);
    for (const auto& [op, clipping] : measurement.clippings) {
      const int bits = nn::BitWidth(nn::QuantizedElement(op->getResult(0).getType()));
      if (saturated.count(nn::NodeName(op->getLoc())) || bits <= table_bits ||
          !IsReadPrivately(op->getResult(0), visibility))
        continue;
      auto& entry = by_node[op->getLoc()];
      entry.first = op;
      entry.second.Merge(clipping);
    }
  }
  std::vector<Clipper> clippers;
  for (const auto& [loc, entry] : by_node)
    if (entry.second.Share() >= kClippedShare)
      clippers.push_back({entry.first, entry.second.Share()});
  llvm::sort(clippers, [](const Clipper& a, const Clipper& b) {
    const auto key = [](const Clipper& c) {
      return std::make_pair(-c.share, nn::NodeName(c.op->getLoc()));
    };
    return key(a) < key(b);
  });
  return clippers;
}

std::vector<FuncOp> FunctionsOf(mlir::ModuleOp module) {
  std::vector<FuncOp> functions;
  for (FuncOp function : module.getOps<FuncOp>())
    if (!function.isExternal()) functions.push_back(function);
  return functions;
}

// Whether canonical functions lack quantizers of the imported ones: those inside composites.
bool HasLeftOut(llvm::ArrayRef<FuncOp> imported, llvm::ArrayRef<FuncOp> canonical) {
  const Names kept = QuantizersOf(canonical), all = QuantizersOf(imported);
  return !std::includes(kept.begin(), kept.end(), all.begin(), all.end());
}

// The network, as imported, for lengths of samples that no function of exact length takes; null if
// there are none.
mlir::OwningOpRef<mlir::ModuleOp> LoadMissing(llvm::ArrayRef<FuncOp> functions,
                                              const std::vector<Sample>& samples,
                                              const OtherLengths& others) {
  std::set<int64_t> lengths;
  for (const Sample& sample : samples) lengths.insert(sample.length);
  for (FuncOp function : functions) {
    if (!function->hasAttr(nn::kExactLengthAttr)) return nullptr;
    lengths.erase(LengthOf(function));
  }
  if (lengths.empty() || !others.options.seq_len) return nullptr;
  std::vector<ImportOptions> buckets;
  for (int64_t length : lengths) {
    buckets.push_back(others.options);
    buckets.back().seq_len = length;
  }
  FuncOp first = functions.front();
  return LoadBuckets(*first.getContext(), others.path, buckets);
}

// The canonical form of a module; null if there is none.
mlir::OwningOpRef<mlir::ModuleOp> Canonical(mlir::ModuleOp imported, const LoweringPolicy& policy) {
  mlir::OwningOpRef<mlir::ModuleOp> module = imported.clone();
  SetPolicy(*module, policy);
  mlir::PassManager passes(imported.getContext());
  BuildCanonicalNnPipeline(passes, {});
  return mlir::succeeded(passes.run(*module)) ? std::move(module) : nullptr;
}

}  // namespace

std::optional<std::vector<nn::Measurement>> MeasureSamples(
    llvm::ArrayRef<FuncOp> functions, const std::vector<FittedSamples>& samples,
    const std::string& path) {
  size_t all = 0, before = 0;
  for (const FittedSamples& bucket : samples) all += bucket.inputs.size();
  ProgressLine line("calibrating");
  std::vector<nn::Measurement> found;
  for (size_t f = 0; f < functions.size(); ++f) {
    nn::MeasureOptions options;
    options.progress = [&](size_t done, size_t) { line.Update(before + done, all); };
    options.name = [&](size_t i) { return fmt::format("{}:{}", path, samples[f].lines[i]); };
    auto measured = nn::Measure(functions[f], samples[f].inputs, options);
    if (!measured.ok()) {
      fmt::print(stderr, "error: {}\n", std::string(measured.status().message()));
      return std::nullopt;
    }
    found.push_back(*std::move(measured));
    before += samples[f].inputs.size();
  }
  return found;
}

namespace {

// One warning for all of them, if there are any.
void Warn(FuncOp function, llvm::ArrayRef<Clipper> clippers, const std::string& accepted,
          const std::string& remedy) {
  if (clippers.empty()) return;
  constexpr size_t kNamed = 3;
  auto told = [](const Clipper& c) {
    return fmt::format("{} {:.2g} %", nn::NodeName(c.op->getLoc()), 100 * c.share);
  };
  std::vector<std::string> worst;
  for (const Clipper& c : clippers.take_front(kNamed)) worst.push_back(told(c));
  mlir::InFlightDiagnostic warning =
      mlir::emitWarning(function->getLoc()) << Refusal(
          fmt::format("{} quantizer{} that clip{} values of the inputs ({}{})", clippers.size(),
                      clippers.size() == 1 ? "" : "s", clippers.size() == 1 ? "s" : "",
                      fmt::join(worst, ", "), clippers.size() > kNamed ? ", ..." : ""),
          accepted, remedy);
  for (const Clipper& c : clippers) warning.attachNote(c.op->getLoc()) << told(c);
}

}  // namespace

void WarnOfClipping(llvm::ArrayRef<FuncOp> functions, llvm::ArrayRef<nn::Measurement> found,
                    int table_bits, const std::optional<ClippingNodes>& nodes) {
  const ClippingNodes known = nodes.value_or(ClippingNodes());
  std::vector<Clipper> kept, left_out;
  for (const Clipper& c : Clippers(functions, found, table_bits, known.saturated))
    (known.left_out.count(nn::NodeName(c.op->getLoc())) ? left_out : kept).push_back(c);
  Warn(functions.front(), kept,
       nodes ? "values inside the quantizer's ends: a private run clips as the file does, which "
               "may take both far from the float model"
             : "values inside the quantizer's ends: what is clipped may take the file far from the "
               "float model",
       "compare the file with the float model, or quantize with wider ends");
  Warn(functions.front(), left_out,
       "values inside the ends of a quantizer that a private run leaves out: it does not clip, and "
       "its answers are not the file's where that matters",
       "quantize with wider ends, or these to at most 'rounded-bits' bits (--policy "
       "rounded-bits=16 takes wider ones)");
}

void ProbeModule(mlir::ModuleOp module, mlir::ModuleOp imported, const LoweringPolicy& policy) {
  WarnOfLeftOut(FunctionsOf(imported), FunctionsOf(module), {}, policy);
}

bool CalibrateModule(mlir::ModuleOp module, mlir::ModuleOp imported, const std::string& path,
                     const LoweringPolicy& policy, const std::optional<OtherLengths>& others) {
  std::vector<FuncOp> functions = FunctionsOf(module), before = FunctionsOf(imported);
  Problems problems;
  const std::vector<Sample> samples = ReadSamples(path, problems);
  mlir::OwningOpRef<mlir::ModuleOp> more_before, more;
  if (others && problems.empty()) more_before = LoadMissing(functions, samples, *others);
  if (more_before) more = Canonical(*more_before, policy);
  if (more) {
    llvm::append_range(functions, FunctionsOf(*more));
    llvm::append_range(before, FunctionsOf(*more_before));
  }
  std::vector<FittedSamples> fitted;
  if (problems.empty()) fitted = FitCheckedSamples(functions, samples, path, problems);
  EmitProblems(*module.getContext(), problems);
  if (!problems.empty()) return false;
  const auto found = MeasureSamples(functions, fitted, path);
  if (!found) return false;
  SetRanges(functions, *found);
  SetLeastMaxima(functions, *found);
  WarnOfLeftOut(before, functions, fitted, policy);
  WarnOfUnstable(functions, fitted);
  const Names left_out = NamesOfLeftOut(before, functions, policy);
  if (!HasLeftOut(before, functions))
    return WarnOfClipping(functions, *found, policy.table_bits, ClippingNodes{{}, left_out}), true;
  const auto all = MeasureSamples(before, fitted, path);
  if (all)
    WarnOfClipping(before, *all, policy.table_bits, ClippingNodes{Tabulated(functions), left_out});
  return all.has_value();
}

}  // namespace mpcc
