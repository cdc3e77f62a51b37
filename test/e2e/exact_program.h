// SPDX-License-Identifier: Apache-2.0
// Programs of exact reads, in the ideal meaning, on shares and by the engine: one answer.
#ifndef MPCC_TEST_E2E_EXACT_PROGRAM_H_
#define MPCC_TEST_E2E_EXACT_PROGRAM_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "ir/mpc/constants.h"
#include "ir/mpc/exact_read.h"
#include "ir/nn/types.h"
#include "mlir/IR/Verifier.h"
#include "passes/offline/programs.h"
#include "runtime/base/status_matchers.h"
#include "test/e2e/replay.h"

namespace mpcc {

using mlir::OpBuilder;
using mpc::BorrowPolicy;
using mpc::ExactReader;
using mpc::PublicFunction;
using mpc::ShareKind;
using mpc::ShareType;
using reference::LocalTensor;
using Numbers = std::vector<float>;

// A program of P1's numbers, in `words` rings each, whose result is made by body(builder, shares).
using Body = std::function<mlir::Value(OpBuilder&, llvm::ArrayRef<mlir::Value>)>;

class ExactTest : public testing::Test {
 protected:
  ExactTest() { LoadDialects(context_); }

  mlir::OwningOpRef<mlir::ModuleOp> Program(llvm::ArrayRef<int64_t> shape,
                                            llvm::ArrayRef<unsigned> rings, const Body& body) {
    OpBuilder b(&context_);
    const mlir::Location loc = b.getUnknownLoc();
    mlir::OwningOpRef<mlir::ModuleOp> module = mlir::ModuleOp::create(loc);
    b.setInsertionPointToEnd(module->getBody());
    const auto real = mlir::RankedTensorType::get(shape, b.getF32Type());
    const llvm::SmallVector<mlir::Type> arguments(rings.size(), real);
    auto function =
        b.create<mlir::func::FuncOp>(loc, "f", b.getFunctionType(arguments, mlir::Type(real)));
    mlir::Block* block = function.addEntryBlock();
    b.setInsertionPointToEnd(block);
    llvm::SmallVector<mlir::Value> shares;
    for (unsigned i = 0; i < rings.size(); ++i) {
      function.setArgAttr(i, nn::kOwnerAttr, b.getStringAttr(nn::kDataOwner));
      const auto ring = mlir::RankedTensorType::get(shape, b.getIntegerType(rings[i]));
      mlir::Value encoded = b.create<mpc::EncodeOp>(loc, ring, block->getArgument(i), 0);
      const auto type = ShareType::get(&context_, ShareKind::rss, shape, rings[i]);
      shares.push_back(b.create<mpc::InputOp>(loc, mlir::TypeRange(type), mlir::ValueRange(encoded),
                                              mlir::DenseI64ArrayAttr())
                           .getResult(0));
    }
    mlir::Value revealed = b.create<mpc::RevealOp>(loc, real, body(b, shares), 0);
    b.create<mlir::func::ReturnOp>(loc, revealed);
    EXPECT_TRUE(mlir::succeeded(mlir::verify(*module)));
    return module;
  }

  static LocalTensor Tensor(llvm::ArrayRef<int64_t> shape, const Numbers& numbers) {
    return {shape.vec(), numbers};
  }

  // The ideal answer, and the engine's in several runs, every wire of which is the interpreter's.
  void ExpectAnswer(mlir::ModuleOp module, const std::vector<LocalTensor>& inputs,
                    const Numbers& expected, int runs = 2) {
    auto ideal = reference::RunMpc(*module.getOps<mlir::func::FuncOp>().begin(), inputs);
    ASSERT_TRUE(ideal.ok()) << ideal.status();
    EXPECT_EQ(std::get<LocalTensor>(ideal->values[0]).floats(), expected);
    MPCC_ASSERT_OK(CompileModule(module, Stage::kMpc));
    for (int run = 1; run <= runs; ++run) {
      MPCC_ASSERT_OK_AND_ASSIGN(report_, Replay(module, run, inputs));
      EXPECT_EQ(report_.outputs[0].floats(), expected) << "run " << run;
    }
  }

  mlir::MLIRContext context_;
  ReplayReport report_;
};

inline mlir::Value Factor(OpBuilder& b, unsigned width, uint64_t value) {
  const auto type = ShareType::get(b.getContext(), ShareKind::priv, {1}, width);
  return mpc::MakeConstant(b, b.getUnknownLoc(), type, {value});
}

// All accumulators of 16 bits, one after the other.
inline Numbers AllAccumulators() {
  Numbers all;
  for (int x = -32768; x < 32768; ++x) all.push_back(static_cast<float>(x));
  return all;
}

// Dealt bits an element, but for what there is of the factor alone.
inline double DealtBits(const Cost& cost, size_t elements) {
  return std::floor(8.0 * static_cast<double>(cost.material_bytes) / static_cast<double>(elements));
}

}  // namespace mpcc

#endif  // MPCC_TEST_E2E_EXACT_PROGRAM_H_
