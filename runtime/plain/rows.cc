// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <vector>

#include "runtime/plain/kernels.h"

namespace mpcc::plain {
namespace {

absl::Status AreReal(const Signature& s) {
  for (const Form& operand : s.operands)
    if (operand.type != Type::kF32) return Bad("an operand is not f32");
  if (Rank(s) == 0) return Bad("an operand is a scalar");
  return s.ints.empty() ? absl::OkStatus() : Bad("there are no integer parameters");
}

// out is as long as x.
void NormalizeRow(std::span<const float> x, const float* gamma, const float* beta, double epsilon,
                  float* out) {
  const auto width = static_cast<int64_t>(x.size());
  double sum = 0, variance = 0;
  for (int64_t i = 0; i < width; ++i) sum += x[i];
  const double mean = sum / static_cast<double>(width);
  for (int64_t i = 0; i < width; ++i) variance += (x[i] - mean) * (x[i] - mean);
  const double factor = 1.0 / std::sqrt(variance / static_cast<double>(width) + epsilon);
  for (int64_t i = 0; i < width; ++i)
    out[i] = static_cast<float>((x[i] - mean) * factor * gamma[i] + beta[i]);
}

// Scale and zero point: one of each, or one for each index of the axis.
absl::Status CheckScales(const Signature& s) {
  const Shape &x = s.operands[0].shape, &scale = s.operands[1].shape;
  if (s.operands[1].type != Type::kF32 || s.operands[2].type != Type::kI64 ||
      scale != s.operands[2].shape)
    return Bad("scale and zero point do not fit each other");
  if (BoundedCount(scale) == 1) return absl::OkStatus();
  if (!IsAxis(s.ints[0], x.size()) || scale != Shape{x[s.ints[0]]})
    return Bad("scales are neither one nor one for each index of the axis");
  return absl::OkStatus();
}

// fn(element, its scale's index).
template <typename Fn>
void EachChannel(const Call& call, Fn fn) {
  const Shape& shape = call.result.shape;
  const bool one = Count(call.Operand(1).shape) == 1;
  const AroundAxis a(shape, one ? 0 : call.Int(0));
  for (int64_t i = 0, n = Count(shape); i < n; ++i) fn(i, one ? 0 : i / a.inner % a.extent);
}

}  // namespace

FormOr InferLastAxis(const Operator&, const Signature& s) {
  if (absl::Status status = AreReal(s); !status.ok()) return status;
  return s.operands[0];
}

FormOr InferSoftmax(const Operator&, const Signature& s) {
  if (absl::Status status = AreReal(s); !status.ok()) return status;
  const Shape& shape = s.operands[0].shape;
  if (s.operands.size() > 1 && Broadcast(s.operands[1].shape, shape) != shape)
    return Bad("the mask does not broadcast to the scores");
  return s.operands[0];
}

absl::Status RunSoftmax(const Operator&, const Call& call) {
  const Shape& shape = call.result.shape;
  float* x = call.Out<float>();
  std::copy_n(call.In<float>(0), Count(shape), x);
  if (call.in.size() > 1)
    Walk<1>(shape, {BroadcastStrides(call.Operand(1).shape, shape)}, {},
            [&](int64_t i, const auto& at) { x[i] += call.In<float>(1)[at[0]]; });
  const int64_t width = shape.back(), count = Count(shape);
  std::vector<double> terms(width);
  for (float* row = x; row < x + count; row += width) {
    const double top = *std::max_element(row, row + width);
    std::transform(row, row + width, terms.begin(), [&](float v) { return std::exp(v - top); });
    const double total = std::accumulate(terms.begin(), terms.end(), 0.0);
    for (int64_t i = 0; i < width; ++i) row[i] = static_cast<float>(terms[i] / total);
  }
  return absl::OkStatus();
}

FormOr InferLayerNorm(const Operator&, const Signature& s) {
  if (absl::Status status = AreReal(s); !status.ok()) return status;
  const Shape width{s.operands[0].shape.back()};
  if (s.operands[1].shape != width || s.operands[2].shape != width)
    return Bad("scale and shift do not have one element for each of the last axis");
  return s.operands[0];
}

absl::Status RunLayerNorm(const Operator&, const Call& call) {
  const int64_t width = call.result.shape.back(), count = Count(call.result.shape);
  for (int64_t first = 0; first < count; first += width)
    NormalizeRow({call.In<float>(0) + first, static_cast<size_t>(width)}, call.In<float>(1),
                 call.In<float>(2), call.signature.real, call.Out<float>() + first);
  return absl::OkStatus();
}

absl::Status RunL2Normalize(const Operator&, const Call& call) {
  const int64_t width = call.result.shape.back(), count = Count(call.result.shape);
  for (int64_t first = 0; first < count; first += width) {
    const float* row = call.In<float>(0) + first;
    double squares = 0;
    for (int64_t i = 0; i < width; ++i) squares += static_cast<double>(row[i]) * row[i];
    const double factor = 1.0 / std::max(std::sqrt(squares), call.signature.real);
    for (int64_t i = 0; i < width; ++i)
      call.Out<float>()[first + i] = static_cast<float>(row[i] * factor);
  }
  return absl::OkStatus();
}

FormOr InferMeanPool(const Operator&, const Signature& s) {
  if (absl::Status status = AreReal(s); !status.ok()) return status;
  const Shape& x = s.operands[0].shape;
  if (x.size() != 3 || s.operands[1].shape != Shape{x[0], x[1]})
    return Bad("a mean over tokens needs [B, S, D] and a mask [B, S]");
  return Form{Type::kF32, {x[0], x[2]}};
}

absl::Status RunMeanPool(const Operator&, const Call& call) {
  const Shape& shape = call.Operand(0).shape;
  const int64_t tokens = shape[1], width = shape[2];
  for (int64_t b = 0; b < shape[0]; ++b) {
    const float *x = call.In<float>(0) + b * tokens * width, *mask = call.In<float>(1) + b * tokens;
    double kept = 0;
    for (int64_t t = 0; t < tokens; ++t) kept += mask[t];
    for (int64_t d = 0; d < width; ++d) {
      double sum = 0;
      for (int64_t t = 0; t < tokens; ++t) sum += static_cast<double>(mask[t]) * x[t * width + d];
      call.Out<float>()[b * width + d] = static_cast<float>(sum / std::max(kept, 1e-9));
    }
  }
  return absl::OkStatus();
}

FormOr InferQuantize(const Operator&, const Signature& s) {
  if (s.ints.size() != 3 || s.operands[0].type != Type::kF32 || s.ints[1] > s.ints[2])
    return Bad("quantization needs f32, an axis and two bounds");
  if (absl::Status status = CheckScales(s); !status.ok()) return status;
  return Form{Type::kI64, s.operands[0].shape};
}

float QuantizationStep(float x, float scale, int64_t zero) {
  return std::nearbyint(x / scale) + static_cast<float>(zero);
}

int64_t QuantizeNumber(float x, float scale, int64_t zero, int64_t least, int64_t most) {
  const float low = static_cast<float>(least), step = QuantizationStep(x, scale, zero);
  return As<int64_t>(std::isnan(step) ? low : std::clamp(step, low, static_cast<float>(most)));
}

absl::Status RunQuantize(const Operator&, const Call& call) {
  EachChannel(call, [&](int64_t i, int64_t c) {
    call.Out<int64_t>()[i] = QuantizeNumber(call.In<float>(0)[i], call.In<float>(1)[c],
                                            call.In<int64_t>(2)[c], call.Int(1), call.Int(2));
  });
  return absl::OkStatus();
}

FormOr InferDequantize(const Operator&, const Signature& s) {
  if (s.ints.size() != 1 || s.operands[0].type != Type::kI64)
    return Bad("dequantization needs i64 and an axis");
  if (absl::Status status = CheckScales(s); !status.ok()) return status;
  return Form{Type::kF32, s.operands[0].shape};
}

absl::Status RunDequantize(const Operator&, const Call& call) {
  EachChannel(call, [&](int64_t i, int64_t c) {
    const auto steps =
        static_cast<double>(call.In<int64_t>(0)[i]) - static_cast<double>(call.In<int64_t>(2)[c]);
    call.Out<float>()[i] = static_cast<float>(steps * call.In<float>(1)[c]);
  });
  return absl::OkStatus();
}

}  // namespace mpcc::plain
