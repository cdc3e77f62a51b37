// SPDX-License-Identifier: Apache-2.0
#include "frontend/calibration.h"

#include <memory>

#include "frontend/samples.h"

namespace mpcc {
namespace {

bool IsFixed(const onnx::TensorShapeProto::Dimension& dim) {
  return dim.has_dim_value() && dim.dim_value() > 0;
}

// Whether a dimension other than the batch is left open by the file and by `base`.
bool HasOpenLength(const onnx::ModelProto& model, const ImportOptions& base) {
  for (const auto& input : model.graph().input()) {
    const auto& shape = input.type().tensor_type().shape();
    if (base.shapes.count(input.name())) continue;
    for (int i = 1; i < shape.dim_size(); ++i)
      if (!IsFixed(shape.dim(i))) return true;
  }
  return false;
}

}  // namespace

Calibration CalibrateOn(const std::string& path, const onnx::ModelProto& model,
                        const ImportOptions& base, Problems& problems) {
  auto samples = std::make_shared<std::vector<Sample>>(ReadSamples(path, problems));
  std::map<int64_t, std::vector<const Sample*>> by_length;
  const bool open = HasOpenLength(model, base);
  for (const Sample& sample : *samples) by_length[open ? sample.length : 0].push_back(&sample);
  Calibration calibration;
  calibration.count = samples->size();
  std::vector<std::vector<const Sample*>> groups;
  for (auto& [length, group] : by_length) {
    calibration.lengths.push_back(base);
    if (open) calibration.lengths.back().seq_len = length;
    groups.push_back(std::move(group));
  }
  calibration.arguments = [samples, groups, path](mlir::func::FuncOp function, size_t i,
                                                  Problems& found) {
    std::vector<Arguments> arguments;
    for (const Sample* sample : groups[i])
      if (auto fitted = FitSample(function, *sample, path, found))
        arguments.push_back(*std::move(fitted));
    return arguments;
  };
  return calibration;
}

}  // namespace mpcc
