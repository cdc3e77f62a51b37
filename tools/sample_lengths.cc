// SPDX-License-Identifier: Apache-2.0
#include "tools/sample_lengths.h"

#include <set>

#include "ir/nn/types.h"
#include "mlir/IR/Diagnostics.h"
#include "tools/load_model.h"

namespace mpcc {
namespace {

constexpr int64_t kStep = 16;

// Without a word: whoever imports for good says what is wrong.
class Silence {
 public:
  explicit Silence(mlir::MLIRContext& context)
      : handler_(&context, [](mlir::Diagnostic&) { return mlir::success(); }) {}

 private:
  mlir::ScopedDiagnosticHandler handler_;
};

bool IsImported(mlir::MLIRContext& context, const std::string& path, const ImportOptions& options) {
  const Silence silence(context);
  Problems problems;
  return static_cast<bool>(ImportOnnxFile(context, path, options, problems));
}

bool IsOfExactLength(mlir::MLIRContext& context, const std::string& path,
                     const ImportOptions& options) {
  const Silence silence(context);
  auto module = LoadBuckets(context, path, {options});
  return module && (*module->getOps<mlir::func::FuncOp>().begin())->hasAttr(nn::kExactLengthAttr);
}

ImportOptions WithLength(ImportOptions options, int64_t length) {
  options.seq_len = length;
  return options;
}

}  // namespace

std::vector<ImportOptions> LengthsFor(mlir::MLIRContext& context, const std::string& path,
                                      const std::vector<ImportOptions>& buckets,
                                      const std::vector<Sample>& samples) {
  if (samples.empty() || buckets.front().seq_len || IsImported(context, path, buckets.front()))
    return buckets;
  std::set<int64_t> rounded, own;
  for (const Sample& sample : samples) {
    own.insert(sample.length);
    rounded.insert((sample.length + kStep - 1) / kStep * kStep);
  }
  const ImportOptions shortest = WithLength(buckets.front(), *rounded.begin());
  std::vector<ImportOptions> found;
  for (int64_t length : IsOfExactLength(context, path, shortest) ? own : rounded)
    found.push_back(WithLength(buckets.front(), length));
  return found;
}

}  // namespace mpcc
