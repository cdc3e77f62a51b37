// SPDX-License-Identifier: Apache-2.0
#include "tools/sample_lengths.h"

#include <set>

#include "mlir/IR/Diagnostics.h"

namespace mpcc {
namespace {

constexpr int64_t kStep = 16;

bool IsStatic(mlir::MLIRContext& context, const std::string& path, const ImportOptions& options) {
  mlir::ScopedDiagnosticHandler silent(&context, [](mlir::Diagnostic&) { return mlir::success(); });
  Problems problems;
  return static_cast<bool>(ImportOnnxFile(context, path, options, problems));
}

}  // namespace

std::optional<std::vector<ImportOptions>> LengthsFor(mlir::MLIRContext& context,
                                                     const ModelOptions& options,
                                                     const std::vector<Sample>& samples) {
  auto buckets = options.Buckets();
  if (!buckets || !options.seq_lens.empty()) return buckets;
  if (IsStatic(context, options.path, buckets->front())) return buckets;
  std::set<int64_t> lengths;
  for (const Sample& sample : samples) lengths.insert((sample.length + kStep - 1) / kStep * kStep);
  std::vector<ImportOptions> found;
  for (int64_t length : lengths) {
    found.push_back(buckets->front());
    found.back().seq_len = length;
  }
  return found.empty() ? buckets : found;
}

}  // namespace mpcc
