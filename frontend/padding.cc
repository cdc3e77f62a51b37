// SPDX-License-Identifier: Apache-2.0
#include "frontend/padding.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <vector>

#include "fmt/format.h"
#include "frontend/carriers.h"
#include "frontend/node_context.h"
#include "ir/nn/nn.h"
#include "ir/nn/roles.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "ir/reference/nn_interpreter.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/OwningOpRef.h"
#include "runtime/base/input_role.h"
#include "runtime/base/token_padding.h"

namespace mpcc {
namespace {

using mlir::func::FuncOp;

std::optional<unsigned> IdsOf(FuncOp function) {
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    if (nn::RoleOf(function, i) == nn::kIdsRole) return i;
  return std::nullopt;
}

// The one number that a constant holds, if it is an integer.
std::optional<int64_t> WholeNumber(mlir::Value value) {
  auto constant = Root(value).getDefiningOp<nn::ConstantOp>();
  if (!constant || nn::ElementCount(ShapeOf(constant.getResult())) != 1) return std::nullopt;
  const auto tensor = nn::GetConstantTensor(constant);
  if (!tensor.ok() || tensor->is_stored()) return std::nullopt;
  if (tensor->is_int()) return tensor->ints()[0];
  const float number = tensor->floats()[0];
  if (number != std::trunc(number) || std::abs(number) > INT32_MAX) return std::nullopt;
  return static_cast<int64_t>(number);
}

int64_t RowsOf(const std::vector<mlir::OpOperand*>& readers) {
  int64_t rows = 0;
  for (mlir::OpOperand* use : readers)
    if (auto gather = llvm::dyn_cast<nn::GatherOp>(use->getOwner()))
      rows = std::max(rows, ShapeOf(gather.getTable()).front());
  return rows;
}

// Numbers that ids are compared with.
std::set<int64_t> Compared(const std::vector<mlir::OpOperand*>& readers) {
  std::set<int64_t> numbers;
  for (mlir::OpOperand* use : readers) {
    auto binary = llvm::dyn_cast<nn::BinaryOp>(use->getOwner());
    if (!binary || binary.getKind() != nn::BinaryKind::equal) continue;
    if (auto number = WholeNumber(binary->getOperand(1 - use->getOperandNumber())))
      numbers.insert(*number);
  }
  return numbers;
}

// ---- the probe

// An input of a few tokens, padded as an inference would be.
class Probe {
 public:
  explicit Probe(FuncOp function)
      : function_(function), length_(nn::TokensOf(function)), tokens_((length_ + 1) / 2) {}

  std::vector<nn::Tensor> Inputs(int64_t rows) const {
    std::vector<nn::Tensor> inputs;
    for (unsigned i = 0; i < function_.getNumArguments(); ++i) inputs.push_back(Input(i, rows));
    return inputs;
  }

  // The ids with other numbers in the padding.
  nn::Tensor Other(nn::Tensor ids, int64_t rows) const {
    auto& numbers = std::get<nn::Tensor::Ints>(ids.data);
    for (int64_t i = tokens_; i < length_; ++i) numbers[i] = Word(i + 1, rows);
    return ids;
  }

  // Largest relative distance of the results at tokens that are no padding; 1 beyond numbers.
  double Distance(const std::vector<nn::Tensor>& a, const std::vector<nn::Tensor>& b) const {
    double worst = 0;
    for (size_t i = 0; i < a.size(); ++i)
      if (a[i].is_float()) worst = std::max(worst, Distance(a[i], b[i]));
    return worst;
  }

 private:
  int64_t Word(int64_t place, int64_t rows) const {
    const int64_t first = rows > 8 ? rows / 4 : 0;
    return first + place * 7919 % std::max<int64_t>(rows - first, 1);
  }

  std::vector<double> Kept(const std::string& role, int64_t count, int64_t rows) const {
    std::vector<double> values(count, role == nn::kMaskRole ? 1 : 0);
    if (role == nn::kPositionsRole) std::iota(values.begin(), values.end(), 0);
    if (role == nn::kIdsRole)
      for (int64_t i = 0; i < count; ++i) values[i] = static_cast<double>(Word(i, rows));
    return values;
  }

