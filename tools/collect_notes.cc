// SPDX-License-Identifier: Apache-2.0
#include "tools/collect_notes.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>

#include "frontend/check.h"
#include "ir/mpc/mpc.h"
#include "ir/nn/nn.h"
#include "ir/nn/types.h"
#include "mlir/Dialect/Quant/QuantTypes.h"
#include "passes/lower/choices.h"
#include "passes/offline/layers.h"

namespace mpcc {
namespace {

using Json = nlohmann::json;

// "windows: index 16, levels 3"
std::string ConstructionText(mlir::DictionaryAttr choice) {
  std::string text = Choice(choice).construction().str();
  auto widths = choice.getAs<mlir::DictionaryAttr>("widths");
  const char* separator = ": ";
  for (mlir::NamedAttribute width :
       widths ? widths.getValue() : llvm::ArrayRef<mlir::NamedAttribute>()) {
    text += fmt::format("{}{} {}", std::exchange(separator, ", "), width.getName().str(),
                        Choice(choice).width(width.getName()));
  }
  return text;
}

Json ConstructionsOf(mlir::Operation* op) {
  Json texts = Json::array();
  if (auto choices = op->getAttrOfType<mlir::ArrayAttr>(kChoicesAttr))
    for (auto choice : choices.getAsRange<mlir::DictionaryAttr>())
      texts.push_back(ConstructionText(choice));
  return texts;
}

// Of a quantizer of activations.
std::optional<double> ScaleOf(mlir::Operation* op) {
  if (!llvm::isa<nn::QuantizeOp>(op)) return std::nullopt;
  auto type = llvm::dyn_cast<mlir::quant::UniformQuantizedType>(
      mlir::getElementTypeOrSelf(op->getResult(0).getType()));
  return type ? std::optional(type.getScale()) : std::nullopt;
}

// Null for an operation that has nothing to tell.
Json SiteOf(mlir::Operation* op) {
  Json site;
  if (auto range = op->getAttrOfType<mlir::FloatAttr>(nn::kRangeAttr)) {
    site["range"] = range.getValueAsDouble();
    site["range_is_guessed"] = op->hasAttr(nn::kGuessedAttr);
  }
  if (const auto scale = ScaleOf(op)) site["scale"] = *scale;
  if (Json constructions = ConstructionsOf(op); !constructions.empty())
    site["constructions"] = std::move(constructions);
  if (site.is_null()) return site;
  site["node"] = nn::NodeName(op->getLoc());
  site["op"] = OperatorOf(op->getLoc());
  return site;
}

}  // namespace

Json SitesOf(mlir::ModuleOp module) {
  Json sites = Json::array();
  for (auto function : module.getOps<mlir::func::FuncOp>()) {
    auto length = function->getAttrOfType<mlir::IntegerAttr>(mpc::kSequenceLengthAttr);
    const Layers layers = LayersOf(function);
    function.walk([&](mlir::Operation* op) {
      Json site = SiteOf(op);
      if (site.is_null()) return;
      site["sequence_length"] = length ? length.getInt() : 0;
      if (const auto layer = layers.of.find(op); layer != layers.of.end())
        site["layer"] = layers.names[layer->second];
      sites.push_back(std::move(site));
    });
  }
  return sites;
}

Json AlternativesToJson(const std::vector<Alternative>& alternatives) {
  Json list = Json::array();
  for (const Alternative& one : alternatives) {
    Json costs = Json::array();
    for (const Cost& cost : one.costs)
      costs.push_back({{"rounds", cost.rounds},
                       {"bytes_p1_to_p2", cost.bytes_p1_to_p2},
                       {"bytes_p2_to_p1", cost.bytes_p2_to_p1},
                       {"material_bytes", cost.material_bytes}});
    list.push_back({{"name", one.name}, {"problem", one.problem}, {"programs", costs}});
  }
  return list;
}

}  // namespace mpcc
