// SPDX-License-Identifier: Apache-2.0
// Sample inputs, one JSON object or list of token ids a line, and how they enter a bucket.
#ifndef MPCC_FRONTEND_SAMPLES_H_
#define MPCC_FRONTEND_SAMPLES_H_

#include <cstdint>
#include <istream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "frontend/problem.h"
#include "ir/reference/tensor.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mpcc {

// One line: numbers by input name, nested lists flattened; a bare list is "input_ids".
struct Sample {
  int64_t line = 0;    // of its file, from 1
  int64_t length = 0;  // tokens: elements of the ids, of the longest list where there are none
  std::map<std::string, std::vector<double>> values;
};

// All samples of a file. Blank lines are skipped. Every line that is no sample, and a file without
// samples, is a problem.
std::vector<Sample> ReadSamples(const std::string& path, Problems& problems);
std::vector<Sample> ReadSamples(std::istream& lines, const std::string& path, Problems& problems);

// Tokens that a bucket takes: elements of its ids, of its first integer input where there are none,
// 0 without integer inputs.
int64_t LengthOf(mlir::func::FuncOp function);

// The arguments of `function` from a sample of at most LengthOf(function) tokens. A list finds its
// input by name or by role. Ids are padded with nn.pad (or 0), masks and types with 0, positions
// with their last one. A mask not given is ones for the tokens, types are 0, positions count from
// 0. Nothing, and a problem for each input, where lists do not fit.
std::optional<std::vector<nn::Tensor>> FitSample(mlir::func::FuncOp function, const Sample& sample,
                                                 const std::string& path, Problems& problems);

// The samples of one bucket, with their lines and tokens.
struct FittedSamples {
  std::vector<std::vector<nn::Tensor>> inputs;
  std::vector<int64_t> lines, lengths;
};
// Each sample in the smallest bucket that holds it, one entry a bucket; in one of its own length
// where buckets are of exact length. One problem for all that have none.
std::vector<FittedSamples> FitSamples(llvm::ArrayRef<mlir::func::FuncOp> buckets,
                                      const std::vector<Sample>& samples, const std::string& path,
                                      Problems& problems);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_SAMPLES_H_
