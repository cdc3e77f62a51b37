// SPDX-License-Identifier: Apache-2.0
#include "frontend/unknown_operator.h"

#include <map>

#include "fmt/format.h"

namespace mpcc {
namespace {

struct Kind {
  const char* what;
  const char* accepted;
  const char* remedy;
};

constexpr char kKnown[] = "the operators that docs/onnx.md lists";
constexpr char kFamilies[] = "encoders of the families of BERT (docs/onnx.md)";

constexpr Kind kFused = {
    "which ONNX Runtime's optimizer fused", "the operators that exporters write",
    "export and quantize without the optimizer: graph_optimization_level ORT_DISABLE_ALL, "
    "no onnxruntime.transformers.optimizer, optimum without -O1 to -O4"};
constexpr Kind kNewOpset = {
    "an operator of opset 23 and later", "the same in operators of opset 17 to 20",
    "export with opset_version=18, where it is written as MatMul, Softmax and Mul"};
constexpr Kind kRms = {"normalization without a mean, of decoders and recent encoders",
                       "LayerNormalization",
                       "use an encoder with layer normalization: BERT, RoBERTa, MiniLM, MPNet"};
constexpr Kind kRotary = {
    "rotary positions, of decoders and ModernBERT", kFamilies,
    "use an encoder with learned positions: its queries and keys need no products of two values"};
constexpr Kind kDecoder = {"a part of a decoder (causal attention with a cache)", kFamilies,
                           "use an encoder, or export the encoder of the model alone "
                           "(optimum-cli export onnx --task feature-extraction)"};
constexpr Kind kBlocked = {
    "weights with a scale for each block, and float activations",
    "weights of 1 to 8 bits with a scale per tensor or channel, and quantized activations",
    "quantize the float file instead: mpcc quantize MODEL --inputs ids.jsonl -o OUT"};
constexpr Kind kDynamic = {
    "dynamic quantization, with a scale that depends on the data",
    "constant scales (QuantizeLinear, DequantizeLinear)",
    "quantize the float file: mpcc quantize MODEL --inputs ids.jsonl -o OUT"};
constexpr Kind kControl = {
    "control flow", "straight-line graphs",
    "export for fixed lengths (optimum-cli --no-dynamic-axes, torch.onnx.export without "
    "dynamic_axes), then fold constants with onnxsim or onnxslim"};
constexpr Kind kDecision = {"a decision or a shape that depends on values",
                            "results of fixed shape",
                            "end the model at its logits: the data owner takes the largest itself"};
constexpr Kind kOtherNetwork = {"an operator of networks other than text encoders", kFamilies,
                                "export the text encoder alone, from token ids to its result"};
constexpr Kind kMissing = {
    "", kKnown,
    "export another way (torch.onnx.export with dynamo=False, opset_version=17), or fold what "
    "inputs do not change with onnxsim or onnxslim"};
constexpr Kind kCustom = {"a custom operator", kKnown,
                          "export without extensions of this domain, in ONNX's own operators"};

// By domain, "." and operator where the domain is not ONNX's own.
const std::map<std::string, const Kind*>& Kinds() {
  static const auto* kinds = new std::map<std::string, const Kind*>{
      {"com.microsoft.Attention", &kFused},
      {"com.microsoft.MultiHeadAttention", &kFused},
      {"com.microsoft.PackedAttention", &kFused},
      {"com.microsoft.PackedMultiHeadAttention", &kFused},
      {"com.microsoft.QAttention", &kFused},
      {"com.microsoft.QOrderedAttention", &kFused},
      {"com.microsoft.EmbedLayerNormalization", &kFused},
      {"com.microsoft.QEmbedLayerNormalization", &kFused},
      {"com.microsoft.FusedMatMul", &kFused},
      {"com.microsoft.FusedGemm", &kFused},
      {"com.microsoft.TransposeMatMul", &kFused},
      {"com.microsoft.BiasSplitGelu", &kFused},
      {"com.microsoft.BiasSoftmax", &kFused},
      {"com.microsoft.GatedRelativePositionBias", &kFused},
      {"com.microsoft.RelativePositionBias", &kFused},
      {"com.microsoft.RemovePadding", &kFused},
      {"com.microsoft.RestorePadding", &kFused},
      {"Attention", &kNewOpset},
      {"RMSNormalization", &kRms},
      {"SimplifiedLayerNormalization", &kRms},
      {"com.microsoft.SimplifiedLayerNormalization", &kRms},
      {"com.microsoft.SkipSimplifiedLayerNormalization", &kRms},
      {"RotaryEmbedding", &kRotary},
      {"com.microsoft.RotaryEmbedding", &kRotary},
      {"TensorScatter", &kDecoder},
      {"com.microsoft.GroupQueryAttention", &kDecoder},
      {"com.microsoft.SparseAttention", &kDecoder},
      {"com.microsoft.PagedAttention", &kDecoder},
      {"com.microsoft.DecoderAttention", &kDecoder},
      {"com.microsoft.DecoderMaskedSelfAttention", &kDecoder},
      {"com.microsoft.DecoderMaskedMultiHeadAttention", &kDecoder},
      {"com.microsoft.BeamSearch", &kDecoder},
      {"com.microsoft.GreedySearch", &kDecoder},
      {"com.microsoft.MatMulNBits", &kBlocked},
      {"com.microsoft.MatMulBnb4", &kBlocked},
      {"com.microsoft.MatMulFpQ4", &kBlocked},
      {"com.microsoft.GatherBlockQuantized", &kBlocked},
      {"DynamicQuantizeLinear", &kDynamic},
      {"MatMulInteger", &kDynamic},
      {"ConvInteger", &kDynamic},
      {"com.microsoft.DynamicQuantizeMatMul", &kDynamic},
      {"com.microsoft.DynamicQuantizeLSTM", &kDynamic},
      {"If", &kControl},
      {"Loop", &kControl},
      {"Scan", &kControl},
      {"SequenceAt", &kControl},
      {"SequenceConstruct", &kControl},
      {"SequenceEmpty", &kControl},
      {"SequenceInsert", &kControl},
      {"SplitToSequence", &kControl},
      {"ConcatFromSequence", &kControl},
      {"ArgMax", &kDecision},
      {"ArgMin", &kDecision},
      {"Compress", &kDecision},
      {"Hardmax", &kDecision},
      {"LogSoftmax", &kDecision},
      {"TopK", &kDecision},
      {"Unique", &kDecision},
      {"AveragePool", &kOtherNetwork},
      {"BatchNormalization", &kOtherNetwork},
      {"Conv", &kOtherNetwork},
      {"ConvTranspose", &kOtherNetwork},
      {"GRU", &kOtherNetwork},
      {"GroupNormalization", &kOtherNetwork},
      {"InstanceNormalization", &kOtherNetwork},
      {"LSTM", &kOtherNetwork},
      {"MaxPool", &kOtherNetwork},
      {"QLinearConv", &kOtherNetwork},
      {"RNN", &kOtherNetwork},
      {"Resize", &kOtherNetwork},
  };
  return *kinds;
}

bool IsOfOnnx(const std::string& domain) { return domain.empty() || domain == "ai.onnx"; }

}  // namespace

Problem UnknownOperator(const onnx::NodeProto& node) {
  const bool of_onnx = IsOfOnnx(node.domain());
  const std::string name = of_onnx ? node.op_type() : node.domain() + "." + node.op_type();
  auto found = Kinds().find(name);
  const Kind& kind = found != Kinds().end() ? *found->second : of_onnx ? kMissing : kCustom;
  const std::string what = *kind.what ? fmt::format(", {}", kind.what) : "";
  return {node.name(), node.op_type(), fmt::format("operator {}{}", name, what), kind.accepted,
          kind.remedy};
}

}  // namespace mpcc
