// SPDX-License-Identifier: Apache-2.0
#include "codegen/step_table.h"

#include "ir/mpc/mpc.h"
#include "ir/nn/plain.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {
namespace {

using mpc::ShareType;

ShareType Share(mlir::Type type) { return llvm::cast<ShareType>(type); }

// ---- parameters that are no attributes: they follow from types

void HasConstant(const StepSource& source, plan::Step* step) {
  step->add_ints(Share(source.operands.back()).isPrivate() ? 1 : 0);
}

void ConstantShape(const StepSource& source, plan::Step* step) {
  const ShareType last = Share(source.operands.back());
  if (last.isPrivate())
    for (int64_t extent : last.getShape()) step->add_ints(extent);
}

void RowBits(const StepSource& source, plan::Step* step) {
  step->add_ints(llvm::Log2_64(Share(source.operands[1]).getShape().back()));
}

void ResultWidth(const StepSource& source, plan::Step* step) {
  step->add_ints(Share(source.result).getWidth());
}

void ReadCount(const StepSource& source, plan::Step* step) {
  step->add_ints(source.attributes.getAs<mlir::DenseI64ArrayAttr>("reads").size());
}

void ConstantSize(const StepSource& source, plan::Step* step) {
  const ShareType last = Share(source.operands.back());
  step->add_ints(last.isPrivate() ? last.numElements() : 0);
}

struct DerivedRow {
  llvm::StringLiteral parameter;
  void (*add)(const StepSource& source, plan::Step* step);
};

constexpr DerivedRow kDerived[] = {{"has_constant", HasConstant}, {"constant_shape", ConstantShape},
                                   {"row_bits", RowBits},         {"result_width", ResultWidth},
                                   {"read_count", ReadCount},     {"constant_size", ConstantSize}};

// An nn operation as an operator on plaintext.
void AddPlainOperator(const nn::PlainCall& call, plan::Step* step) {
  step->add_ints(call.number);
  for (int64_t value : call.ints) step->add_ints(value);
  step->set_real(call.real);
}

bool HasAttribute(const StepSource& source, llvm::StringRef name) {
  const mlir::OperationName operation(source.name, source.op->getContext());
  return llvm::is_contained(operation.getAttributeNames(), name);
}

// The value of an attribute, of an array all. One that is left out is a flag.
mlir::LogicalResult AddParameter(const StepSource& source, llvm::StringRef name, plan::Step* step) {
  const auto* derived =
      llvm::find_if(kDerived, [&](const DerivedRow& row) { return row.parameter == name; });
  const mlir::Attribute value = source.attributes.get(name);
  if (derived != std::end(kDerived))
    derived->add(source, step);
  else if (auto array = llvm::dyn_cast_if_present<mlir::DenseI64ArrayAttr>(value))
    for (int64_t element : array.asArrayRef()) step->add_ints(element);
  else if (auto integer = llvm::dyn_cast_if_present<mlir::IntegerAttr>(value))
    step->add_ints(integer.getInt());
  else if (llvm::isa_and_present<mlir::UnitAttr>(value) || (!value && HasAttribute(source, name)))
    step->add_ints(value ? 1 : 0);
  else
    return source.op->emitOpError() << "has no parameter '" << name << "' that a plan can hold";
  return mlir::success();
}

}  // namespace

StepSource StepSource::Of(mlir::Operation* op) {
  StepSource source;
  source.op = op;
  source.operands.assign(op->operand_type_begin(), op->operand_type_end());
  if (auto deal = llvm::dyn_cast<mpc::DealOp>(op)) {
    source.name = deal.targetName().getStringRef().str();
    source.attributes = deal.getParams();
    source.result = deal.getResultType();
    return source;
  }
  source.name = op->getName().getStringRef().str();
  source.attributes = op->getAttrDictionary();
  if (op->getNumResults() > 0) source.result = op->getResult(0).getType();
  return source;
}

const OpcodeInfo* OpcodeOf(const StepSource& source) {
  if (nn::PlainCallOf(source.op)) return FindOpcode(plan::LOCAL_PLAIN);
  for (const OpcodeInfo& info : AllOpcodes())
    if (source.name == info.operation) return &info;
  return nullptr;
}

mlir::LogicalResult AddParameters(const StepSource& source, const OpcodeInfo& info,
                                  plan::Step* step) {
  if (info.opcode == plan::LOCAL_PLAIN) {
    AddPlainOperator(*nn::PlainCallOf(source.op), step);
    return mlir::success();
  }
  llvm::SmallVector<llvm::StringRef> names;
  llvm::StringRef(info.parameters).split(names, ", ", -1, /*KeepEmpty=*/false);
  for (llvm::StringRef name : names)
    if (failed(AddParameter(source, name, step))) return mlir::failure();
  return mlir::success();
}

bool NeedsNoStep(mlir::Operation* op) {
  return llvm::isa<mpc::ConstantOp, mpc::SealedOp, mlir::func::ReturnOp>(op);
}

}  // namespace mpcc
