// SPDX-License-Identifier: Apache-2.0
// The private program against the network in the clear, value by value.
#ifndef MPCC_TOOLS_VERIFICATION_H_
#define MPCC_TOOLS_VERIFICATION_H_

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "frontend/samples.h"
#include "ir/reference/nn_measure.h"
#include "mlir/IR/BuiltinOps.h"
#include "tools/near_ties.h"

namespace mpcc {

// A place of the program that reads a value as a number, or that yields a quantized operand, over
// all inputs. Values of padded positions do not count.
struct Site {
  std::string node, place;  // ONNX node; passes/lower/marks.h
  double holds = 0;         // largest magnitude that is read right
  double step = 0;          // of the quantizer, at operands; else 0
  double largest = 0;       // magnitude in the clear
  int64_t elements = 0;
  int64_t wrapped = 0;      // privately another number by at least `holds`
  int64_t near = 0;         // beyond nine tenths of `holds`
  int64_t equal = 0;        // privately the same multiple of `step`, at operands of a quantizer
  int64_t farther = 0;      // another one by more than one
  double squares = 0;       // of differences
  double farthest = 0;      // difference
  nn::Clipping clipping{};  // at operands behind a quantizer

  double Deviation() const;  // root mean square
  void Merge(const Site& other);
};

// By node, place and number of the value.
using Sites = std::map<std::tuple<std::string, std::string, int64_t>, Site>;

// One result of one input.
struct Agreement {
  std::string result;
  int64_t line = 0;
  double cosine = 1;
  double largest_difference = 0;
  std::vector<double> values;           // the private answer, without padded positions
  int64_t labels = 0, same_labels = 0;  // rows of at most 1024 elements, and those of one argmax
  // Labels that are near ties of the file, and those of the others that are the same.
  int64_t near_ties = 0, same_clear_labels = 0;
};

// Two results of one input, of `tokens` tokens in a network of `length`: padded positions are left
// out. `nearness` is of the rows of `expected`; without it there are no near ties. Name and line
// are the caller's.
Agreement Agree(const nn::Tensor& expected, const nn::Tensor& found, int64_t length, int64_t tokens,
                const Nearness& nearness = {});

struct Verification {
  Sites sites;
  std::vector<Agreement> agreements;  // ordered by line and result
};

// One length: the network as the file has it, in canonical form with its values numbered, and
// lowered with marks.
struct VerifiedBucket {
  mlir::func::FuncOp imported, canonical, lowered;
};

// Gives every operation of a canonical function its number (nn.value).
void NumberValues(mlir::func::FuncOp function);

// What the places of the private program read.
enum class Feeding {
  kOwn,   // what the program computed before
  kFiles  // what the file has there: differences are those of each site alone
};

// Runs all samples of a bucket, some at a time. INVALID_ARGUMENT, naming the line, where one cannot
// be run.
absl::StatusOr<Verification> Verify(const VerifiedBucket& bucket, const FittedSamples& samples,
                                    const std::string& path, Feeding feeding,
                                    const std::function<void(size_t done)>& progress);

}  // namespace mpcc

#endif  // MPCC_TOOLS_VERIFICATION_H_
