// SPDX-License-Identifier: Apache-2.0
#include "frontend/quantize/quantize.h"

#include <algorithm>
#include <set>

#include "frontend/onnx_importer.h"
#include "frontend/onnx_writer.h"
#include "frontend/quantize/insert_quantizers.h"
#include "frontend/quantize/smoothing.h"
#include "frontend/rewrite/rewrite.h"

namespace mpcc {
namespace {

using quantize::Linear;
using quantize::Sites;
using quantize::Smoothing;
using quantize::Weights;

bool IsFree(const onnx::NodeProto& node) {
  return node.op_type() == kFreeQuantizer && node.domain() == kMpccDomain;
}

// Takes free quantizers out: the products behind them are quantized like all others.
int RemoveFree(onnx::ModelProto& model) {
  int count = 0;
  for (onnx::NodeProto& node : *model.mutable_graph()->mutable_node()) {
    if (!IsFree(node)) continue;
    node.set_op_type("Identity");
    node.clear_domain();
    ++count;
  }
  return count;
}

// Elements of each tensor of the imported model divided by its last extent.
std::optional<std::map<std::string, int64_t>> CountRows(mlir::MLIRContext& context,
                                                        const onnx::ModelProto& model,
                                                        const ImportOptions& shapes,
                                                        Problems& problems) {
  ImportedTensors tensors;
  auto module = ImportModel(context, model, "calibration", shapes, problems, &tensors);
  if (!module) return std::nullopt;
  std::map<std::string, int64_t> rows;
  for (const auto& [name, value] : tensors) {
    auto type = llvm::cast<mlir::ShapedType>(value.getType());
    const int64_t width = type.getRank() > 0 ? type.getShape().back() : 1;
    if (width > 0) rows[name] = type.getNumElements() / width;
  }
  return rows;
}

// Range entries are read by tensor; those of tensors that are gone would be refused.
void DropStaleRanges(onnx::ModelProto& model) {
  std::set<std::string> tensors;
  for (const auto& node : model.graph().node())
    tensors.insert(node.output().begin(), node.output().end());
  auto& entries = *model.mutable_metadata_props();
  entries.erase(std::remove_if(entries.begin(), entries.end(),
                               [&](const auto& entry) {
                                 const std::string& key = entry.key();
                                 return key.rfind(kRangePrefix, 0) == 0 &&
                                        !tensors.count(key.substr(sizeof(kRangePrefix) - 1));
                               }),
                entries.end());
}

// A length at which sequences can be told from single rows.
const ImportOptions& Longest(const Calibration& calibration) {
  return *std::max_element(
      calibration.lengths.begin(), calibration.lengths.end(),
      [](const auto& a, const auto& b) { return a.seq_len.value_or(0) < b.seq_len.value_or(0); });
}

}  // namespace

bool HasFreeQuantizers(const onnx::ModelProto& model) {
  return std::any_of(model.graph().node().begin(), model.graph().node().end(), IsFree);
}

std::optional<QuantizeReport> QuantizeModel(mlir::MLIRContext& context,
                                            const Calibration& calibration, onnx::ModelProto& model,
                                            int bits, Problems& problems) {
  if (calibration.lengths.empty()) return std::nullopt;
  QuantizeReport report;
  report.dynamic = RemoveFree(model);
  const auto counted = CountRows(context, model, Longest(calibration), problems);
  if (!counted) return std::nullopt;
  GraphRewriter graph(model);
  Sites sites = quantize::FindSites(graph, [&](const std::string& tensor) {
    auto found = counted->find(tensor);
    return found == counted->end() ? 0 : found->second;
  });
  for (auto& [tensor, site] : sites.sites) site.bits = bits;
  const auto values = quantize::Collect(context, model, sites, calibration, problems);
  if (!values) return std::nullopt;
  Weights weights = quantize::ReadWeights(graph, sites);
  const Smoothing smoothing = quantize::Smooth(sites, *values, weights);
  quantize::InsertQuantizers(graph, sites, *values, smoothing, weights);
  graph.DropDead();
  DropStaleRanges(model);
  report.linears =
      static_cast<int>(std::count_if(sites.linears.begin(), sites.linears.end(),
                                     [](const Linear& linear) { return !linear.is_quantized; }));
  report.attentions = static_cast<int>(sites.attentions.size());
  report.smoothed = static_cast<int>(smoothing.size());
  if (!sites.sites.empty() || report.dynamic > 0) return report;
  problems.push_back({"model", "model", "no product to quantize",
                      "linear layers and attention on real values",
                      "it is quantized already: compile it as it is"});
  return std::nullopt;
}

}  // namespace mpcc
