// SPDX-License-Identifier: Apache-2.0
// Sizes of the dealt operations as the protocol wants them, from the wires of a step; the same at
// every party.
#ifndef MPCC_RUNTIME_ENGINE_DEALT_SHAPES_H_
#define MPCC_RUNTIME_ENGINE_DEALT_SHAPES_H_

#include "runtime/engine/step_context.h"
#include "runtime/protocol/broadcast.h"
#include "runtime/protocol/lookup.h"
#include "runtime/protocol/wrap.h"

namespace mpcc {

inline int64_t LastExtent(const plan::Wire& wire) { return wire.shape(wire.shape_size() - 1); }

inline int64_t Rows(const plan::Wire& wire) {
  return static_cast<int64_t>(ElementCount(wire)) / LastExtent(wire);
}

inline int Width(const plan::Wire& wire) { return static_cast<int>(wire.width()); }

// Width of dealt table entries: the result's, or at P0 the table's.
inline int TableWidth(const StepContext& s) {
  return s.step().outputs_size() > 0
             ? Width(s.Out())
             : static_cast<int>(s.run.plan.plan().constants(s.step().constants(0)).width());
}

inline MatMulShape MatMulShapeOf(const StepContext& s) {
  const plan::Wire &a = s.In(0), &b = s.In(1);
  const bool transpose = s.Int(0) != 0;
  const int64_t m = a.shape(a.shape_size() - 2), k = LastExtent(a);
  const int64_t n = transpose ? b.shape(b.shape_size() - 2) : LastExtent(b);
  return {static_cast<int64_t>(ElementCount(a)) / (m * k), m, n, k, transpose, Width(a)};
}

inline ProductShape ProductShapeOf(const StepContext& s) {
  const PreparedProduct& p = *s.prepared.product;
  const int width = p.factors.empty() ? TableWidth(s) : Width(s.In(0));
  return {p.factors, p.constant, p.result, p.subsets, width};
}

inline LutShape LutShapeOf(const StepContext& s) {
  return {ElementCount(s.In(0)), Width(s.In(0)), static_cast<int>(s.Int(0)),
          static_cast<int>(s.Int(1)), TableWidth(s)};
}

inline Lut2Shape Lut2ShapeOf(const StepContext& s) {
  return {ElementCount(s.In(0)), Width(s.In(0)), Width(s.In(1)), TableWidth(s)};
}

inline ExpShape ExpShapeOf(const StepContext& s) {
  return {ElementCount(s.In(0)), Width(s.In(0)), static_cast<int>(s.Int(0)), TableWidth(s)};
}

inline WrapShape WrapShapeOf(const StepContext& s) {
  return {ElementCount(s.In(0)), Width(s.In(0)), static_cast<int>(s.Int(0))};
}

// Component `c` of inputs[1] with one element for each of inputs[0]; a copy in the arena only if it
// is smaller.
inline const uint8_t* SpreadSecond(const StepContext& s, int c) {
  if (ElementCount(s.In(0)) == ElementCount(s.In(1))) return s.InData(1, c);
  uint8_t* out = s.run.arena.Take(LaneVectorBytes(ElementCount(s.In(0)), Width(s.In(1))));
  VisitLane(Width(s.In(1)), [&](auto tag) {
    using T = typename decltype(tag)::type;
    BroadcastTo(reinterpret_cast<const T*>(s.InData(1, c)), ShapeOf(s.In(1)), ShapeOf(s.In(0)),
                reinterpret_cast<T*>(out));
  });
  return out;
}

}  // namespace mpcc

#endif  // MPCC_RUNTIME_ENGINE_DEALT_SHAPES_H_
