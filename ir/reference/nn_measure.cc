// SPDX-License-Identifier: Apache-2.0
#include "ir/reference/nn_measure.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>

#include "fmt/format.h"
#include "ir/nn/nn.h"
#include "ir/nn/types.h"
#include "ir/nn/visibility.h"
#include "ir/reference/nn_interpreter.h"
#include "mlir/IR/Threading.h"
#include "runtime/plain/operators.h"

namespace mpcc::nn {
namespace {

Extent ExtentOf(const Tensor::Floats& values) {
  Extent extent;
  for (float x : values) {
    if (!(std::abs(x) < kUnbounded)) continue;
    extent.min = std::min(extent.min, x);
    extent.max = std::max(extent.max, x);
  }
  return extent;
}

// What the data owner's part adds to a secret or puts in its place: the operation with zeros for
// what is secret. Nothing of other operations.
std::optional<Tensor> MaskOf(mlir::Operation* op, llvm::ArrayRef<const Tensor*> in,
                             const VisibilityAnalysis& visibility) {
  auto sum = llvm::dyn_cast<BinaryOp>(op);
  if (!(sum && sum.getKind() == BinaryKind::add) && !llvm::isa<SelectOp>(op)) return std::nullopt;
  if (visibility.IsVisible(op->getResult(0))) return std::nullopt;
  std::vector<Tensor> own;
  for (auto [operand, tensor] : llvm::zip(op->getOperands(), in)) {
    own.push_back(*tensor);
    if (visibility.IsVisible(operand)) continue;
    if (!tensor->is_float()) return std::nullopt;
    own.back().data = Tensor::Floats(tensor->size());
  }
  std::vector<const Tensor*> operands;
  operands.reserve(own.size());
  for (const Tensor& tensor : own) operands.push_back(&tensor);
  auto mask = EvaluateNn(op, operands);
  return mask.ok() && mask->is_float() ? std::optional(*std::move(mask)) : std::nullopt;
}

// What a softmax's mask adds to each score: nothing where there is none.
std::vector<float> Added(llvm::ArrayRef<const Tensor*> in) {
  std::vector<float> added(in[0]->size());
  if (in.size() < 2) return added;
  const Tensor& mask = *in[1];
  ForEachOffset(in[0]->shape, BroadcastStrides(mask.shape, in[0]->shape), 0,
                [&](int64_t i, int64_t offset) { added[i] = mask.floats()[offset]; });
  return added;
}

float LeastMaximum(llvm::ArrayRef<const Tensor*> in) {
  const Tensor::Floats& scores = in[0]->floats();
  const std::vector<float> added = Added(in);
  const size_t row = in[0]->shape.back();
  float least = std::numeric_limits<float>::infinity();
  for (size_t first = 0; first < scores.size(); first += row) {
    const float largest_added = *std::max_element(&added[first], &added[first] + row);
    float largest = -std::numeric_limits<float>::infinity();
    for (size_t i = first; i < first + row; ++i)
      largest = std::max(largest, scores[i] + (added[i] - largest_added));
    if (std::isfinite(largest)) least = std::min(least, largest);
  }
  return least;
}

// What all runs of a function have in common.
struct Common {
  const VisibilityAnalysis& visibility;
  ConstantCache& constants;
  bool clippings;
};

absl::Status MeasureOne(mlir::func::FuncOp function, std::vector<Tensor> inputs,
                        const Common& common, Measurement& found) {
  llvm::DenseMap<mlir::Value, Tensor> masks;  // by the value that quantizers read
  return RunNn(
             function, std::move(inputs),
             [&](mlir::Operation* op, llvm::ArrayRef<const Tensor*> in, const Tensor& result) {
               if (result.is_float()) found.extents[op->getResult(0)] = ExtentOf(result.floats());
               if (llvm::isa<SoftmaxOp>(op)) found.least_maxima[op] = LeastMaximum(in);
               if (!common.clippings) return;
               if (llvm::any_of(op->getUsers(), llvm::IsaPred<QuantizeOp>))
                 if (auto mask = MaskOf(op, in, common.visibility))
                   masks[op->getResult(0)] = *std::move(mask);
               if (auto quantize = llvm::dyn_cast<QuantizeOp>(op)) {
                 const auto mask = masks.find(quantize.getInput());
                 found.clippings[op] =
                     ClippingOf(quantize, in[0]->floats(),
                                mask == masks.end() ? nullptr : &mask->second.floats());
               }
             },
             &common.constants)
      .status();
}

}  // namespace

// Clipped is what rounds to an integer that the storage does not have.
Clipping ClippingOf(QuantizeOp op, const Tensor::Floats& values, const Tensor::Floats* mask) {
  auto type = QuantizedElement(op.getType());
  const auto axis = QuantizedAxis(type);
  auto shape = llvm::cast<mlir::ShapedType>(op.getType()).getShape();
  int64_t inner = 1;
  for (size_t d = axis ? *axis + 1 : shape.size(); d < shape.size(); ++d) inner *= shape[d];
  const int64_t channels = axis ? shape[*axis] : 1;
  std::vector<float> scales;
  std::vector<int64_t> zeros;
  for (int64_t c = 0; c < channels; ++c) {
    scales.push_back(static_cast<float>(ScaleOf(type, c)));
    zeros.push_back(ZeroPointOf(type, c));
  }
  const auto least = static_cast<float>(type.getStorageTypeMin()),
             most = static_cast<float>(type.getStorageTypeMax());
  Clipping clipping;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!(std::abs(values[i]) < kUnbounded)) continue;
    const int64_t channel = channels == 1 ? 0 : static_cast<int64_t>(i) / inner % channels;
    const auto step = [&](float x) {
      return plain::QuantizationStep(x, scales[channel], zeros[channel]);
    };
    if (mask && step((*mask)[i]) < least) continue;
    const float q = step(values[i]);
    ++clipping.elements;
    clipping.beyond += q < least || q > most;
  }
  return clipping;
}

