// SPDX-License-Identifier: Apache-2.0
#include "frontend/quantize/collect.h"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "frontend/onnx_importer.h"
#include "ir/reference/nn_interpreter.h"
#include "mlir/IR/Threading.h"

namespace mpcc::quantize {
namespace {

constexpr size_t kPerInput = 1 << 17;  // elements of one site that one input adds to its sample

// Largest magnitudes along `axis` (from the end) and all axes before the last two.
std::vector<float> Peaks(const nn::Tensor& value, int axis) {
  const auto& shape = value.shape;
  const int64_t rank = static_cast<int64_t>(shape.size());
  const int64_t last = rank > 0 ? shape[rank - 1] : 1, rows = rank > 1 ? shape[rank - 2] : 1;
  const int64_t channels = axis == 1 ? last : rows;
  const int64_t matrix = std::max<int64_t>(last * rows, 1);
  std::vector<float> peaks(value.size() / matrix * channels, 0.0f);
  const auto& x = value.floats();
  for (int64_t i = 0; i < value.size(); ++i) {
    const int64_t channel = axis == 1 ? i % last : i / last % rows;
    float& peak = peaks[i / matrix * channels + channel];
    peak = std::max(peak, std::abs(x[i]));
  }
  return peaks;
}

void Merge(std::vector<float>& all, const std::vector<float>& own) {
  if (all.size() < own.size()) all.resize(own.size(), 0.0f);
  for (size_t i = 0; i < own.size(); ++i) all[i] = std::max(all[i], own[i]);
}

// Whole rows of the last axis.
void AddTo(std::vector<float>& sample, const nn::Tensor& value) {
  const auto& values = value.floats();
  const size_t width = value.shape.empty() ? 1 : value.shape.back();
  const size_t stride = width * std::max<size_t>(1, values.size() / kPerInput);
  for (size_t i = 0; i + width <= values.size() && width > 0; i += stride)
    sample.insert(sample.end(), values.begin() + i, values.begin() + i + width);
}

using Wanted = llvm::DenseMap<mlir::Value, std::vector<const Site*>>;

absl::Status RunOne(mlir::func::FuncOp function, Arguments arguments, const Wanted& wanted,
                    std::mutex& mutex, Values& values) {
  return nn::RunNn(function, std::move(arguments),
                   [&](mlir::Operation* op, auto, const nn::Tensor& result) {
                     auto sites = wanted.find(op->getResult(0));
                     if (sites == wanted.end() || !result.is_float()) return;
                     const std::lock_guard lock(mutex);
                     for (const Site* site : sites->second) {
                       SiteValues& all = values[site->tensor];
                       AddTo(all.sample, result);
                       Merge(all.peaks, Peaks(result, site->channel_axis));
                     }
                   })
      .status();
}

bool RunAll(mlir::func::FuncOp function, std::vector<Arguments>& inputs, const Wanted& wanted,
            Values& values, Problems& problems) {
  std::mutex mutex;
  std::vector<absl::Status> status(inputs.size());
  mlir::parallelFor(function.getContext(), 0, inputs.size(), [&](size_t i) {
    status[i] = RunOne(function, std::move(inputs[i]), wanted, mutex, values);
  });
  for (const absl::Status& one : status) {
    if (one.ok()) continue;
    problems.push_back({"model", "calibration", std::string(one.message()), "inputs that run",
                        "correct the sample inputs"});
    return false;
  }
  return true;
}

}  // namespace

std::optional<Values> Collect(mlir::MLIRContext& context, const onnx::ModelProto& model,
                              const Sites& sites, const Calibration& calibration,
                              Problems& problems) {
  Values values;
  size_t done = 0;
  for (size_t i = 0; i < calibration.lengths.size(); ++i) {
    ImportedTensors tensors;
    auto module =
        ImportModel(context, model, "calibration", calibration.lengths[i], problems, &tensors);
    if (!module) return std::nullopt;
    auto function = *module->getOps<mlir::func::FuncOp>().begin();
    Wanted wanted;
    for (const auto& [tensor, site] : sites.sites)
      if (auto found = tensors.find(tensor); found != tensors.end())
        wanted[found->second].push_back(&site);
    auto inputs = calibration.arguments(function, i, problems);
    done += inputs.size();
    if (!problems.empty() || !RunAll(function, inputs, wanted, values, problems))
      return std::nullopt;
    if (calibration.progress) calibration.progress(done);
  }
  return values;
}

}  // namespace mpcc::quantize
