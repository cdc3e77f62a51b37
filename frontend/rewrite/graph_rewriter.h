// SPDX-License-Identifier: Apache-2.0
// Reads an ONNX graph by tensor name, and replaces nodes by others.
#ifndef MPCC_FRONTEND_REWRITE_GRAPH_REWRITER_H_
#define MPCC_FRONTEND_REWRITE_GRAPH_REWRITER_H_

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "ir/reference/tensor.h"
#include "onnx/onnx_pb.h"

namespace mpcc {

// Real numbers as integers, by names of tensors: x = (q - zero) * scale.
struct Quantization {
  std::string scale;
  std::string zero = "";                       // empty for none
  std::optional<int64_t> axis = std::nullopt;  // written where `scale` is a vector
};

// REQUIRES of all: the model is one that ValidateModel took, so that nodes are sorted.
class GraphRewriter {
 public:
  explicit GraphRewriter(onnx::ModelProto& model);

  // --- reading; pointers hold until the next Run
  const google::protobuf::RepeatedPtrField<onnx::NodeProto>& nodes() const { return graph_.node(); }
  const onnx::NodeProto* Producer(const std::string& tensor) const;
  const std::vector<const onnx::NodeProto*>& Users(const std::string& tensor) const;
  bool IsOutput(const std::string& tensor) const { return outputs_.count(tensor) > 0; }
  // The initializer of this name, or the value of the Constant node; null if there is none.
  const onnx::TensorProto* Raw(const std::string& tensor) const;
  // The value of a tensor that is constant (constant_values.h); nothing for others.
  std::optional<nn::Tensor> Constant(const std::string& tensor) const;
  // Whether Constant gives a value, without computing it.
  bool IsConstant(const std::string& tensor) const;
  int Opset() const;

  // --- writing
  // Calls `rewrite` for each node, in order. A node for which it returns true is replaced by the
  // nodes emitted meanwhile.
  void Run(const std::function<bool(const onnx::NodeProto&)>& rewrite);
  // Appends a node named `name` (the replaced node's is free) or, if that is taken, like it. Its
  // result is called `output`, or by the node's name. The node is good until the next call.
  onnx::NodeProto& Emit(const std::string& op, const std::vector<std::string>& inputs,
                        const std::string& name, const std::string& output = "");
  // Appends a copy of a node, which keeps its name where the replaced node has it.
  onnx::NodeProto& EmitCopy(const onnx::NodeProto& node);
  // DequantizeLinear and QuantizeLinear.
  std::string Dequantize(const std::string& q, const Quantization& how, const std::string& name,
                         const std::string& output = "");
  std::string Quantize(const std::string& x, const Quantization& how, const std::string& name,
                       const std::string& output = "");
  // An initializer named like `name`; its name. `data_type` is float or an integer type.
  std::string AddConstant(const std::string& name, const nn::Tensor& value,
                          int data_type = onnx::TensorProto::FLOAT);
  // The same under exactly this name, which the node that is being replaced gives up.
  void DefineConstant(const std::string& name, const nn::Tensor& value,
                      int data_type = onnx::TensorProto::FLOAT);
  std::string AddScalar(const std::string& name, float value);
  // Drops nodes and initializers that no result depends on.
  void DropDead();
  // Declares that the graph has operators of a domain.
  void ImportDomain(const std::string& domain);

 private:
  void Index();
  static std::string Fresh(std::set<std::string>& taken, const std::string& name);

  onnx::ModelProto& model_;
  onnx::GraphProto& graph_;
  google::protobuf::RepeatedPtrField<onnx::NodeProto> emitted_;
  std::unordered_map<std::string, const onnx::NodeProto*> producers_;
  std::unordered_map<std::string, std::vector<const onnx::NodeProto*>> users_;
  std::unordered_map<std::string, const onnx::TensorProto*> initializers_;
  std::set<std::string> outputs_, tensors_, node_names_;
};

// The integer attribute of a node.
int64_t IntAttribute(const onnx::NodeProto& node, const char* name, int64_t otherwise);
// The name of input i, empty if it is absent.
std::string InputName(const onnx::NodeProto& node, int i);
void SetInt(onnx::NodeProto& node, const char* name, int64_t value);

// Whether the node rearranges its first input and computes nothing.
bool IsLayout(const onnx::NodeProto& node);

// A tensor of ONNX holding `value`, floats as float and integers as `data_type` (8 bits, int32 or
// int64).
onnx::TensorProto MakeTensor(const std::string& name, const nn::Tensor& value, int data_type);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_REWRITE_GRAPH_REWRITER_H_
