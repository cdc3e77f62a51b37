// SPDX-License-Identifier: Apache-2.0
// Who may see a value of the nn dialect: the one answer, for import, passes and lowering. The rules
// are in docs/lowering.md.
#ifndef MPCC_IR_NN_VISIBILITY_H_
#define MPCC_IR_NN_VISIBILITY_H_

#include "llvm/ADT/DenseMap.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"

namespace mpcc::nn {

// A lattice, joined bit by bit: what data and private parameters both take part in is secret.
enum class Visibility : uint8_t {
  kPublic = 0,   // constants marked public, and what is computed from them
  kData = 1,     // the data owner's arguments, and what is computed from them and public values
  kPrivate = 2,  // the other constants, and what is computed from them and public values
  kSecret = 3,   // everything else
};

// "public", "data", "private", "secret".
llvm::StringRef NameOf(Visibility visibility);

// What constants without the mark `public` are.
enum class Unmarked {
  kPrivate,
  kUndecided,  // before the importer has marked any: public, where something computed from data
               // meets one outside a product
};

// Forward dataflow over a function of one block. As the listener of a rewriter it follows what that
// creates, modifies and erases.
class VisibilityAnalysis : public mlir::RewriterBase::Listener {
 public:
  explicit VisibilityAnalysis(mlir::func::FuncOp function, Unmarked unmarked = Unmarked::kPrivate);

  // kSecret for values that are not of the function.
  Visibility Of(mlir::Value value) const;
  // True if the data owner can compute the value alone.
  bool IsVisible(mlir::Value value) const { return Of(value) <= Visibility::kData; }
  // True if the value is not visible, or an operation with such a result reads it.
  bool EntersSecrets(mlir::Value value) const;

  void notifyOperationInserted(mlir::Operation* op, mlir::OpBuilder::InsertPoint) override;
  void notifyOperationModified(mlir::Operation* op) override;
  void notifyOperationErased(mlir::Operation* op) override;

 private:
  Unmarked unmarked_;
  llvm::DenseMap<mlir::Value, Visibility> known_;
};

}  // namespace mpcc::nn

#endif  // MPCC_IR_NN_VISIBILITY_H_
