// SPDX-License-Identifier: Apache-2.0
#include "frontend/range_metadata.h"

#include <cmath>
#include <cstdlib>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "frontend/onnx_writer.h"
#include "ir/nn/types.h"
#include "mlir/IR/Diagnostics.h"

namespace mpcc {
namespace {

// False if the file has no such tensor.
bool AttachRange(GraphState& graph, const std::string& tensor, double range) {
  auto value = graph.values.find(tensor);
  if (value == graph.values.end()) return graph.constants.count(tensor) > 0;
  mlir::Operation* op = value->second.getDefiningOp();
  if (op && !mlir::isa<nn::ConstantOp>(op))
    op->setAttr(nn::kRangeAttr, graph.builder.getF64FloatAttr(range));
  return true;
}

void WarnOfStaleRanges(mlir::Location loc, const std::vector<std::string>& gone) {
  constexpr size_t kNamed = 3;
  mlir::InFlightDiagnostic warning =
      mlir::emitWarning(loc)
      << fmt::format("{} range entr{} of tensors that the file does not have ({}{})", gone.size(),
                     gone.size() == 1 ? "y" : "ies",
                     fmt::join(gone.begin(), gone.begin() + std::min(kNamed, gone.size()), ", "),
                     gone.size() > kNamed ? ", ..." : "")
      << "; accepted: mpcc.range entries of tensors of the graph; remedy: calibrate again after "
         "simplifying the model ('mpcc calibrate')";
  for (const std::string& tensor : gone) warning.attachNote() << "'" << tensor << "' is gone";
}

std::optional<double> RangeIn(const std::string& text) {
  char* end = nullptr;
  const double range = std::strtod(text.c_str(), &end);
  const bool number = end != text.c_str() && *end == '\0' && std::isfinite(range) && range >= 0;
  return number ? std::optional(range) : std::nullopt;
}

}  // namespace

void AttachRanges(const onnx::ModelProto& model, GraphState& graph,
                  const std::set<std::string>& left_out, mlir::Location loc, Problems& problems) {
  std::vector<std::string> gone;
  for (const auto& property : model.metadata_props()) {
    if (property.key().rfind(kRangePrefix, 0) != 0) continue;
    const std::string tensor = property.key().substr(sizeof(kRangePrefix) - 1);
    const auto range = RangeIn(property.value());
    if (!range) {
      problems.push_back({property.key(), "metadata", fmt::format("value '{}'", property.value()),
                          "a number that is not negative", "calibrate again"});
    } else if (!AttachRange(graph, tensor, *range) && left_out.count(tensor) == 0) {
      gone.push_back(tensor);
    }
  }
  if (!gone.empty()) WarnOfStaleRanges(loc, gone);
}

}  // namespace mpcc
