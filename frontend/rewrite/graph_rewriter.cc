// SPDX-License-Identifier: Apache-2.0
#include "frontend/rewrite/graph_rewriter.h"

#include <algorithm>
#include <cassert>

#include "fmt/format.h"
#include "frontend/rewrite/constant_values.h"
#include "frontend/rewrite/rewrite.h"
#include "frontend/tensors_read.h"

namespace mpcc {
namespace {

constexpr int kPerAxisOpset = 13;  // DequantizeLinear has an axis from here on
constexpr char kMicrosoft[] = "com.microsoft";

}  // namespace

GraphRewriter::GraphRewriter(onnx::ModelProto& model)
    : model_(model), graph_(*model.mutable_graph()) {
  for (const auto& output : graph_.output()) outputs_.insert(output.name());
  for (const auto& input : graph_.input()) tensors_.insert(input.name());
  for (const auto& tensor : graph_.initializer()) tensors_.insert(tensor.name());
  for (const auto& node : graph_.node()) {
    node_names_.insert(node.name());
    tensors_.insert(node.output().begin(), node.output().end());
  }
  Index();
}

void GraphRewriter::Index() {
  producers_.clear();
  users_.clear();
  initializers_.clear();
  for (const auto& tensor : graph_.initializer()) initializers_[tensor.name()] = &tensor;
  for (const auto& node : graph_.node()) {
    for (const auto& output : node.output()) producers_[output] = &node;
    for (const auto& input : TensorsRead(node)) users_[input].push_back(&node);
  }
}

const onnx::NodeProto* GraphRewriter::Producer(const std::string& tensor) const {
  auto found = producers_.find(tensor);
  return found == producers_.end() ? nullptr : found->second;
}

const std::vector<const onnx::NodeProto*>& GraphRewriter::Users(const std::string& tensor) const {
  static const auto* none = new std::vector<const onnx::NodeProto*>;
  auto found = users_.find(tensor);
  return found == users_.end() ? *none : found->second;
}

const onnx::TensorProto* GraphRewriter::Raw(const std::string& tensor) const {
  auto found = initializers_.find(tensor);
  if (found != initializers_.end()) return found->second;
  const onnx::NodeProto* producer = Producer(tensor);
  if (!producer || producer->op_type() != "Constant") return nullptr;
  for (const auto& attribute : producer->attribute())
    if (attribute.name() == "value") return &attribute.t();
  return nullptr;
}

std::optional<nn::Tensor> GraphRewriter::Constant(const std::string& tensor) const {
  return ConstantValue(*this, tensor);
}

bool GraphRewriter::IsConstant(const std::string& tensor) const {
  return IsConstantValue(*this, tensor);
}

int GraphRewriter::Opset() const {
  for (const auto& opset : model_.opset_import())
    if (opset.domain().empty() || opset.domain() == "ai.onnx")
      return static_cast<int>(opset.version());
  return 0;
}

void GraphRewriter::Run(const std::function<bool(const onnx::NodeProto&)>& rewrite) {
  google::protobuf::RepeatedPtrField<onnx::NodeProto> done;
  for (const onnx::NodeProto& node : graph_.node()) {
    emitted_.Clear();
    node_names_.erase(node.name());
    if (!rewrite(node)) *emitted_.Add() = node;
    node_names_.insert(node.name());
    for (onnx::NodeProto& fresh : emitted_) done.Add()->Swap(&fresh);
  }
  emitted_.Clear();
  graph_.mutable_node()->Swap(&done);
  Index();
}

onnx::NodeProto& GraphRewriter::Emit(const std::string& op, const std::vector<std::string>& inputs,
                                     const std::string& name, const std::string& output) {
  onnx::NodeProto& node = *emitted_.Add();
  node.set_op_type(op);
  node.set_name(Fresh(node_names_, name));
  for (const std::string& input : inputs) node.add_input(input);
  node.add_output(output.empty() ? Fresh(tensors_, name) : output);
  return node;
}

onnx::NodeProto& GraphRewriter::EmitCopy(const onnx::NodeProto& node) {
  onnx::NodeProto& copy = *emitted_.Add();
  copy = node;
  copy.set_name(Fresh(node_names_, node.name()));
  return copy;
}

std::string GraphRewriter::Dequantize(const std::string& q, const Quantization& how,
                                      const std::string& name, const std::string& output) {
  onnx::NodeProto& node = Emit("DequantizeLinear", {q, how.scale}, name, output);
  if (!how.zero.empty()) node.add_input(how.zero);
  auto value = Constant(how.scale);
  if (how.axis && value && value->size() > 1) {
    SetInt(node, "axis", *how.axis);
    if (Opset() < kPerAxisOpset) {
      node.set_domain(kMicrosoft);
      ImportDomain(kMicrosoft);
    }
  }
  return node.output(0);
}

std::string GraphRewriter::Quantize(const std::string& x, const Quantization& how,
                                    const std::string& name, const std::string& output) {
  onnx::NodeProto& node = Emit("QuantizeLinear", {x, how.scale}, name, output);
  if (!how.zero.empty()) node.add_input(how.zero);
  return node.output(0);
}

std::string GraphRewriter::AddConstant(const std::string& name, const nn::Tensor& value,
                                       int data_type) {
  const std::string fresh = Fresh(tensors_, name);
  DefineConstant(fresh, value, data_type);
  return fresh;
}

void GraphRewriter::DefineConstant(const std::string& name, const nn::Tensor& value,
                                   int data_type) {
  onnx::TensorProto* tensor = graph_.add_initializer();
  *tensor = MakeTensor(name, value, data_type);
  initializers_[name] = tensor;  // stays: elements of the field do not move
}

std::string GraphRewriter::AddScalar(const std::string& name, float value) {
  return AddConstant(name, {{}, nn::Tensor::Floats{value}});
}

std::string GraphRewriter::Fresh(std::set<std::string>& taken, const std::string& name) {
  std::string fresh = name;
  for (int copy = 2; !taken.insert(fresh).second; ++copy) fresh = fmt::format("{}_{}", name, copy);
  return fresh;
}

void GraphRewriter::ImportDomain(const std::string& domain) {
  for (const auto& opset : model_.opset_import())
    if (opset.domain() == domain) return;
  auto* opset = model_.add_opset_import();
  opset->set_domain(domain);
  opset->set_version(1);
}

void GraphRewriter::DropDead() {
  std::set<std::string> live = outputs_;
  google::protobuf::RepeatedPtrField<onnx::NodeProto> kept;
  for (int i = graph_.node_size() - 1; i >= 0; --i) {
    onnx::NodeProto& node = *graph_.mutable_node(i);
    const bool used = std::any_of(node.output().begin(), node.output().end(),
                                  [&](const std::string& name) { return live.count(name) > 0; });
    if (!used) continue;
    for (const std::string& name : TensorsRead(node)) live.insert(name);
    kept.Add()->Swap(&node);
  }
  std::reverse(kept.begin(), kept.end());
  graph_.mutable_node()->Swap(&kept);
  google::protobuf::RepeatedPtrField<onnx::TensorProto> tensors;
  for (onnx::TensorProto& tensor : *graph_.mutable_initializer())
    if (live.count(tensor.name())) tensors.Add()->Swap(&tensor);
  graph_.mutable_initializer()->Swap(&tensors);
  Index();
}

int64_t IntAttribute(const onnx::NodeProto& node, const char* name, int64_t otherwise) {
  for (const auto& attribute : node.attribute())
    if (attribute.name() == name) return attribute.i();
  return otherwise;
}

std::string InputName(const onnx::NodeProto& node, int i) {
  return i >= 0 && i < node.input_size() ? node.input(i) : "";
}

void SetInt(onnx::NodeProto& node, const char* name, int64_t value) {
  onnx::AttributeProto* attribute = node.add_attribute();
  attribute->set_name(name);
  attribute->set_type(onnx::AttributeProto::INT);
  attribute->set_i(value);
}

bool IsLayout(const onnx::NodeProto& node) {
  static const auto* operators =
      new std::set<std::string>{"Expand", "Flatten", "Gather",  "Identity",  "Reshape",
                                "Slice",  "Split",   "Squeeze", "Transpose", "Unsqueeze"};
  return node.input_size() > 0 && node.output_size() > 0 && operators->count(node.op_type()) > 0;
}

onnx::TensorProto MakeTensor(const std::string& name, const nn::Tensor& value, int data_type) {
  onnx::TensorProto tensor;
  tensor.set_name(name);
  tensor.set_data_type(data_type);
  for (int64_t extent : value.shape) tensor.add_dims(extent);
  std::string& raw = *tensor.mutable_raw_data();
  auto append = [&raw](const auto& element) {
    raw.append(reinterpret_cast<const char*>(&element), sizeof(element));
  };
  if (value.is_float()) {
    assert(data_type == onnx::TensorProto::FLOAT);
    for (float element : value.floats()) append(element);
    return tensor;
  }
  for (int64_t element : value.ints()) {
    if (data_type == onnx::TensorProto::INT64) append(element);
    if (data_type == onnx::TensorProto::INT32) append(static_cast<int32_t>(element));
    if (data_type == onnx::TensorProto::INT8 || data_type == onnx::TensorProto::UINT8)
      append(static_cast<uint8_t>(element));
  }
  return tensor;
}

}  // namespace mpcc
