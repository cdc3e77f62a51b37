// SPDX-License-Identifier: Apache-2.0
#include "test/leak/parameters.h"

#include "ir/mpc/mpc.h"
#include "mlir/IR/Builders.h"

namespace mpcc::leak {
namespace {

mlir::Attribute Read(mlir::Operation* op, mlir::StringRef name) {
  auto deal = llvm::dyn_cast<mpc::DealOp>(op);
  return deal ? deal.getParams().get(name) : op->getAttr(name);
}

void Write(mlir::Operation* op, mlir::StringRef name, mlir::Attribute value) {
  auto deal = llvm::dyn_cast<mpc::DealOp>(op);
  if (!deal) return op->setAttr(name, value);
  mlir::NamedAttrList params(deal.getParams());
  params.set(name, value);
  deal.setParamsAttr(params.getDictionary(op->getContext()));
}

}  // namespace

std::optional<int64_t> ParamOf(mlir::Operation* op, mlir::StringRef name) {
  auto value = llvm::dyn_cast_if_present<mlir::IntegerAttr>(Read(op, name));
  return value ? std::optional(value.getInt()) : std::nullopt;
}

void SetParam(mlir::Operation* op, mlir::StringRef name, int64_t value) {
  Write(op, name, mlir::Builder(op->getContext()).getI64IntegerAttr(value));
}

std::vector<int64_t> ListOf(mlir::Operation* op, mlir::StringRef name) {
  auto list = llvm::dyn_cast_if_present<mlir::DenseI64ArrayAttr>(Read(op, name));
  return list ? list.asArrayRef().vec() : std::vector<int64_t>();
}

void SetList(mlir::Operation* op, mlir::StringRef name, const std::vector<int64_t>& list) {
  Write(op, name, mlir::DenseI64ArrayAttr::get(op->getContext(), list));
}

}  // namespace mpcc::leak
