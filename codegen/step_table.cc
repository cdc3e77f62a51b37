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

// ---- parameters, in the order of runtime/plan/opcodes.h

void None(const StepSource&, plan::Step*) {}

template <const char* name>
void Integer(const StepSource& source, plan::Step* step) {
  step->add_ints(source.attributes.getAs<mlir::IntegerAttr>(name).getInt());
}

template <const char* name>
void Array(const StepSource& source, plan::Step* step) {
  for (int64_t value : source.attributes.getAs<mlir::DenseI64ArrayAttr>(name).asArrayRef())
    step->add_ints(value);
}

template <const char* name>
void Flag(const StepSource& source, plan::Step* step) {
  step->add_ints(source.attributes.contains(name) ? 1 : 0);
}

constexpr char kValue[] = "value", kPerm[] = "perm", kOffsets[] = "offsets", kAxis[] = "axis";
constexpr char kTransposeB[] = "transpose_b", kIsInput[] = "is_input";
constexpr char kFractionBits[] = "fraction_bits", kShift[] = "shift";

void Product(const StepSource& source, plan::Step* step) {
  const ShareType last = Share(source.operands.back());
  step->add_ints(last.isPrivate() ? 1 : 0);
  if (last.isPrivate())
    for (int64_t extent : last.getShape()) step->add_ints(extent);
}

void Lut(const StepSource& source, plan::Step* step) {
  step->add_ints(llvm::Log2_64(Share(source.operands[1]).getShape().back()));
  Integer<kShift>(source, step);
}

void Exp(const StepSource& source, plan::Step* step) {
  step->add_ints(llvm::Log2_64(
      source.attributes.getAs<mlir::DenseI64ArrayAttr>("low_factors").asArrayRef().size()));
}

void Wrap(const StepSource& source, plan::Step* step) {
  step->add_ints(Share(source.result).getWidth());
}

// An nn operation as an operator on plaintext.
void PlainOperator(const StepSource& source, plan::Step* step) {
  const nn::PlainCall call = *nn::PlainCallOf(source.op);
  step->add_ints(call.number);
  for (int64_t value : call.ints) step->add_ints(value);
  step->set_real(call.real);
}

constexpr StepRow kPlainRow{"", plan::LOCAL_PLAIN, PlainOperator};

constexpr StepRow kRows[] = {
    {"mpc.input", plan::INPUT, None},
    {"mpc.reshare", plan::RESHARE, None},
    {"mpc.reveal", plan::REVEAL, None},
    {"mpc.input_local", plan::INPUT_LOCAL, None},
    {"mpc.open_free", plan::OPEN_FREE, None},
    {"mpc.add", plan::ADD_SHARES, None},
    {"mpc.sub", plan::SUB_SHARES, None},
    {"mpc.add_public", plan::ADD_PUBLIC, Integer<kValue>},
    {"mpc.mul_public", plan::MUL_PUBLIC, Integer<kValue>},
    {"mpc.row_sum", plan::ROW_SUM, None},
    {"mpc.reshape", plan::RESHAPE, None},
    {"mpc.transpose", plan::TRANSPOSE, Array<kPerm>},
    {"mpc.slice", plan::SLICE, Array<kOffsets>},
    {"mpc.concat", plan::CONCAT, Integer<kAxis>},
    {"mpc.resize", plan::RESIZE, None},
    {"mpc.extract", plan::EXTRACT, None},
    {"mpc.join", plan::JOIN, None},
    {"mpc.linear", plan::LINEAR, None},
    {"mpc.matmul", plan::MATMUL, Flag<kTransposeB>},
    {"mpc.dot", plan::DOT, None},
    {"mpc.product", plan::PRODUCT, Product},
    {"mpc.lut", plan::LUT, Lut},
    {"mpc.lut2", plan::LUT2, None},
    {"mpc.exp", plan::EXP, Exp},
    {"mpc.wrap", plan::WRAP, Wrap},
    {"mpc.draw_mask", plan::DRAW_MASK, Flag<kIsInput>},
    {"mpc.encode", plan::LOCAL_ENCODE, Integer<kFractionBits>},
    {"nn.constant", plan::LOCAL_CONSTANT, None},
};

}  // namespace

StepSource StepSource::Of(mlir::Operation* op) {
  StepSource source;
  source.op = op;
  source.operands.assign(op->operand_type_begin(), op->operand_type_end());
  if (auto deal = llvm::dyn_cast<mpc::DealOp>(op)) {
    source.name = ("mpc." + deal.getTarget()).str();
    source.attributes = deal.getParams();
    source.result = deal.getResultType();
    return source;
  }
  source.name = op->getName().getStringRef().str();
  source.attributes = op->getAttrDictionary();
  if (op->getNumResults() > 0) source.result = op->getResult(0).getType();
  return source;
}

const StepRow* FindStepRow(const StepSource& source) {
  if (nn::PlainCallOf(source.op)) return &kPlainRow;
  const StepRow* row =
      llvm::find_if(kRows, [&](const StepRow& r) { return r.operation == source.name; });
  return row == std::end(kRows) ? nullptr : row;
}

bool NeedsNoStep(mlir::Operation* op) {
  return llvm::isa<mpc::ConstantOp, mpc::SealedOp, mlir::func::ReturnOp>(op);
}

}  // namespace mpcc
