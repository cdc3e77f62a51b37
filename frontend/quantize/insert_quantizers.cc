// SPDX-License-Identifier: Apache-2.0
#include "frontend/quantize/insert_quantizers.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "frontend/quantize/scales.h"

namespace mpcc::quantize {
namespace {

constexpr float kWeightSteps = 127;
constexpr int kStorageBits = 8;
constexpr char kQonnxDomain[] = "qonnx.custom_op.general";

bool IsSigned(const Site& site) { return site.kind == Kind::kHead; }

class Inserter {
 public:
  Inserter(GraphRewriter& graph, const Sites& sites, const Values& values,
           const Smoothing& smoothing, const Weights& weights)
      : graph_(graph), sites_(sites), values_(values), smoothing_(smoothing), weights_(weights) {
    for (const Linear& linear : sites.linears) linears_[linear.node] = &linear;
    for (const auto& [tensor, site] : sites.sites)
      readers_.insert(site.readers.begin(), site.readers.end());
  }

  void Run() {
    graph_.Run([this](const onnx::NodeProto& node) {
      return readers_.count(node.name()) > 0 && Rewrite(node);
    });
  }

 private:
  bool Rewrite(const onnx::NodeProto& node) {
    std::vector<std::string> inputs(node.input().begin(), node.input().end());
    for (int i : {0, 1})
      if (sites_.sites.count(inputs[i])) inputs[i] = Activation(sites_.sites.at(inputs[i]));
    auto linear = linears_.find(node.name());
    if (linear != linears_.end() && weights_.count(linear->second->weight))
      inputs[1] = Matrix(linear->second->weight, node.name() + "/weight");
    onnx::NodeProto& copy = graph_.EmitCopy(node);
    for (size_t i = 0; i < inputs.size(); ++i) copy.set_input(static_cast<int>(i), inputs[i]);
    return true;
  }

  // The dequantized value of a site, made where it is read first.
  const std::string& Activation(const Site& site) {
    std::string& made = activations_[site.tensor];
    if (!made.empty()) return made;
    const std::string& name = site.tensor;
    auto smooth = smoothing_.find(name);
    const Scale scale = ScaleOf(site, smooth == smoothing_.end() ? nullptr : &smooth->second);
    std::string x = name;
    if (smooth != smoothing_.end()) {
      const auto& factors = smooth->second;
      const std::string row =
          graph_.AddConstant(name + "/smooth", {{static_cast<int64_t>(factors.size())}, factors});
      x = graph_.Emit("Mul", {x, row}, name + "/smoothed").output(0);
    }
    return made = site.bits == kStorageBits ? Stored(x, site, scale) : Rounded(x, site, scale);
  }

  // A pair of quantizer and dequantizer of 8 bits.
  std::string Stored(const std::string& x, const Site& site, const Scale& scale) {
    const std::string& name = site.tensor;
    const std::string step = graph_.AddScalar(name + "/scale", scale.scale);
    const std::string zero =
        graph_.AddConstant(name + "/zero_point", {{}, nn::Tensor::Ints{scale.zero}},
                           IsSigned(site) ? onnx::TensorProto::INT8 : onnx::TensorProto::UINT8);
    const std::string q = graph_.Quantize(x, {step, zero}, name + "/quantized");
    return graph_.Dequantize(q, {step, zero}, name + "/dequantized");
  }

  // The same of any bits, which ONNX has no types for: Quant of QONNX.
  std::string Rounded(const std::string& x, const Site& site, const Scale& scale) {
    const std::string& name = site.tensor;
    const std::string step = graph_.AddScalar(name + "/scale", scale.scale),
                      zero = graph_.AddScalar(name + "/zero_point", float(scale.zero)),
                      bits = graph_.AddScalar(name + "/bits", float(site.bits));
    onnx::NodeProto& node = graph_.Emit("Quant", {x, step, zero, bits}, name + "/quantized");
    node.set_domain(kQonnxDomain);
    graph_.ImportDomain(kQonnxDomain);
    SetInt(node, "signed", IsSigned(site));
    return node.output(0);
  }

  Scale ScaleOf(const Site& site, const std::vector<float>* factors) const {
    if (site.kind == Kind::kProbability) return {1.0f / float((1 << site.bits) - 1), 0};
    auto found = values_.find(site.tensor);
    if (found == values_.end()) return {};
    std::vector<float> sample = found->second.sample;
    for (size_t i = 0; factors && i < sample.size(); ++i)
      sample[i] *= (*factors)[i % factors->size()];
    return site.kind == Kind::kHead ? SymmetricScale(std::move(sample), site.bits)
                                    : AffineScale(std::move(sample), site.bits);
  }

  // The dequantized matrix, made where it is read first; int8, symmetric, a scale for each column.
  const std::string& Matrix(const std::string& key, const std::string& name) {
    std::string& made = matrices_[key];
    if (!made.empty()) return made;
    const Weight& weight = weights_.at(key);
    const int64_t columns = weight.matrix.shape[1];
    std::vector<float> scales = weight.PeaksOfOutputs();
    for (float& scale : scales) scale = scale > 0 ? scale / kWeightSteps : 1;
    nn::Tensor integers{weight.matrix.shape, nn::Tensor::Ints(weight.matrix.size())};
    auto& out = std::get<nn::Tensor::Ints>(integers.data);
    for (int64_t i = 0; i < weight.matrix.size(); ++i) {
      const float scale = scales[weight.column_axis == 1 ? i % columns : i / columns];
      out[i] = std::clamp<int64_t>(std::lrint(weight.matrix.floats()[i] / scale), -127, 127);
    }
    const nn::Tensor zeros{{weight.outputs()}, nn::Tensor::Ints(weight.outputs(), 0)};
    const std::string q =
        graph_.AddConstant(name + "/quantized", integers, onnx::TensorProto::INT8);
    const std::string step = graph_.AddConstant(name + "/scale", {{weight.outputs()}, scales});
    const std::string zero =
        graph_.AddConstant(name + "/zero_point", zeros, onnx::TensorProto::INT8);
    return made = graph_.Dequantize(q, {step, zero, weight.column_axis}, name);
  }

  GraphRewriter& graph_;
  const Sites& sites_;
  const Values& values_;
  const Smoothing& smoothing_;
  const Weights& weights_;
  std::map<std::string, const Linear*> linears_;
  std::set<std::string> readers_;
  std::map<std::string, std::string> activations_, matrices_;
};

}  // namespace

void InsertQuantizers(GraphRewriter& graph, const Sites& sites, const Values& values,
                      const Smoothing& smoothing, const Weights& weights) {
  Inserter(graph, sites, values, smoothing, weights).Run();
}

}  // namespace mpcc::quantize
