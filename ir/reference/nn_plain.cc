// SPDX-License-Identifier: Apache-2.0
#include "ir/reference/nn_plain.h"

#include "runtime/base/status_macros.h"

namespace mpcc::nn {
namespace {

plain::Type TypeOf(const Tensor& tensor) {
  return tensor.is_float() ? plain::Type::kF32
         : tensor.is_int() ? plain::Type::kI64
                           : plain::Type::kI32;
}

const void* DataOf(const Tensor& tensor) {
  return std::visit([](const auto& data) -> const void* { return data.data(); }, tensor.data);
}

Tensor Allocate(const plain::Form& form) {
  Tensor out{form.shape, {}};
  const auto count = static_cast<size_t>(plain::Count(form.shape));
  if (form.type == plain::Type::kF32)
    out.data = Tensor::Floats(count);
  else if (form.type == plain::Type::kI64)
    out.data = Tensor::Ints(count);
  else
    out.data = Tensor::Stored(count);
  return out;
}

}  // namespace

absl::StatusOr<Tensor> EvaluatePlain(const PlainCall& call, llvm::ArrayRef<const Tensor*> in) {
  std::vector<plain::Form> forms;
  std::vector<const void*> data;
  for (const Tensor* operand : in) {
    forms.push_back({TypeOf(*operand), operand->shape});
    data.push_back(DataOf(*operand));
  }
  const plain::Signature signature{forms, {call.ints.data(), call.ints.size()}, call.real};
  MPCC_ASSIGN_OR_RETURN(const plain::Form result, plain::Infer(call.number, signature));
  Tensor out = Allocate(result);
  void* target = std::visit([](auto& values) -> void* { return values.data(); }, out.data);
  MPCC_RETURN_IF_ERROR(plain::Run(call.number, {signature, data, result, target}));
  return out;
}

}  // namespace mpcc::nn
