// SPDX-License-Identifier: Apache-2.0
#include "passes/policy/policy_attribute.h"

#include "fmt/format.h"
#include "llvm/ADT/TypeSwitch.h"
#include "mlir/IR/Builders.h"
#include "passes/policy/policy_keys.h"

namespace mpcc {
namespace {

std::string TextOf(mlir::Attribute value) {
  return llvm::TypeSwitch<mlir::Attribute, std::string>(value)
      .Case([](mlir::IntegerAttr a) { return fmt::format("{}", a.getInt()); })
      .Case([](mlir::FloatAttr a) { return fmt::format("{}", a.getValueAsDouble()); })
      .Case([](mlir::StringAttr a) { return a.str(); })
      .Default([](mlir::Attribute) { return "neither a number nor a name"; });
}

mlir::Attribute AttributeOf(mlir::Builder& builder, const PolicyKey& key, LoweringPolicy& policy) {
  const auto field = key.field(policy);
  if (auto* const* value = std::get_if<int*>(&field)) return builder.getI64IntegerAttr(**value);
  if (auto* const* value = std::get_if<double*>(&field)) return builder.getF64FloatAttr(**value);
  return builder.getStringAttr(key.ValueOf(policy));
}

}  // namespace

mlir::FailureOr<LoweringPolicy> PolicyOf(mlir::Operation* op) {
  LoweringPolicy policy;
  auto module = llvm::dyn_cast<mlir::ModuleOp>(op);
  if (!module) module = op->getParentOfType<mlir::ModuleOp>();
  mlir::Attribute attribute = module ? module->getAttr(kPolicyAttr) : nullptr;
  if (!attribute) return policy;
  auto entries = llvm::dyn_cast<mlir::DictionaryAttr>(attribute);
  if (!entries) return module.emitError("'mpc.policy' that is no dictionary");
  for (mlir::NamedAttribute entry : entries) {
    const auto status = SetPolicyKey(policy, entry.getName().strref(), TextOf(entry.getValue()));
    if (!status.ok()) return module.emitError(std::string(status.message()));
  }
  return policy;
}

void SetPolicy(mlir::ModuleOp module, const LoweringPolicy& policy) {
  mlir::Builder builder(module.getContext());
  LoweringPolicy copy = policy;
  mlir::NamedAttrList entries;
  for (const PolicyKey& key : PolicyKeys())
    if (key.ValueOf(policy) != key.ValueOf(LoweringPolicy()))
      entries.append(key.name, AttributeOf(builder, key, copy));
  if (entries.empty())
    module->removeAttr(kPolicyAttr);
  else
    module->setAttr(kPolicyAttr, entries.getDictionary(module.getContext()));
}

}  // namespace mpcc
