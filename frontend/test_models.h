// SPDX-License-Identifier: Apache-2.0
// Small models for the frontend's tests.
#ifndef MPCC_FRONTEND_TEST_MODELS_H_
#define MPCC_FRONTEND_TEST_MODELS_H_

#include <string>
#include <vector>

#include "onnx/onnx_pb.h"

namespace mpcc {

// A model of opset 21, IR 10, with the input x float[batch, seq, 4] and no nodes.
inline onnx::ModelProto EmptyModel() {
  onnx::ModelProto model;
  model.set_ir_version(10);
  model.add_opset_import()->set_version(21);
  auto* input = model.mutable_graph()->add_input();
  input->set_name("x");
  auto* type = input->mutable_type()->mutable_tensor_type();
  type->set_elem_type(onnx::TensorProto::FLOAT);
  type->mutable_shape()->add_dim()->set_dim_param("batch");
  type->mutable_shape()->add_dim()->set_dim_param("seq");
  type->mutable_shape()->add_dim()->set_dim_value(4);
  return model;
}

inline onnx::NodeProto* AddNode(onnx::ModelProto& model, const std::string& op,
                                const std::string& name, const std::vector<std::string>& inputs,
                                const std::string& output) {
  auto* node = model.mutable_graph()->add_node();
  node->set_op_type(op);
  node->set_name(name);
  for (const auto& input : inputs) node->add_input(input);
  node->add_output(output);
  return node;
}

inline onnx::TensorProto* AddTensor(onnx::ModelProto& model, const std::string& name, int data_type,
                                    const std::vector<int64_t>& dims, const std::string& raw) {
  auto* tensor = model.mutable_graph()->add_initializer();
  tensor->set_name(name);
  tensor->set_data_type(data_type);
  for (int64_t dim : dims) tensor->add_dims(dim);
  tensor->set_raw_data(raw);
  return tensor;
}

inline void AddFloat(onnx::ModelProto& model, const std::string& name, float value) {
  AddTensor(model, name, onnx::TensorProto::FLOAT, {},
            std::string(reinterpret_cast<const char*>(&value), 4));
}

inline void AddInts(onnx::ModelProto& model, const std::string& name,
                    const std::vector<int64_t>& values) {
  AddTensor(model, name, onnx::TensorProto::INT64, {static_cast<int64_t>(values.size())},
            std::string(reinterpret_cast<const char*>(values.data()), 8 * values.size()));
}

inline void SetOutput(onnx::ModelProto& model, const std::string& name) {
  model.mutable_graph()->add_output()->set_name(name);
}

}  // namespace mpcc

#endif  // MPCC_FRONTEND_TEST_MODELS_H_
