// SPDX-License-Identifier: Apache-2.0
// Layers by the names that exporters give to nodes.
#ifndef MPCC_FRONTEND_LAYERS_LAYER_NAMES_H_
#define MPCC_FRONTEND_LAYERS_LAYER_NAMES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "onnx/onnx_pb.h"

namespace mpcc {

// The scopes that a node stands in, outermost first, numbers by themselves: encoder, layer, 3,
// attention. From metadata (torch's dynamo exporter: pkg.torch.onnx.name_scopes, or .namespace),
// else from the name: what stands before the last '/', else before the last '.'. Nothing for names
// that tell no scope.
std::optional<std::vector<std::string>> ScopesOf(const onnx::NodeProto& node);

// Which numbered scopes are the layers: those of the one container ("encoder.layer",
// "transformer.layer", "encoder.block", ...) most of whose numbers have a softmax.
class LayerNames {
 public:
  explicit LayerNames(const onnx::GraphProto& graph);

  // How many layers have a softmax.
  int64_t count() const { return count_; }

  struct Place {
    bool scoped = false;  // the node says where it stands
    std::optional<int64_t> layer;
  };
  Place Of(const onnx::NodeProto& node) const;

 private:
  std::vector<std::string> container_;
  int64_t count_ = 0;
};

}  // namespace mpcc

#endif  // MPCC_FRONTEND_LAYERS_LAYER_NAMES_H_
