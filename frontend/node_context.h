// SPDX-License-Identifier: Apache-2.0
// What an importer function sees of its node: inputs as nn values, attributes, and how to emit,
// fold and fail.
#ifndef MPCC_FRONTEND_NODE_CONTEXT_H_
#define MPCC_FRONTEND_NODE_CONTEXT_H_

#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "frontend/problem.h"
#include "frontend/tensor_decode.h"
#include "ir/nn/nn.h"
#include "ir/reference/tensor.h"
#include "mlir/Support/LogicalResult.h"
#include "onnx/onnx_pb.h"

namespace mpcc {

using Shape = std::vector<int64_t>;

// f32, i64 or i1: how elements of an ONNX type are held.
mlir::Type ElementType(mlir::OpBuilder& builder, ElementClass cls);

// Tensors of the graph by name: values already emitted, and constants not yet emitted.
struct GraphState {
  mlir::OpBuilder builder;
  std::unordered_map<std::string, mlir::Value> values;
  std::unordered_map<std::string, const onnx::TensorProto*> constants;
  std::set<std::string> needed;  // tensors that results depend on
  int opset = 0;
  int64_t folded_elements = 0;  // of the constants that folding made
};

class NodeContext {
 public:
  NodeContext(GraphState& graph, const onnx::NodeProto& node, mlir::Location loc,
              Problems& problems)
      : graph_(graph), node_(node), loc_(loc), problems_(problems) {}

  const onnx::NodeProto& node() const { return node_; }
  mlir::OpBuilder& builder() { return graph_.builder; }
  mlir::Location loc() const { return loc_; }
  int opset() const { return graph_.opset; }

  // --- inputs
  int NumInputs() const { return node_.input_size(); }
  bool HasInput(int i) const { return i < node_.input_size() && !node_.input(i).empty(); }
  // The value of input i; emits the constant behind it when needed. REQUIRES: HasInput(i) and the
  // importer has checked that the producer was imported.
  mlir::Value Input(int i);
  // The same, with a dequantized constant evaluated to float: for tables, which are read and not
  // multiplied.
  mlir::Value RealInput(int i);
  // The elements of input i if it is known at compile time (f32, i64 or i1 elements).
  std::optional<nn::Tensor> Constant(int i);
  // The file's tensor behind input i, with its original element type, or null.
  const onnx::TensorProto* RawConstant(int i) const;
  // The integers of input i, or of attribute `name` when input i is absent; nothing if neither is
  // there. `failed` is set, and a problem added, if the input is not a constant.
  std::optional<Shape> IntsInputOrAttribute(int i, const char* name, bool& failed);

  // --- attributes
  const onnx::AttributeProto* Attribute(const char* name) const;
  int64_t Int(const char* name, int64_t otherwise) const;
  double Float(const char* name, double otherwise) const;
  std::string String(const char* name, const std::string& otherwise) const;
  std::optional<Shape> Ints(const char* name) const;

  // --- results
  // Emits an op; if all its operands are constants it is evaluated and a constant comes back
  // instead. nn.dequantize is never evaluated: it says how a weight is quantized.
  template <typename Op, typename... Args>
  mlir::Value Emit(mlir::Type type, Args&&... args) {
    return FoldOrKeep(graph_.builder.create<Op>(loc_, type, std::forward<Args>(args)...));
  }
  mlir::Value EmitConstant(const nn::Tensor& tensor);  // f32 or i64 by the tensor
  mlir::Value EmitConstant(const nn::Tensor& tensor, mlir::Type element);
  mlir::Value EmitFloat(double value) {
    return EmitConstant(nn::Tensor{{}, nn::Tensor::Floats{float(value)}});
  }

  void SetOutput(int i, mlir::Value value);
  // What SetOutput was given.
  mlir::Value Output(int i) const { return graph_.values.at(node_.output(i)); }
  void SetConstantOutput(int i, const onnx::TensorProto* tensor) {
    graph_.constants[node_.output(i)] = tensor;
  }
  // Whether a result depends on it.
  bool OutputUsed(int i) const {
    return i < node_.output_size() && !node_.output(i).empty() &&
           graph_.needed.count(node_.output(i)) > 0;
  }

  mlir::LogicalResult Fail(const std::string& found, const std::string& accepted,
                           const std::string& remedy);

  // --- small emitters that several families need
  mlir::Value Reshape(mlir::Value value, const Shape& shape);
  mlir::Value Transpose(mlir::Value value, const Shape& perm);
  mlir::Value Binary(nn::BinaryKind kind, mlir::Value a, mlir::Value b);
  mlir::Value Unary(nn::UnaryKind kind, mlir::Value a);
  mlir::Value CastTo(mlir::Value value, mlir::Type element);
  mlir::Type ElementType(ElementClass cls) { return mpcc::ElementType(builder(), cls); }
  // An operator of runtime/plain by name; null, with a problem, if it does not take these.
  mlir::Value Plain(llvm::StringRef name, mlir::ValueRange inputs,
                    llvm::ArrayRef<int64_t> ints = {});

 private:
  mlir::Value FoldOrKeep(mlir::Operation* op);

  GraphState& graph_;
  const onnx::NodeProto& node_;
  mlir::Location loc_;
  Problems& problems_;
};

inline Shape ShapeOf(mlir::Value value) {
  return llvm::cast<mlir::ShapedType>(value.getType()).getShape().vec();
}
inline mlir::Type ElementOf(mlir::Value value) {
  return llvm::cast<mlir::ShapedType>(value.getType()).getElementType();
}
inline int64_t RankOf(mlir::Value value) {
  return llvm::cast<mlir::ShapedType>(value.getType()).getRank();
}
std::string ShapeText(const Shape& shape);

// Brings a negative axis into [0, rank); nothing if it is outside [-rank, rank).
std::optional<int64_t> NormalizeAxis(int64_t axis, int64_t rank);

// Refuses an operand that is not float.
mlir::LogicalResult CheckReal(NodeContext& node, int input);

using ImportFunction = mlir::LogicalResult (*)(NodeContext&);
struct ImportRow {
  const char* op;
  ImportFunction function;
};

// The table of each family.
llvm::ArrayRef<ImportRow> ActivationImporters();
llvm::ArrayRef<ImportRow> ConstantImporters();
llvm::ArrayRef<ImportRow> ElementwiseImporters();
llvm::ArrayRef<ImportRow> NormalizeImporters();
llvm::ArrayRef<ImportRow> PlainImporters();
llvm::ArrayRef<ImportRow> ProductImporters();
llvm::ArrayRef<ImportRow> QuantizeImporters();
llvm::ArrayRef<ImportRow> ShapeImporters();
// The rows of all.
std::vector<ImportRow> AllImporters();

}  // namespace mpcc

#endif  // MPCC_FRONTEND_NODE_CONTEXT_H_
