// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_TOOLS_LOAD_MODEL_H_
#define MPCC_TOOLS_LOAD_MODEL_H_

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "tools/model_options.h"

namespace mpcc {

// The model as one module: an ONNX file gives a function for each sequence length, which carries it
// as `mpc.sequence_length`
// (@main_16, @main_64, ...; one @main without lengths); a file that ends in .mlir or .mlirbc is
// read as it is. Dynamic quantizers get their scales from the samples of a file, or from random
// inputs. Null, after errors of the context, if it cannot be taken. Says in `imported`, if it is
// not null, what was imported of an ONNX file.
mlir::OwningOpRef<mlir::ModuleOp> LoadModel(mlir::MLIRContext& context, const ModelOptions& options,
                                            const std::string& samples = "",
                                            std::vector<ImportOptions>* imported = nullptr);

// An ONNX file imported for each of `buckets`, in the same form.
mlir::OwningOpRef<mlir::ModuleOp> LoadBuckets(mlir::MLIRContext& context, const std::string& path,
                                              const std::vector<ImportOptions>& buckets);

// Whether a private run can reveal all results of a module as LoadBuckets gives it; else errors of
// its context.
bool ExpectRevealed(mlir::ModuleOp module);

// Sets nn.exact_length on the functions of an ONNX file imported for `buckets`, if results of a
// short one depend on padding (frontend/padding.h); the file is imported once more, for less
// tokens.
void MarkExactLength(mlir::MLIRContext& context, const std::string& path,
                     llvm::ArrayRef<mlir::func::FuncOp> functions,
                     const std::vector<ImportOptions>& buckets);

}  // namespace mpcc

#endif  // MPCC_TOOLS_LOAD_MODEL_H_
