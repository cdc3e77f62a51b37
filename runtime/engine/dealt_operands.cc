// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/dealt_operands.h"

#include "runtime/protocol/bits.h"
#include "runtime/protocol/broadcast.h"
#include "runtime/protocol/digits.h"
#include "runtime/protocol/product.h"

namespace mpcc::engine {

std::any PrepareMatMul(const StepSite& site) {
  const ShapeView a = ShapeOf(site.In(0)), b = ShapeOf(site.In(1));
  const bool transpose_b = site.step.ints(0) != 0;
  const int64_t m = a[a.size() - 2], k = a.back();
  return kernels::MatMulShape{.batch = static_cast<int64_t>(ElementCount(a)) / (m * k),
                              .m = m,
                              .n = transpose_b ? b[b.size() - 2] : b.back(),
                              .k = k,
                              .transpose_b = transpose_b};
}

std::any PrepareProduct(const StepSite& site) {
  std::vector<Shape> factors;
  for (int i = 0; i < site.step.inputs_size(); ++i) {
    const ShapeView shape = ShapeOf(site.In(i));
    factors.emplace_back(shape.begin(), shape.end());
  }
  std::optional<Shape> constant;
  if (site.step.ints(0)) constant.emplace(site.step.ints().begin() + 1, site.step.ints().end());
  return protocol::ProductShape(std::move(factors), std::move(constant));
}

std::any PrepareReadBits(const StepSite& site) {
  const int width = static_cast<int>(site.In(0).width());
  return protocol::BitReader(DigitReads::FromInts(width, IntsOf(site.step)), width);
}

std::any PrepareFromBits(const StepSite& site) {
  const std::span<const int64_t> ints = IntsOf(site.step);
  return protocol::BitSum(BitPolynomial::FromInts(ints.subspan(2)), static_cast<int>(ints[1]),
                          ints[0] > 0);
}

std::vector<protocol::Dealt> AllDealt(const StepContext& s) {
  std::vector<protocol::Dealt> dealt;
  dealt.reserve(s.step().streams_size());
  for (int i = 0; i < s.step().streams_size(); ++i) dealt.push_back(s.DealtAt(i));
  return dealt;
}

std::vector<protocol::DealTarget> AllTargets(const StepContext& s) {
  std::vector<protocol::DealTarget> targets;
  targets.reserve(s.step().streams_size());
  for (int i = 0; i < s.step().streams_size(); ++i) targets.push_back(s.TargetAt(i));
  return targets;
}

kernels::IndexWindow WindowOf(const StepContext& s) {
  return {static_cast<int>(s.Int(0)), static_cast<int>(s.Int(1))};
}

ConstRingVector SpreadSecond(const StepContext& s, int c) {
  const ConstRingVector second = s.InVector(1, c);
  const uint64_t elements = ElementCount(s.In(0));
  if (second.size() == elements) return second;
  const RingVector out = s.run.arena.TakeVector(elements, second.width());
  protocol::BroadcastTo({second, ShapeOf(s.In(1))}, ShapeOf(s.In(0)), out);
  return out;
}

}  // namespace mpcc::engine
