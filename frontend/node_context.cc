// SPDX-License-Identifier: Apache-2.0
#include "frontend/node_context.h"

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "frontend/limits.h"
#include "frontend/tensor_decode.h"
#include "ir/nn/plain.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "ir/reference/nn_interpreter.h"

namespace mpcc {

std::string ShapeText(const Shape& shape) { return fmt::format("[{}]", fmt::join(shape, ", ")); }

std::optional<int64_t> NormalizeAxis(int64_t axis, int64_t rank) {
  if (axis < -rank || axis >= rank) return std::nullopt;
  return axis < 0 ? axis + rank : axis;
}

mlir::Value NodeContext::Input(int i) {
  const std::string& name = node_.input(i);
  auto found = graph_.values.find(name);
  if (found != graph_.values.end()) return found->second;
  const onnx::TensorProto* raw = graph_.constants.at(name);
  auto tensor = DecodeTensor(*raw);  // validated when the file was read
  assert(tensor.ok());
  mlir::Type element = FindElement(raw->data_type())->cls == ElementClass::kBool
                           ? mlir::Type(builder().getI1Type())
                       : tensor->is_float() ? builder().getF32Type()
                                            : mlir::Type(builder().getI64Type());
  auto type = mlir::RankedTensorType::get(tensor->shape, element);
  mlir::Location loc = mlir::NameLoc::get(builder().getStringAttr(name));
  return graph_.values[name] = nn::MakeConstant(builder(), loc, *tensor, type);
}

mlir::Value NodeContext::RealInput(int i) {
  mlir::Value value = Input(i);
  auto dequantize = value.getDefiningOp<nn::DequantizeOp>();
  auto constant =
      dequantize ? dequantize.getInput().getDefiningOp<nn::ConstantOp>() : nn::ConstantOp();
  if (!constant) return value;
  auto tensor = nn::GetConstantTensor(constant);
  if (!tensor.ok()) return value;
  const nn::Tensor* operand = &*tensor;
  auto real = nn::EvaluateNn(dequantize, operand);
  return real.ok() ? graph_.values[node_.input(i)] = EmitConstant(*real) : value;
}

std::optional<nn::Tensor> NodeContext::Constant(int i) {
  if (!HasInput(i)) return std::nullopt;
  if (const onnx::TensorProto* raw = RawConstant(i)) {
    auto tensor = DecodeTensor(*raw);
    if (tensor.ok()) return *std::move(tensor);
    return std::nullopt;
  }
  if (auto real = nn::RealConstant(Input(i))) return real;
  auto op = Input(i).getDefiningOp<nn::ConstantOp>();
  if (!op) return std::nullopt;
  auto tensor = nn::GetConstantTensor(op);
  return tensor.ok() ? std::optional(*std::move(tensor)) : std::nullopt;
}

const onnx::TensorProto* NodeContext::RawConstant(int i) const {
  if (!HasInput(i)) return nullptr;
  auto found = graph_.constants.find(node_.input(i));
  return found == graph_.constants.end() ? nullptr : found->second;
}

std::optional<Shape> NodeContext::IntsInputOrAttribute(int i, const char* name, bool& failed) {
  if (!HasInput(i)) return Ints(name);
  auto tensor = Constant(i);
  if (tensor && tensor->is_int()) return tensor->ints();
  failed = true;
  (void)Fail(fmt::format("'{}' computed from the inputs", name), "a constant",
             "fix the shapes of the model's inputs");
  return std::nullopt;
}

const onnx::AttributeProto* NodeContext::Attribute(const char* name) const {
  for (const auto& attribute : node_.attribute())
    if (attribute.name() == name) return &attribute;
  return nullptr;
}

int64_t NodeContext::Int(const char* name, int64_t otherwise) const {
  const auto* attribute = Attribute(name);
  return attribute ? attribute->i() : otherwise;
}

double NodeContext::Float(const char* name, double otherwise) const {
  const auto* attribute = Attribute(name);
  return attribute ? attribute->f() : otherwise;
}

std::string NodeContext::String(const char* name, const std::string& otherwise) const {
  const auto* attribute = Attribute(name);
  return attribute ? attribute->s() : otherwise;
}

std::optional<Shape> NodeContext::Ints(const char* name) const {
  const auto* attribute = Attribute(name);
  if (!attribute) return std::nullopt;
  return Shape(attribute->ints().begin(), attribute->ints().end());
}

mlir::Value NodeContext::EmitConstant(const nn::Tensor& tensor) {
  return EmitConstant(
      tensor, tensor.is_float() ? mlir::Type(builder().getF32Type()) : builder().getI64Type());
}

mlir::Value NodeContext::EmitConstant(const nn::Tensor& tensor, mlir::Type element) {
  return nn::MakeConstant(builder(), loc_, tensor,
                          mlir::RankedTensorType::get(tensor.shape, element));
}

void NodeContext::SetOutput(int i, mlir::Value value) { graph_.values[node_.output(i)] = value; }

mlir::LogicalResult NodeContext::Fail(const std::string& found, const std::string& accepted,
                                      const std::string& remedy) {
  problems_.push_back({node_.name(), node_.op_type(), found, accepted, remedy});
  return mlir::failure();
}

mlir::Value NodeContext::FoldOrKeep(mlir::Operation* op) {
  mlir::Value result = op->getResult(0);
  if (llvm::isa<nn::DequantizeOp>(op)) return result;
  // What is too large stays an operation, whose result the importer refuses.
  const auto count = BoundedCount(ShapeOf(result));
  if (!count || *count > kMaxFoldedElements - graph_.folded_elements) return result;
  llvm::SmallVector<nn::Tensor> tensors;
  for (mlir::Value operand : op->getOperands()) {
    auto constant = operand.getDefiningOp<nn::ConstantOp>();
    if (!constant) return result;
    auto tensor = nn::GetConstantTensor(constant);
    if (!tensor.ok()) return result;
    tensors.push_back(*std::move(tensor));
  }
  llvm::SmallVector<const nn::Tensor*> operands;
  for (const nn::Tensor& tensor : tensors) operands.push_back(&tensor);
  auto value = nn::EvaluateNn(op, operands);
  if (!value.ok()) return result;  // the verifier or the run will say why
  auto type = llvm::cast<mlir::RankedTensorType>(result.getType());
  graph_.folded_elements += *count;
  op->erase();
  return nn::MakeConstant(builder(), loc_, *value, type);
}

mlir::Value NodeContext::Reshape(mlir::Value value, const Shape& shape) {
  if (ShapeOf(value) == shape) return value;
  return Emit<nn::ReshapeOp>(mlir::RankedTensorType::get(shape, ElementOf(value)), value);
}

mlir::Value NodeContext::Transpose(mlir::Value value, const Shape& perm) {
  Shape from = ShapeOf(value), shape;
  for (int64_t dim : perm) shape.push_back(from[dim]);
  mlir::Type element = ElementOf(value);
  if (auto quantized = nn::QuantizedElement(element)) {
    if (auto axis = nn::QuantizedAxis(quantized))
      element = nn::WithAxis(quantized, std::find(perm.begin(), perm.end(), *axis) - perm.begin());
  }
  return Emit<nn::TransposeOp>(mlir::RankedTensorType::get(shape, element), value,
                               builder().getDenseI64ArrayAttr(perm));
}

mlir::Value NodeContext::Binary(nn::BinaryKind kind, mlir::Value a, mlir::Value b) {
  auto shape = nn::BroadcastShapes(ShapeOf(a), ShapeOf(b));
  assert(shape && "callers check that the operands broadcast");
  const bool compares = kind == nn::BinaryKind::equal || kind == nn::BinaryKind::less ||
                        kind == nn::BinaryKind::greater || kind == nn::BinaryKind::logical_and;
  mlir::Type element = compares ? mlir::Type(builder().getI1Type()) : ElementOf(a);
  return Emit<nn::BinaryOp>(mlir::RankedTensorType::get(*shape, element), kind, a, b);
}

mlir::Value NodeContext::Unary(nn::UnaryKind kind, mlir::Value a) {
  return Emit<nn::UnaryOp>(a.getType(), kind, a);
}

mlir::Type ElementType(mlir::OpBuilder& builder, ElementClass cls) {
  return cls == ElementClass::kFloat  ? mlir::Type(builder.getF32Type())
         : cls == ElementClass::kBool ? mlir::Type(builder.getI1Type())
                                      : mlir::Type(builder.getI64Type());
}

mlir::Value NodeContext::CastTo(mlir::Value value, mlir::Type element) {
  if (ElementOf(value) == element) return value;
  return Emit<nn::UnaryOp>(mlir::RankedTensorType::get(ShapeOf(value), element),
                           nn::UnaryKind::cast, value);
}

mlir::Value NodeContext::Plain(llvm::StringRef name, mlir::ValueRange inputs,
                               llvm::ArrayRef<int64_t> ints) {
  for (mlir::Value input : inputs) {
    if (!nn::IsQuantized(input.getType())) continue;
    (void)Fail("a quantized operand", "float, bool or integer elements",
               "put DequantizeLinear before this node");
    return {};
  }
  auto type = nn::PlainResult(plain::FindOperator(name.str()), inputs.getTypes(), ints);
  if (type.ok()) return Emit<nn::PlainOp>(*type, name, inputs, ints);
  (void)Fail(std::string(type.status().message()), "operands that fit the operator",
             "check the fixed input shapes");
  return {};
}

std::vector<ImportRow> AllImporters() {
  std::vector<ImportRow> all;
  for (auto rows :
       {ActivationImporters(), ConstantImporters(), ElementwiseImporters(), NormalizeImporters(),
        PlainImporters(), ProductImporters(), QuantizeImporters(), ShapeImporters()})
    all.insert(all.end(), rows.begin(), rows.end());
  return all;
}

mlir::LogicalResult CheckReal(NodeContext& node, int input) {
  if (ElementOf(node.Input(input)).isF32()) return mlir::success();
  return node.Fail("an operand that is not float", "float operands",
                   "put DequantizeLinear or Cast before this node");
}

}  // namespace mpcc
