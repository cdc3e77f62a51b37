// SPDX-License-Identifier: Apache-2.0
#include "frontend/check_constants.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "frontend/check.h"
#include "frontend/tensor_decode.h"
#include "ir/nn/nn.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"

namespace mpcc {
namespace {

constexpr char kRemedy[] = "train or quantize again: no value computed with it means anything";

std::string IndexText(int64_t flat, const std::vector<int64_t>& shape) {
  std::vector<int64_t> index(shape.size());
  for (size_t d = shape.size(); d-- > 0; flat /= shape[d]) index[d] = flat % shape[d];
  return fmt::format("[{}]", fmt::join(index, ", "));
}

// "NaN in 3 of 768 elements, first at [0, 5]"; nothing if `is_wrong` holds nowhere.
std::optional<std::string> Describe(const nn::Tensor& tensor, const char* what,
                                    bool (*is_wrong)(float)) {
  const nn::Tensor::Floats& values = tensor.floats();
  const auto first = std::find_if(values.begin(), values.end(), is_wrong);
  if (first == values.end()) return std::nullopt;
  return fmt::format("{} in {} of {} elements, first at {}", what,
                     std::count_if(first, values.end(), is_wrong), values.size(),
                     IndexText(first - values.begin(), tensor.shape));
}

bool IsNaN(float x) { return std::isnan(x); }
bool IsInfinite(float x) { return std::isinf(x); }

// Only put in place of other values.
bool IsSelected(nn::ConstantOp constant) {
  return llvm::all_of(constant->getUses(), [](mlir::OpOperand& use) {
    return llvm::isa<nn::SelectOp>(use.getOwner()) && use.getOperandNumber() > 0;
  });
}

// A factor: times 0 it is NaN.
bool IsFactor(nn::ConstantOp constant) {
  return llvm::any_of(constant->getUsers(), [](mlir::Operation* user) {
    auto binary = llvm::dyn_cast<nn::BinaryOp>(user);
    return binary && binary.getKind() == nn::BinaryKind::mul;
  });
}

void CheckParameter(nn::ConstantOp constant, Problems& problems) {
  const auto values = nn::GetConstantTensor(constant);
  if (!values.ok()) return;
  auto found = Describe(*values, "NaN", IsNaN);
  if (!found && !IsSelected(constant)) found = Describe(*values, "infinity", IsInfinite);
  if (!found) return;
  const std::string op = OperatorOf(constant.getLoc());
  problems.push_back({nn::NodeName(constant.getLoc()), op.empty() ? "initializer" : op, *found,
                      "finite parameters", kRemedy});
}

void CheckPublicFactor(nn::ConstantOp constant, Problems& problems) {
  const auto values = nn::GetConstantTensor(constant);
  auto found = values.ok() ? Describe(*values, "infinity", IsInfinite) : std::nullopt;
  if (!found || !IsFactor(constant)) return;
  const std::string op = OperatorOf(constant.getLoc());
  problems.push_back({nn::NodeName(constant.getLoc()), op.empty() ? "initializer" : op,
                      *found + ", which a Mul reads: times 0 that is no number", "finite factors",
                      op == "DequantizeLinear"
                          ? "quantize masks without scales whose integers overflow (a range of "
                            "3.4e38 around 0), or leave them float"
                          : "export the model with a large finite number"});
}

}  // namespace

void CheckNaN(const onnx::TensorProto& tensor, const std::string& name, const std::string& op,
              Problems& problems) {
  const ElementInfo* element = FindElement(tensor.data_type());
  if (!element || element->cls != ElementClass::kFloat) return;
  const auto values = DecodeTensor(tensor);
  if (!values.ok()) return;
  if (auto found = Describe(*values, "NaN", IsNaN))
    problems.push_back({name, op, *found, "numbers", kRemedy});
}

void CheckParameters(mlir::func::FuncOp function, Problems& problems) {
  function.walk([&](nn::ConstantOp constant) {
    if (!constant.getType().getElementType().isF32()) return;
    constant.getIsPublic() ? CheckPublicFactor(constant, problems)
                           : CheckParameter(constant, problems);
  });
}

}  // namespace mpcc
