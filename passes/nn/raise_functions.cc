// SPDX-License-Identifier: Apache-2.0
#include "ir/nn/functions.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "llvm/ADT/SetVector.h"
#include "mlir/IR/IRMapping.h"
#include "passes/analysis/single_source.h"
#include "passes/nn/passes.h"
#include "passes/nn/patterns.h"
#include "passes/policy/policy_attribute.h"

namespace mpcc {

#define GEN_PASS_DEF_RAISEFUNCTIONS
#include "passes/nn/passes.h.inc"

namespace {

using Ops = llvm::SetVector<mlir::Operation*>;

// The ops between `value` and its source, operands first.
void Collect(mlir::Value value, mlir::Value source, Ops& ops) {
  if (value == source || ScalarOf(value)) return;
  mlir::Operation* op = value.getDefiningOp();
  if (ops.contains(op)) return;
  for (mlir::Value operand : op->getOperands()) Collect(operand, source, ops);
  ops.insert(op);
}

constexpr int kNotAPolynomial = 1 << 20;

int DegreeOfBinary(nn::BinaryOp op, int left, int right) {
  switch (op.getKind()) {
    case nn::BinaryKind::add:
    case nn::BinaryKind::sub:
      return std::max(left, right);
    case nn::BinaryKind::mul:
      return left + right;
    case nn::BinaryKind::div:
      return right == 0 ? left : kNotAPolynomial;
    default:
      return kNotAPolynomial;
  }
}

// Degree of `value` as a polynomial of `source`.
int Degree(mlir::Value value, mlir::Value source) {
  Ops ops;
  Collect(value, source, ops);
  llvm::DenseMap<mlir::Value, int> degrees{{source, 1}};  // 0 for constants
  for (mlir::Operation* op : ops) {
    int& degree = degrees[op->getResult(0)];
    const int first = degrees.lookup(op->getOperand(0));
    auto unary = llvm::dyn_cast<nn::UnaryOp>(op);
    degree = unary && unary.getKind() == nn::UnaryKind::neg ? first : kNotAPolynomial;
    if (auto binary = llvm::dyn_cast<nn::BinaryOp>(op))
      degree = DegreeOfBinary(binary, first, degrees.lookup(binary.getRhs()));
    degree = std::min(degree, kNotAPolynomial);
  }
  return degrees.lookup(value);
}

bool IsRounding(mlir::Value value) {
  mlir::Operation* op = value.getDefiningOp();
  return llvm::isa_and_present<nn::QuantizeOp, nn::DequantizeOp>(op);
}

// A value and the values of which it is a function, nearest first.
using Path = llvm::SmallVector<mlir::Value>;

Path PathFrom(mlir::Value value, const SingleSource& sources) {
  Path path{value};
  while (mlir::Value source = sources.Of(path.back())) path.push_back(source);
  return path;
}

using PathRef = llvm::ArrayRef<mlir::Value>;

bool IsAffine(mlir::Value value, mlir::Value source) { return Degree(value, source) <= 1; }

PathRef WithoutAffineStart(PathRef path) {
  while (path.size() > 1 && IsAffine(path[path.size() - 2], path.back())) path = path.drop_back();
  return path;
}

// A table holds each step of a quantizer of so many bits.
constexpr int kNarrowBits = 8;

// The most bits of a quantizer that stays before a function, which is read of its steps.
int BitsOfSteps(const LoweringPolicy& policy) {
  return policy.paper() ? 0 : std::min(policy.rounded_bits, kNarrowBits);
}

bool IsNarrow(mlir::Value quantized, int bits) {
  auto quantize = quantized.getDefiningOp<nn::QuantizeOp>();
  if (!quantize) return false;
  auto type = nn::QuantizedElement(quantize.getType());
  return !nn::QuantizedAxis(type) && nn::BitWidth(type) <= bits;
}

bool IsNarrowPair(mlir::Value dequantized, mlir::Value quantized, int bits) {
  return IsNarrow(quantized, bits) && dequantized.getDefiningOp<nn::DequantizeOp>();
}

// Without affine steps before the function, up to the first narrow quantizer: a table of its steps
// holds all that follows, other quantizers too.
PathRef WithoutFreeStart(PathRef path, int narrow) {
  path = WithoutAffineStart(path);
  const size_t size = path.size();
  const bool steps = size > 2 && IsNarrowPair(path[size - 3], path[size - 2], narrow);
  return steps ? path.drop_back(2) : path;
}

// Without affine steps and quantizers behind the function.
PathRef WithoutFreeEnd(PathRef path) {
  while (path.size() > 1 && (IsAffine(path[0], path[1]) || IsRounding(path[0])))
    path = path.drop_front();
  return path;
}

// No function but affine ones, or one that the lowering knows, behind nothing but a wide quantizer.
bool NeedsNoMap(PathRef path) {
  path = WithoutFreeEnd(path);
  if (path.size() < 2) return true;
  for (mlir::Value value : path.drop_front().drop_back())
    if (!IsRounding(value) || IsNarrow(value, kNarrowBits)) return false;
  auto unary = path.front().getDefiningOp<nn::UnaryOp>();
  return unary && unary.getInput() == path[1] && nn::FindSecretFunction(unary.getKind());
}

mlir::Type NumberOf(mlir::Value value) { return mlir::RankedTensorType::get({}, ElementOf(value)); }

mlir::Value Scalar(mlir::OpBuilder& b, mlir::Location loc, double value) {
  return nn::MakeConstant(b, loc, {{}, nn::Tensor::Floats{static_cast<float>(value)}},
                          mlir::RankedTensorType::get({}, b.getF32Type()));
}

void FillBody(nn::MapOp map, const Ops& ops, mlir::Value root, mlir::Value source) {
  mlir::OpBuilder b(map.getContext());
  mlir::Block* body = b.createBlock(&map.getBody(), {}, {NumberOf(source)}, {map.getLoc()});
  llvm::DenseMap<mlir::Value, mlir::Value> inside{{source, body->getArgument(0)}};
  for (mlir::Operation* op : ops) {
    mlir::IRMapping mapping;
    for (mlir::Value operand : op->getOperands()) {
      mlir::Value& number = inside[operand];
      if (!number) number = Scalar(b, op->getLoc(), *ScalarOf(operand));
      mapping.map(operand, number);
    }
    mlir::Operation* clone = b.clone(*op, mapping);
    clone->removeAttr(nn::kRangeAttr);
    clone->getResult(0).setType(NumberOf(op->getResult(0)));
    inside[op->getResult(0)] = clone->getResult(0);
  }
  b.create<nn::YieldOp>(map.getLoc(), inside[root]);
}

mlir::Value MapFor(mlir::Value root, mlir::Value source) {
  Ops ops;
  Collect(root, source, ops);
  mlir::OpBuilder builder(root.getDefiningOp());
  auto map = builder.create<nn::MapOp>(root.getLoc(), root.getType(), source);
  if (mlir::Attribute range = root.getDefiningOp()->getAttr(nn::kRangeAttr))
    map->setAttr(nn::kRangeAttr, range);
  FillBody(map, ops, root, source);
  return map;
}

// Algorithm:
// 1. A value is read if an op reads it that is no function of the value's own source.
// 2. The path from there, over sources, to the first value that is no function of another one is
//    one function. Affine steps before it stay outside up to the first narrow quantizer, as does
//    that one, and the quantizer whose integers are read.
// 3. It becomes a map, unless but for affine steps and quantizers there is nothing in it, or one op
//    that the lowering has a table for.
struct RaiseFunctions : impl::RaiseFunctionsBase<RaiseFunctions> {
  void runOnOperation() override {
    const auto policy = PolicyOf(getOperation());
    if (mlir::failed(policy)) return signalPassFailure();
    const int narrow = BitsOfSteps(*policy);
    const SingleSource sources(getOperation());
    llvm::SetVector<std::pair<mlir::Value, mlir::Value>> functions;
    for (mlir::Operation& op : getOperation().getBody().front())
      for (mlir::Value operand : op.getOperands())
        if (op.getNumResults() != 1 || !sources.Of(op.getResult(0)))
          if (auto function = FunctionBehind(operand, sources, narrow)) functions.insert(*function);
    llvm::SmallVector<mlir::Value> maps;  // all made before one takes the place of its root
    for (auto [root, source] : functions) maps.push_back(MapFor(root, source));
    for (auto [function, map] : llvm::zip(functions, maps))
      mlir::Value(function.first).replaceAllUsesWith(map);
  }

  static std::optional<std::pair<mlir::Value, mlir::Value>> FunctionBehind(
      mlir::Value value, const SingleSource& sources, int narrow) {
    const Path whole = PathFrom(value, sources);
    PathRef path = WithoutFreeStart(whole, narrow);
    if (path.size() > 1 && !ElementOf(path.front()).isF32()) path = path.drop_front();
    if (NeedsNoMap(path) || !ElementOf(path.front()).isF32() || !ElementOf(path.back()).isF32())
      return std::nullopt;
    return std::pair(path.front(), path.back());
  }
};

}  // namespace
}  // namespace mpcc