  nn::Tensor Input(unsigned index, int64_t rows) const {
    mlir::func::FuncOp function = function_;
    const auto type = llvm::cast<mlir::RankedTensorType>(function.getArgument(index).getType());
    const std::string role = nn::RoleOf(function, index);
    const auto shape = type.getShape().vec();
    const int64_t tokens = role.empty() ? length_ : tokens_;
    const double pad = role == nn::kPositionsRole
                           ? static_cast<double>(tokens - 1)
                           : static_cast<double>(nn::PaddingOf(function, index));
    const auto values = PadTokens(Kept(role, CountOfTokens(shape, length_, tokens), rows), shape,
                                  length_, tokens, pad);
    if (type.getElementType().isF32())
      return {shape, nn::Tensor::Floats(values.begin(), values.end())};
    return {shape, nn::Tensor::Ints(values.begin(), values.end())};
  }

  bool AtToken(const std::vector<int64_t>& shape, int64_t place) const {
    for (size_t d = shape.size(); d-- > 1; place /= shape[d])
      if (shape[d] == length_ && place % shape[d] >= tokens_) return false;
    return true;
  }

  double Distance(const nn::Tensor& a, const nn::Tensor& b) const {
    double size = 0, difference = 0;
    for (int64_t i = 0; i < a.size(); ++i) {
      if (!AtToken(a.shape, i)) continue;
      size += double{a.floats()[i]} * a.floats()[i];
      difference += std::pow(double{a.floats()[i]} - b.floats()[i], 2);
    }
    if (difference == 0) return 0;
    const double relative = std::sqrt(difference / size);
    return std::isfinite(relative) ? relative : 1;
  }

  mutable FuncOp function_;
  int64_t length_, tokens_;
};

// A copy of a function whose tables of words are read by an argument of their own, the last.
mlir::OwningOpRef<FuncOp> WithOwnWords(FuncOp function, unsigned ids) {
  mlir::OwningOpRef<FuncOp> copy(function.clone());
  const mlir::BlockArgument argument = copy->getArgument(ids);
  const unsigned last = copy->getNumArguments();
  copy->insertArgument(last, argument.getType(), {}, argument.getLoc());
  mlir::OpBuilder builder(copy->getContext());
  for (mlir::OpOperand* use : Readers(copy->getArgument(ids))) {
    if (!llvm::isa<nn::GatherOp>(use->getOwner()) || use->getOperandNumber() != 1) continue;
    builder.setInsertionPoint(use->getOwner());
    mlir::Value words = copy->getArgument(last);
    if (words.getType() != use->get().getType())
      words = builder.create<nn::ReshapeOp>(words.getLoc(), use->get().getType(), words);
    use->set(words);
  }
  return copy;
}

}  // namespace

void AssignPadding(FuncOp function, std::optional<int64_t> given, Problems& problems) {
  const auto ids = IdsOf(function);
  if (!ids) {
    if (given)
      problems.push_back({"--pad-id", "option",
                          fmt::format("{}, and no input of token ids", *given),
                          "a model of token ids", "leave out --pad-id"});
    return;
  }
  const auto readers = Readers(function.getArgument(*ids));
  const int64_t rows = RowsOf(readers);
  if (given && (*given < 0 || *given >= rows)) {
    problems.push_back({"--pad-id", "option", fmt::format("{}", *given),
                        fmt::format("ids from 0 to {}", rows - 1), "give the tokenizer's pad id"});
    return;
  }
  const std::set<int64_t> compared = Compared(readers);
  const bool one = compared.size() == 1 && *compared.begin() >= 0 && *compared.begin() < rows;
  const int64_t pad = given.value_or(one ? *compared.begin() : 0);
  function.setArgAttr(*ids, nn::kPadAttr, mlir::Builder(function).getI64IntegerAttr(pad));
}

bool DependsOnPadding(FuncOp function) {
  constexpr double kNoise = 0.02;  // of values that quantizers round to either side
  const auto ids = IdsOf(function);
  if (!ids || nn::TokensOf(function) < 2) return false;
  const int64_t rows = RowsOf(Readers(function.getArgument(*ids)));
  const Probe probe(function);
  auto inputs = probe.Inputs(rows);
  inputs.push_back(inputs[*ids]);
  auto copy = WithOwnWords(function, *ids);
  const auto a = nn::RunNn(*copy, inputs);
  inputs.back() = probe.Other(inputs[*ids], rows);
  const auto b = nn::RunNn(*copy, inputs);
  if (!a.ok() || !b.ok()) return true;  // what cannot be probed is not padded
  return probe.Distance(*a, *b) > kNoise;
}

}  // namespace mpcc