void Extent::Merge(const Extent& other) {
  min = std::min(min, other.min);
  max = std::max(max, other.max);
}

void Clipping::Merge(const Clipping& other) {
  elements += other.elements;
  beyond += other.beyond;
}

void Measurement::Merge(const Measurement& other) {
  for (const auto& [value, extent] : other.extents) extents[value].Merge(extent);
  for (const auto& [op, clipping] : other.clippings) clippings[op].Merge(clipping);
  for (const auto& [op, maximum] : other.least_maxima) {
    const auto [entry, added] = least_maxima.try_emplace(op, maximum);
    entry->second = std::min(entry->second, maximum);
  }
}

absl::StatusOr<Measurement> Measure(mlir::func::FuncOp function,
                                    llvm::ArrayRef<std::vector<Tensor>> inputs,
                                    const MeasureOptions& options) {
  Measurement all;
  ConstantCache constants;
  const VisibilityAnalysis visibility(function);
  const Common common{visibility, constants, options.clippings};
  absl::Status status;
  size_t done = 0, failed = inputs.size();  // the first that fails is told, whoever runs first
  std::mutex mutex;
  mlir::parallelFor(function.getContext(), 0, inputs.size(), [&](size_t i) {
    {
      const std::lock_guard lock(mutex);
      if (i > failed) return;
    }
    Measurement found;
    const absl::Status own = MeasureOne(function, inputs[i], common, found);
    const std::lock_guard lock(mutex);
    all.Merge(found);
    if (!own.ok() && i < failed) {
      failed = i;
      status = absl::InvalidArgumentError(
          fmt::format("{}: {}", options.name ? options.name(i) : fmt::format("input {}", i),
                      std::string(own.message())));
    }
    if (options.progress) options.progress(++done, inputs.size());
  });
  if (!status.ok()) return status;
  return all;
}

}  // namespace mpcc::nn
