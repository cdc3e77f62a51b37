// SPDX-License-Identifier: Apache-2.0
// The operators on plaintext, one row each: what depends on inputs and public constants alone.
// Constant folding, the interpreter's public part and P1's steps all evaluate them here. Nothing of
// ONNX, MLIR, kernels or protocol is known to this folder.
//
// Real functions are computed in double precision and rounded once to f32; sums are taken in double
// in row-major order. Sums, differences and products of integers wrap; what becomes an integer from
// a real number saturates.
#ifndef MPCC_RUNTIME_PLAIN_OPERATORS_H_
#define MPCC_RUNTIME_PLAIN_OPERATORS_H_

#include <span>
#include <string_view>

#include "absl/status/statusor.h"
#include "runtime/plain/tensor.h"

namespace mpcc::plain {

// What an operator is applied to: forms of the operands in order, and its parameters.
struct Signature {
  std::span<const Form> operands;
  std::span<const int64_t> ints;
  double real = 0;
};

// One evaluation. Data is dense and row-major: float, int64_t or int32_t by the form's type.
struct Call {
  const Signature& signature;
  std::span<const void* const> in;
  const Form& result;
  void* out;

  const Form& Operand(size_t i) const { return signature.operands[i]; }
  template <typename T>
  const T* In(size_t i) const {
    return static_cast<const T*>(in[i]);
  }
  template <typename T>
  T* Out() const {
    return static_cast<T*>(out);
  }
  int64_t Int(size_t i) const { return signature.ints[i]; }
};

// The meaning of an elementwise operator on one element; null where it has none for a type.
struct Scalars {
  double (*real1)(double) = nullptr;
  int64_t (*int1)(int64_t) = nullptr;
  double (*real2)(double, double) = nullptr;
  int64_t (*int2)(int64_t, int64_t) = nullptr;
};

struct Operator;
using InferFunction = absl::StatusOr<Form> (*)(const Operator&, const Signature&);
using RunFunction = absl::Status (*)(const Operator&, const Call&);

struct Operator {
  const char* name;
  int least_inputs, most_inputs;
  const char* ints;  // the integer parameters, in order
  InferFunction infer;
  RunFunction run;
  Scalars scalars = {};
  // Whose integers the result holds: those of this operand, or truth values.
  int like = 0;
};
inline constexpr int kTruth = -1;

// What "quantize" makes of one number, before it saturates and whole: in f32, as ONNX defines it,
// half to even, the zero point added.
float QuantizationStep(float x, float scale, int64_t zero);
// The same saturated at both ends; NaN is the least.
int64_t QuantizeNumber(float x, float scale, int64_t zero, int64_t least, int64_t most);

// All rows. A row's place is its number in plans: rows are added at the end and never removed.
std::span<const Operator> Operators();

// The number of the operator of this name, or -1.
int FindOperator(std::string_view name);

// The form of the result, whatever the arguments are: they may come from an untrusted plan.
// INVALID_ARGUMENT says what does not fit.
absl::StatusOr<Form> Infer(int number, const Signature& signature);

// Computes into `call.out`, which holds `call.result` elements and overlaps no operand; a reshape
// may run in place. REQUIRES: call.result is what Infer gives. INVALID_ARGUMENT for what only the
// data can break: an index outside its tensor, a division by zero.
absl::Status Run(int number, const Call& call);

}  // namespace mpcc::plain

#endif  // MPCC_RUNTIME_PLAIN_OPERATORS_H_
