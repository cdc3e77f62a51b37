// SPDX-License-Identifier: Apache-2.0
#include "tools/load_model.h"

#include <fmt/format.h>

#include <algorithm>

#include "frontend/padding.h"
#include "frontend/select_results.h"
#include "ir/mpc/attributes.h"
#include "ir/nn/roles.h"
#include "ir/nn/types.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "tools/module_text.h"
#include "tools/reporter.h"
#include "tools/static_model.h"

namespace mpcc {
namespace {

using mlir::func::FuncOp;

// Takes the function of one bucket out of its module. A file of static length is a bucket too.
void AddBucket(mlir::ModuleOp bucket, std::optional<int64_t> seq_len, bool several,
               mlir::ModuleOp module) {
  mlir::Builder builder(module.getContext());
  for (auto function : llvm::make_early_inc_range(bucket.getOps<FuncOp>())) {
    const int64_t length = std::max(nn::TokensOf(function), seq_len.value_or(0));
    if (length > 0) function->setAttr(mpc::kSequenceLengthAttr, builder.getI64IntegerAttr(length));
    if (several) function.setName(fmt::format("{}_{}", function.getName().str(), length));
    function->remove();
    module.push_back(function);
  }
}

std::vector<FuncOp> FunctionsOf(mlir::ModuleOp module) {
  auto functions = module.getOps<FuncOp>();
  return {functions.begin(), functions.end()};
}

// The model of a bucket for the tokens that padding is probed with; null where the file or options
// do not leave the length open.
mlir::OwningOpRef<mlir::ModuleOp> ImportShorter(mlir::MLIRContext& context, const std::string& path,
                                                FuncOp function, ImportOptions bucket) {
  const int64_t tokens = nn::TokensOf(function), fewer = TokensOfProbe(function);
  if (fewer == tokens || (!bucket.seq_len && bucket.shapes.empty())) return nullptr;
  if (bucket.seq_len) bucket.seq_len = fewer;
  for (auto& [name, shape] : bucket.shapes) std::replace(shape.begin(), shape.end(), tokens, fewer);
  mlir::ScopedDiagnosticHandler silent(&context, [](mlir::Diagnostic&) { return mlir::success(); });
  Problems problems;
  return ImportOnnxFile(context, path, bucket, problems);
}

// Whether options are given that say how to import an ONNX file, with a message.
bool OnlyOnnx(const ModelOptions& options) {
  const bool given = !options.shapes.empty() || !options.seq_lens.empty() || options.pad_id ||
                     !options.results.empty() || !options.pool.empty() ||
                     options.normalize.has_value() || !options.digits.empty();
  if (given)
    fmt::print(
        stderr,
        "error: --shape, --seq-len, --pad-id, --result, --pool, --normalize and --digits are "
        "of ONNX files: an .mlir file has its shapes, results and their digits\n");
  return given;
}

}  // namespace

mlir::OwningOpRef<mlir::ModuleOp> LoadBuckets(mlir::MLIRContext& context, const std::string& path,
                                              const std::vector<ImportOptions>& buckets) {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  for (const ImportOptions& bucket : buckets) {
    Problems problems;
    auto imported = ImportOnnxFile(context, path, bucket, problems);
    EmitProblems(context, problems);
    if (!imported) return nullptr;
    if (!module) module = mlir::ModuleOp::create(imported->getLoc());
    AddBucket(*imported, bucket.seq_len, buckets.size() > 1, *module);
  }
  if (module) MarkExactLength(context, path, FunctionsOf(*module), buckets);
  return module;
}

void MarkExactLength(mlir::MLIRContext& context, const std::string& path,
                     llvm::ArrayRef<FuncOp> functions, const std::vector<ImportOptions>& buckets) {
  constexpr int64_t kEnough = 4;  // tokens, to tell padding from the rest
  size_t probed = 0;
  for (size_t i = 0; i < functions.size(); ++i) {
    const int64_t tokens = nn::TokensOf(functions[i]), best = nn::TokensOf(functions[probed]);
    if (best < kEnough ? tokens > best : tokens >= kEnough && tokens < best) probed = i;
  }
  if (functions.empty()) return;
  const auto shorter = ImportShorter(context, path, functions[probed], buckets[probed]);
  if (!DependsOnPadding(functions[probed], shorter ? FunctionsOf(*shorter).front() : FuncOp()))
    return;
  for (FuncOp function : functions)
    function->setAttr(nn::kExactLengthAttr, mlir::UnitAttr::get(&context));
}

mlir::OwningOpRef<mlir::ModuleOp> LoadModel(mlir::MLIRContext& context, const ModelOptions& options,
                                            const std::string& samples,
                                            std::vector<ImportOptions>* imported) {
  const llvm::StringRef path = options.path;
  if (path.ends_with(".mlir") || path.ends_with(".mlirbc"))
    return OnlyOnnx(options) ? nullptr : ReadModule(path, context);
  auto buckets = options.Buckets();
  if (!buckets || !FreezeDynamic(context, options.path, samples, *buckets)) return nullptr;
  if (imported) *imported = *buckets;
  return LoadBuckets(context, options.path, *buckets);
}

bool ExpectRevealed(mlir::ModuleOp module) {
  Problems problems;
  CheckRevealed(FunctionsOf(module).front(), problems);  // those of all lengths
  EmitProblems(*module.getContext(), problems);
  return problems.empty();
}

}  // namespace mpcc
