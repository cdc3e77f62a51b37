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
  if (number != std::trunc(number) || std::abs(number) > 0x1p31f) return std::nullopt;
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

using Shape = std::vector<int64_t>;

// The word at a place of the probed text.
int64_t Word(int64_t place, int64_t rows) {
  const int64_t first = rows > 8 ? rows / 4 : 0;
  return first + place * 7919 % std::max<int64_t>(rows - first, 1);
}

std::vector<double> Kept(const std::string& role, int64_t count, int64_t rows) {
  std::vector<double> values(count, role == nn::kMaskRole ? 1 : 0);
  if (role == nn::kPositionsRole) std::iota(values.begin(), values.end(), 0);
  if (role == nn::kIdsRole)
    for (int64_t i = 0; i < count; ++i) values[i] = static_cast<double>(Word(i, rows));
  return values;
}

// An argument for a text of `tokens`, padded as an inference would be.
nn::Tensor InputOf(FuncOp function, unsigned index, int64_t tokens, int64_t rows) {
  const auto type = llvm::cast<mlir::RankedTensorType>(function.getArgument(index).getType());
  const std::string role = nn::RoleOf(function, index);
  const auto shape = type.getShape().vec();
  const int64_t length = nn::TokensOf(function), kept = role.empty() ? length : tokens;
  const double pad = role == nn::kPositionsRole
                         ? static_cast<double>(tokens - 1)
                         : static_cast<double>(nn::PaddingOf(function, index));
  const auto values =
      PadTokens(Kept(role, CountOfTokens(shape, length, kept), rows), shape, length, kept, pad);
  if (type.getElementType().isF32())
    return {shape, nn::Tensor::Floats(values.begin(), values.end())};
  return {shape, nn::Tensor::Ints(values.begin(), values.end())};
}

std::vector<nn::Tensor> InputsOf(FuncOp function, int64_t tokens, int64_t rows) {
  std::vector<nn::Tensor> inputs;
  for (unsigned i = 0; i < function.getNumArguments(); ++i)
    inputs.push_back(InputOf(function, i, tokens, rows));
  return inputs;
}

// The first elements of each axis, so that `shape` is left. REQUIRES: no extent of it is greater.
nn::Tensor Crop(const nn::Tensor& tensor, const Shape& shape) {
  nn::Tensor::Floats kept;
  for (int64_t i = 0; i < nn::ElementCount(shape); ++i) {
    int64_t rest = i, place = 0, stride = 1;
    for (size_t d = shape.size(); d-- > 0;) {
      place += rest % shape[d] * stride;
      rest /= shape[d];
      stride *= tensor.shape[d];
    }
    kept.push_back(tensor.floats()[place]);
  }
  return {shape, kept};
}

// Relative distance; 1 beyond numbers.
double Distance(const nn::Tensor& a, const nn::Tensor& b) {
  double size = 0, difference = 0;
  for (int64_t i = 0; i < a.size(); ++i) {
    size += double{a.floats()[i]} * a.floats()[i];
    difference += std::pow(double{a.floats()[i]} - b.floats()[i], 2);
  }
  if (difference == 0) return 0;
  const double relative = std::sqrt(difference / size);
  return std::isfinite(relative) ? relative : 1;
}

// Whether the first elements of results, as many as `shapes` say, differ by more than noise.
bool Differ(const std::vector<nn::Tensor>& a, const std::vector<nn::Tensor>& b,
            const std::vector<Shape>& shapes) {
  constexpr double kNoise = 0.02;  // of values that quantizers round to either side
  for (size_t i = 0; i < a.size(); ++i)
    if (a[i].is_float() && Distance(Crop(a[i], shapes[i]), Crop(b[i], shapes[i])) > kNoise)
      return true;
  return false;
}

// Whether results are those of less tokens.
bool IsShorter(const std::vector<nn::Tensor>& results, const std::vector<nn::Tensor>& shorter,
               int64_t length, int64_t tokens) {
  const auto fits = [&](const nn::Tensor& a, const nn::Tensor& b) {
    if (a.shape.size() != b.shape.size()) return false;
    for (size_t d = 0; d < a.shape.size(); ++d)
      if (a.shape[d] != b.shape[d] && (a.shape[d] != length || b.shape[d] != tokens)) return false;
    return true;
  };
  return results.size() == shorter.size() &&
         std::equal(results.begin(), results.end(), shorter.begin(), fits);
}

std::vector<Shape> ShapesOf(const std::vector<nn::Tensor>& tensors) {
  std::vector<Shape> shapes;
  shapes.reserve(tensors.size());
  for (const nn::Tensor& tensor : tensors) shapes.push_back(tensor.shape);
  return shapes;
}

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

// Whether the results change with other words in the places of the padding.
bool DependsOnWords(FuncOp function, unsigned ids, std::vector<nn::Tensor> inputs,
                    const std::vector<nn::Tensor>& results) {
  const int64_t length = nn::TokensOf(function), tokens = TokensOfProbe(function);
  const int64_t rows = RowsOf(Readers(function.getArgument(ids)));
  inputs.push_back(inputs[ids]);
  auto& words = std::get<nn::Tensor::Ints>(inputs.back().data);
  for (int64_t i = tokens; i < length; ++i) words[i] = Word(i + 1, rows);
  const auto others = nn::RunNn(*WithOwnWords(function, ids), inputs);
  if (!others.ok()) return true;
  std::vector<Shape> shapes = ShapesOf(results);
  for (Shape& shape : shapes)
    for (size_t d = 1; d < shape.size(); ++d)
      if (shape[d] == length) shape[d] = tokens;
  return Differ(results, *others, shapes);
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

bool ComparesWithPadding(FuncOp function) {
  const auto ids = IdsOf(function);
  return ids && Compared(Readers(function.getArgument(*ids))).count(nn::PaddingOf(function, *ids));
}

int64_t TokensOfProbe(FuncOp function) { return (nn::TokensOf(function) + 1) / 2; }

bool DependsOnPadding(FuncOp function, FuncOp shorter) {
  const auto ids = IdsOf(function);
  const int64_t length = nn::TokensOf(function), tokens = TokensOfProbe(function);
  if (!ids || length < 2) return false;
  const int64_t rows = RowsOf(Readers(function.getArgument(*ids)));
  const auto inputs = InputsOf(function, tokens, rows);
  const auto padded = nn::RunNn(function, inputs);
  if (!padded.ok()) return true;  // what cannot be probed is not padded
  if (shorter && nn::TokensOf(shorter) == tokens) {
    const auto alone = nn::RunNn(shorter, InputsOf(shorter, tokens, rows));
    if (alone.ok() && IsShorter(*padded, *alone, length, tokens))
      return Differ(*padded, *alone, ShapesOf(*alone));
  }
  return DependsOnWords(function, *ids, inputs, *padded);
}

}  // namespace mpcc
