// SPDX-License-Identifier: Apache-2.0
// Rows of an integer table, dequantized after the lookup: the table is dequantized instead, and the
// lookup is one of real rows. Quantizers that store embeddings as 8-bit integers write it so.
#include <map>

#include "frontend/rewrite/graph_rewriter.h"
#include "frontend/rewrite/rewrite.h"

namespace mpcc {
namespace {

constexpr int kMaxSteps = 16;  // rearrangements between a lookup and its DequantizeLinear

class IntegerLookups {
 public:
  explicit IntegerLookups(onnx::ModelProto& model) : graph_(model) {}

  void Run() {
    for (const auto& node : graph_.nodes())
      if (node.op_type() == "Gather" && node.input_size() == 2) Find(node);
    if (lookups_.empty()) return;
    graph_.Run([this](const onnx::NodeProto& node) {
      if (lookups_.count(node.name())) return Lookup(node);
      if (!dequantizers_.count(node.name())) return false;
      graph_.Emit("Identity", {node.input(0)}, node.name(), node.output(0));
      return true;
    });
    graph_.DropDead();
  }

 private:
  using Nodes = std::vector<const onnx::NodeProto*>;

  // Notes the lookup if all that reads its rows dequantizes them alike.
  void Find(const onnx::NodeProto& gather) {
    const onnx::TensorProto* table = graph_.Raw(gather.input(0));
    Nodes readers;
    if (!table || !Readers(gather.output(0), readers, 0) || readers.empty()) return;
    for (const onnx::NodeProto* reader : readers)
      if (!SameParameters(*reader, *readers[0])) return;
    lookups_[gather.name()] = readers[0];
    for (const onnx::NodeProto* reader : readers) dequantizers_.insert(reader->name());
  }

  // The DequantizeLinear nodes behind rearrangements of a tensor; false if anything else reads it.
  bool Readers(const std::string& tensor, Nodes& readers, int steps) const {
    if (graph_.IsOutput(tensor) || steps == kMaxSteps) return false;
    for (const onnx::NodeProto* user : graph_.Users(tensor)) {
      if (user->op_type() == "DequantizeLinear" && IsPerTensor(*user)) {
        readers.push_back(user);
      } else if (!IsLayout(*user) || user->input(0) != tensor ||
                 !Readers(user->output(0), readers, steps + 1)) {
        return false;
      }
    }
    return true;
  }

  bool IsPerTensor(const onnx::NodeProto& node) const {
    auto scale = graph_.Constant(InputName(node, 1));
    return scale && scale->is_float() && scale->size() == 1;
  }

  bool SameParameters(const onnx::NodeProto& a, const onnx::NodeProto& b) const {
    if (InputName(a, 2).empty() != InputName(b, 2).empty()) return false;
    for (int i : {1, 2}) {
      if (InputName(a, i) == InputName(b, i)) continue;
      auto one = graph_.Constant(InputName(a, i)), other = graph_.Constant(InputName(b, i));
      if (!one || !other || one->data != other->data) return false;
    }
    return true;
  }

  bool Lookup(const onnx::NodeProto& gather) {
    const onnx::NodeProto& reader = *lookups_[gather.name()];
    const std::string table = graph_.Dequantize(
        gather.input(0), {reader.input(1), InputName(reader, 2)}, gather.name() + "/table");
    onnx::NodeProto& fresh =
        graph_.Emit("Gather", {table, gather.input(1)}, gather.name(), gather.output(0));
    SetInt(fresh, "axis", IntAttribute(gather, "axis", 0));
    return true;
  }

  GraphRewriter graph_;
  std::map<std::string, const onnx::NodeProto*> lookups_;  // lookup -> a node that dequantizes it
  std::set<std::string> dequantizers_;
};

}  // namespace

void RewriteIntegerLookups(onnx::ModelProto& model) { IntegerLookups(model).Run(); }

}  // namespace mpcc
