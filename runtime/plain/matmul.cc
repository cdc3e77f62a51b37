// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <vector>

#include "runtime/plain/kernels.h"
#include "runtime/plain/product.h"

namespace mpcc::plain {
namespace {

Shape Batch(const Shape& shape) { return Shape(shape.begin(), shape.end() - 2); }

}  // namespace

FormOr InferMatMul(const Operator&, const Signature& s) {
  const Shape &a = s.operands[0].shape, &b = s.operands[1].shape;
  if (s.ints.size() != 1 || s.operands[0].type != Type::kF32 || s.operands[1].type != Type::kF32)
    return Bad("a product needs two f32 operands");
  if (a.size() < 2 || b.size() < 2) return Bad("a product needs matrices");
  const int64_t k = b[b.size() - (s.ints[0] ? 1 : 2)], n = b[b.size() - (s.ints[0] ? 2 : 1)];
  auto shape = Broadcast(Batch(a), Batch(b));
  if (!shape || a.back() != k) return Bad("the matrices do not multiply");
  shape->push_back(a[a.size() - 2]);
  shape->push_back(n);
  return Form{Type::kF32, *shape};
}

absl::Status RunMatMul(const Operator&, const Call& call) {
  const Shape &a = call.Operand(0).shape, &b = call.Operand(1).shape, &shape = call.result.shape;
  const int64_t m = shape[shape.size() - 2], n = shape.back(), k = a.back();
  const Shape batch = Batch(shape);
  std::vector<float> turned(call.Int(0) ? k * n : 0);
  std::vector<double> sums(m * n);
  Walk<2>(batch, {BroadcastStrides(Batch(a), batch), BroadcastStrides(Batch(b), batch)}, {},
          [&](int64_t i, const auto& at) {
            const float* rhs = call.In<float>(1) + at[1] * k * n;
            if (call.Int(0))
              TransposeMatrix(std::exchange(rhs, turned.data()), turned.data(), n, k);
            std::fill(sums.begin(), sums.end(), 0.0);
            AccumulateProduct(call.In<float>(0) + at[0] * m * k, rhs, sums, m, k);
            std::copy(sums.begin(), sums.end(), call.Out<float>() + i * m * n);
          });
  return absl::OkStatus();
}

}  // namespace mpcc::plain
