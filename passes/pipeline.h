// SPDX-License-Identifier: Apache-2.0
// The lowering as a whole: from an imported network to programs that codegen can write.
#ifndef MPCC_PASSES_PIPELINE_H_
#define MPCC_PASSES_PIPELINE_H_

#include <functional>
#include <string>
#include <vector>

#include "mlir/Pass/PassManager.h"

namespace mpcc {

struct PipelineOptions {
  // "key=value" (passes/policy/policy_keys.h), set on the module over what it has.
  std::vector<std::string> policy;
  // Kinds of leakage that the model owner allows (docs/threat-model.md), e.g. "softmax-max".
  std::vector<std::string> allow_leak;

  // A range that only random inputs tell is an error.
  bool strict_ranges = false;

  // Told how many of the random inputs have run on which ranges are measured.
  std::function<void(size_t done, size_t all)> progress = {};

  bool Allows(const std::string& kind) const;
};

// The stages, each from the form that the one before leaves. All take a pass manager on modules.

// Imported nn to canonical nn; fails at operations that the protocol has no lowering for.
void BuildCanonicalNnPipeline(mlir::OpPassManager& pm, const PipelineOptions& options);
// Canonical nn to the same with ranges, rings and the constructions that are chosen.
void BuildChoicePipeline(mlir::OpPassManager& pm, const PipelineOptions& options);
// From there to mpc operations that take any sharing, cleaned up.
void BuildChosenPipeline(mlir::OpPassManager& pm, const PipelineOptions& options);
// Both, to mpc operations as they are emitted.
void BuildEmissionPipeline(mlir::OpPassManager& pm, const PipelineOptions& options);
// Both, cleaned up.
void BuildLoweringPipeline(mlir::OpPassManager& pm, const PipelineOptions& options);
// To the fewest openings and rounds, with every conversion explicit; fails if something leaks.
void BuildSharingPipeline(mlir::OpPassManager& pm, const PipelineOptions& options);
// To an online and an offline program with streams, layout, buffers and costs.
void BuildProgramPipeline(mlir::OpPassManager& pm, const PipelineOptions& options);

// Nothing new: the leak check once more, for programs that come from a file.
void BuildLeakCheckPipeline(mlir::OpPassManager& pm, const PipelineOptions& options);

// All of them in order.
void buildMpccPipeline(mlir::OpPassManager& pm, const PipelineOptions& options);

// Makes every pass, and `mpcc-pipeline` and its stages as a whole, known to mpcc-opt.
void registerMpccPasses();

}  // namespace mpcc

#endif  // MPCC_PASSES_PIPELINE_H_
