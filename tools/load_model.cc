// SPDX-License-Identifier: Apache-2.0
#include "tools/load_model.h"

#include <fmt/format.h>

#include "frontend/padding.h"
#include "ir/mpc/attributes.h"
#include "ir/nn/roles.h"
#include "ir/nn/types.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/Parser/Parser.h"
#include "tools/reporter.h"
#include "tools/static_model.h"

namespace mpcc {
namespace {

// Takes the function of one bucket out of its module. A file of static length is a bucket too.
void AddBucket(mlir::ModuleOp bucket, std::optional<int64_t> seq_len, bool several,
               mlir::ModuleOp module) {
  mlir::Builder builder(module.getContext());
  for (auto function : llvm::make_early_inc_range(bucket.getOps<mlir::func::FuncOp>())) {
    const int64_t length = std::max(nn::TokensOf(function), seq_len.value_or(0));
    if (length > 0) function->setAttr(mpc::kSequenceLengthAttr, builder.getI64IntegerAttr(length));
    if (several) function.setName(fmt::format("{}_{}", function.getName().str(), length));
    function->remove();
    module.push_back(function);
  }
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
  MarkExactLength(*module);
  return module;
}

void MarkExactLength(mlir::ModuleOp module) {
  constexpr int64_t kEnough = 4;  // tokens, to tell padding from the rest
  std::optional<mlir::func::FuncOp> probed;
  for (auto function : module.getOps<mlir::func::FuncOp>()) {
    const int64_t tokens = nn::TokensOf(function), best = probed ? nn::TokensOf(*probed) : 0;
    if (best < kEnough ? tokens > best : tokens >= kEnough && tokens < best) probed = function;
  }
  if (!probed || !DependsOnPadding(*probed)) return;
  for (auto function : module.getOps<mlir::func::FuncOp>())
    function->setAttr(nn::kExactLengthAttr, mlir::UnitAttr::get(module.getContext()));
}

mlir::OwningOpRef<mlir::ModuleOp> LoadModel(mlir::MLIRContext& context, const ModelOptions& options,
                                            const std::string& samples) {
  const llvm::StringRef path = options.path;
  if (path.ends_with(".mlir") || path.ends_with(".mlirbc"))
    return mlir::parseSourceFile<mlir::ModuleOp>(path, &context);
  auto buckets = options.Buckets();
  if (!buckets || !FreezeDynamic(context, options.path, samples, *buckets)) return nullptr;
  return LoadBuckets(context, options.path, *buckets);
}

}  // namespace mpcc
