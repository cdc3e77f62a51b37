// SPDX-License-Identifier: Apache-2.0
// Internal to runtime/plain: what the rows of the table are made of. An infer function reads
// nothing but its arguments, which may be anything; a run function relies on the infer function of
// its row.
#ifndef MPCC_RUNTIME_PLAIN_KERNELS_H_
#define MPCC_RUNTIME_PLAIN_KERNELS_H_

#include <type_traits>
#include <utility>

#include "fmt/format.h"
#include "runtime/base/rounding.h"
#include "runtime/plain/operators.h"

namespace mpcc::plain {

using FormOr = absl::StatusOr<Form>;

template <typename... Args>
absl::Status Bad(fmt::format_string<Args...> format, Args&&... args) {
  return absl::InvalidArgumentError(fmt::format(format, std::forward<Args>(args)...));
}

// A number as an element of type T; reals that become integers saturate.
template <typename To, typename From>
To As(From value) {
  if constexpr (std::is_integral_v<To> && std::is_floating_point_v<From>)
    return static_cast<To>(TruncateToInt(value));
  else
    return static_cast<To>(value);
}

// fn(tag of the C++ type of an element).
template <typename Fn>
auto Visit(Type type, Fn fn) {
  switch (type) {
    case Type::kF32:
      return fn(float{});
    case Type::kI32:
      return fn(int32_t{});
    default:
      return fn(int64_t{});
  }
}

inline size_t Rank(const Signature& s, size_t i = 0) { return s.operands[i].shape.size(); }
inline bool IsAxis(int64_t axis, size_t rank) {
  return axis >= 0 && axis < static_cast<int64_t>(rank);
}

// elementwise.cc. The scalar functions are in the table's row.
FormOr InferUnary(const Operator&, const Signature&);
FormOr InferBinary(const Operator&, const Signature&);
FormOr InferTest(const Operator&, const Signature&);     // one operand, truth values
FormOr InferCompare(const Operator&, const Signature&);  // two operands, truth values
FormOr InferCast(const Operator&, const Signature&);
FormOr InferSelect(const Operator&, const Signature&);
absl::Status RunUnary(const Operator&, const Call&);
absl::Status RunBinary(const Operator&, const Call&);
absl::Status RunQuotient(const Operator&, const Call&);  // the second operand divides
absl::Status RunCast(const Operator&, const Call&);
absl::Status RunSelect(const Operator&, const Call&);

// reduce.cc
enum class Fold { kSum, kMean, kMax, kL2, kMin, kProd, kL1, kSumSquare };
FormOr InferReduce(const Operator&, const Signature&);
absl::Status ReduceBy(Fold fold, const Call& call);
template <Fold fold>
absl::Status RunReduce(const Operator&, const Call& call) {
  return ReduceBy(fold, call);
}
FormOr InferCumSum(const Operator&, const Signature&);
absl::Status RunCumSum(const Operator&, const Call&);

// layout.cc
FormOr InferReshape(const Operator&, const Signature&);
FormOr InferTranspose(const Operator&, const Signature&);
FormOr InferSlice(const Operator&, const Signature&);
FormOr InferConcat(const Operator&, const Signature&);
FormOr InferBroadcast(const Operator&, const Signature&);
FormOr InferTile(const Operator&, const Signature&);
FormOr InferPad(const Operator&, const Signature&);
FormOr InferTriangle(const Operator&, const Signature&);
absl::Status RunReshape(const Operator&, const Call&);
absl::Status RunTranspose(const Operator&, const Call&);
absl::Status RunSlice(const Operator&, const Call&);
absl::Status RunConcat(const Operator&, const Call&);
absl::Status RunBroadcast(const Operator&, const Call&);
absl::Status RunTile(const Operator&, const Call&);
absl::Status RunPad(const Operator&, const Call&);
absl::Status RunTriangle(const Operator&, const Call&);

// indexing.cc
FormOr InferGather(const Operator&, const Signature&);
FormOr InferGatherNd(const Operator&, const Signature&);
FormOr InferGatherElements(const Operator&, const Signature&);
FormOr InferScatterNd(const Operator&, const Signature&);
FormOr InferScatterElements(const Operator&, const Signature&);
FormOr InferOneHot(const Operator&, const Signature&);
absl::Status RunGather(const Operator&, const Call&);
absl::Status RunGatherNd(const Operator&, const Call&);
absl::Status RunGatherElements(const Operator&, const Call&);
absl::Status RunScatterNd(const Operator&, const Call&);
absl::Status RunScatterElements(const Operator&, const Call&);
absl::Status RunOneHot(const Operator&, const Call&);

// rows.cc: what runs over the last axis, and quantization.
FormOr InferLastAxis(const Operator&, const Signature&);  // f32 of rank 1 and above, unchanged
FormOr InferSoftmax(const Operator&, const Signature&);
FormOr InferLayerNorm(const Operator&, const Signature&);
FormOr InferMeanPool(const Operator&, const Signature&);
FormOr InferQuantize(const Operator&, const Signature&);
FormOr InferDequantize(const Operator&, const Signature&);
absl::Status RunSoftmax(const Operator&, const Call&);
absl::Status RunLayerNorm(const Operator&, const Call&);
absl::Status RunL2Normalize(const Operator&, const Call&);
absl::Status RunMeanPool(const Operator&, const Call&);
absl::Status RunQuantize(const Operator&, const Call&);
absl::Status RunDequantize(const Operator&, const Call&);

// matmul.cc
FormOr InferMatMul(const Operator&, const Signature&);
absl::Status RunMatMul(const Operator&, const Call&);

}  // namespace mpcc::plain

#endif  // MPCC_RUNTIME_PLAIN_KERNELS_H_
