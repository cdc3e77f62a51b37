// SPDX-License-Identifier: Apache-2.0
#include "tools/sample_values.h"

#include <fmt/format.h>

#include "ir/nn/roles.h"
#include "ir/nn/types.h"

namespace mpcc {
namespace {

using mlir::func::FuncOp;

std::string NameOf(FuncOp function, unsigned index) {
  auto name = function.getArgAttrOfType<mlir::StringAttr>(index, nn::kNameAttr);
  return name ? name.str() : fmt::format("#{}", index);
}

bool IsMask(const std::string& role) { return role == nn::kMaskRole; }

// What pads was not given.
std::vector<double> Given(const nn::Tensor& tensor, int64_t padding) {
  std::vector<double> given;
  std::visit(
      [&](const auto& values) {
        for (const auto x : values)
          if (static_cast<double>(x) != static_cast<double>(padding))
            given.push_back(static_cast<double>(x));
      },
      tensor.data);
  return given;
}

bool Check(FuncOp function, const std::vector<nn::Tensor>& inputs, const std::string& place,
           Problems& problems) {
  const size_t before = problems.size();
  for (unsigned i = 0; i < inputs.size(); ++i) {
    const std::string role = nn::RoleOf(function, i);
    const auto strange = StrangeValue(Given(inputs[i], nn::PaddingOf(function, i)), role);
    if (strange)
      problems.push_back(
          {place, "sample", fmt::format("input '{}': {}", NameOf(function, i), *strange),
           IsMask(role) ? "1, which keeps a token, and 0, which drops it" : "numbers from 0 on",
           "correct this sample"});
  }
  return problems.size() == before;
}

}  // namespace

std::optional<double> StrangeValue(const std::vector<double>& values, const std::string& role) {
  const bool rows = role == nn::kIdsRole || role == nn::kTypesRole || role == nn::kPositionsRole;
  for (const double x : values)
    if ((rows && x < 0) || (IsMask(role) && x != 0 && x != 1)) return x;
  return std::nullopt;
}

std::vector<FittedSamples> FitCheckedSamples(llvm::ArrayRef<FuncOp> buckets,
                                             const std::vector<Sample>& samples,
                                             const std::string& path, Problems& problems) {
  std::vector<FittedSamples> fitted = FitSamples(buckets, samples, path, problems);
  for (auto [bucket, found] : llvm::zip(buckets, fitted))
    for (size_t i = 0; i < found.inputs.size(); ++i)
      Check(bucket, found.inputs[i], fmt::format("{}:{}", path, found.lines[i]), problems);
  return fitted;
}

Calibration CalibrateOnChecked(const std::string& path, const onnx::ModelProto& model,
                               const ImportOptions& base, Problems& problems) {
  Calibration calibration = CalibrateOn(path, model, base, problems);
  calibration.arguments = [path, all = std::move(calibration.arguments)](FuncOp function, size_t i,
                                                                         Problems& found) {
    std::vector<Arguments> arguments = all(function, i, found);
    llvm::erase_if(arguments,
                   [&](const Arguments& one) { return !Check(function, one, path, found); });
    return arguments;
  };
  return calibration;
}

}  // namespace mpcc
