// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "runtime/plain/kernels.h"

namespace mpcc::plain {
namespace {

bool Takes(const Operator& row, Type type) {
  const Scalars& s = row.scalars;
  return (type == Type::kF32 && (s.real1 || s.real2)) || (type == Type::kI64 && (s.int1 || s.int2));
}

absl::Status CheckOperands(const Operator& row, const Signature& s) {
  for (const Form& operand : s.operands)
    if (!Takes(row, operand.type) || operand.type != s.operands[0].type)
      return Bad("'{}' has no meaning on these element types", row.name);
  return s.ints.empty() ? absl::OkStatus() : Bad("'{}' has no parameters", row.name);
}

FormOr InferPair(const Operator& row, const Signature& s, Type result) {
  if (absl::Status status = CheckOperands(row, s); !status.ok()) return status;
  auto shape = Broadcast(s.operands[0].shape, s.operands[1].shape);
  if (!shape) return Bad("the operands do not broadcast");
  return Form{result, *shape};
}

// out[i] = fn(a, b) for the elements that meet at i.
template <typename T, typename Out, typename Fn>
void Zip(const Call& call, Fn fn) {
  const T *a = call.In<T>(0), *b = call.In<T>(1);
  Out* out = call.Out<Out>();
  const Shape& shape = call.result.shape;
  if (call.Operand(0).shape == shape && call.Operand(1).shape == shape) {
    for (int64_t i = 0, n = Count(shape); i < n; ++i) out[i] = static_cast<Out>(fn(a[i], b[i]));
    return;
  }
  Walk<2>(shape,
          {BroadcastStrides(call.Operand(0).shape, shape),
           BroadcastStrides(call.Operand(1).shape, shape)},
          {},
          [&](int64_t i, const auto& at) { out[i] = static_cast<Out>(fn(a[at[0]], b[at[1]])); });
}

template <typename T, typename Out, typename Fn>
void Map(const Call& call, Fn fn) {
  const T* in = call.In<T>(0);
  Out* out = call.Out<Out>();
  for (int64_t i = 0, n = Count(call.result.shape); i < n; ++i)
    out[i] = static_cast<Out>(fn(in[i]));
}

}  // namespace

FormOr InferUnary(const Operator& row, const Signature& s) {
  if (absl::Status status = CheckOperands(row, s); !status.ok()) return status;
  return s.operands[0];
}

FormOr InferTest(const Operator& row, const Signature& s) {
  if (absl::Status status = CheckOperands(row, s); !status.ok()) return status;
  return Form{Type::kI64, s.operands[0].shape};
}

FormOr InferBinary(const Operator& row, const Signature& s) {
  return InferPair(row, s, s.operands[0].type);
}

FormOr InferCompare(const Operator& row, const Signature& s) {
  return InferPair(row, s, Type::kI64);
}

FormOr InferCast(const Operator&, const Signature& s) {
  if (s.ints.size() != 1 || s.ints[0] < 0 || s.ints[0] > 2) return Bad("a cast to no known type");
  if (s.operands[0].type == Type::kI32) return Bad("a cast of storage integers");
  return Form{s.ints[0] == 0 ? Type::kF32 : Type::kI64, s.operands[0].shape};
}

FormOr InferSelect(const Operator&, const Signature& s) {
  const Form &condition = s.operands[0], &a = s.operands[1], &b = s.operands[2];
  if (condition.type != Type::kI64 || a.type != b.type || !s.ints.empty())
    return Bad("a choice needs truth values and two operands of one type");
  auto shape = Broadcast(a.shape, b.shape);
  if (shape) shape = Broadcast(*shape, condition.shape);
  if (!shape) return Bad("the operands do not broadcast");
  return Form{a.type, *shape};
}

absl::Status RunUnary(const Operator& row, const Call& call) {
  const bool to_int = call.result.type == Type::kI64;
  if (call.Operand(0).type == Type::kI64)
    Map<int64_t, int64_t>(call, row.scalars.int1);
  else if (to_int)
    Map<float, int64_t>(call, row.scalars.real1);
  else
    Map<float, float>(call, row.scalars.real1);
  return absl::OkStatus();
}

absl::Status RunBinary(const Operator& row, const Call& call) {
  const bool to_int = call.result.type == Type::kI64;
  if (call.Operand(0).type == Type::kI64)
    Zip<int64_t, int64_t>(call, row.scalars.int2);
  else if (to_int)
    Zip<float, int64_t>(call, row.scalars.real2);
  else
    Zip<float, float>(call, row.scalars.real2);
  return absl::OkStatus();
}

absl::Status RunQuotient(const Operator& row, const Call& call) {
  if (call.Operand(1).type == Type::kI64) {
    const int64_t *first = call.In<int64_t>(1), *end = first + Count(call.Operand(1).shape);
    if (std::find(first, end, 0) != end) return Bad("integer division by zero");
  }
  return RunBinary(row, call);
}

absl::Status RunCast(const Operator&, const Call& call) {
  const bool truth = call.Int(0) == 2;
  Visit(call.Operand(0).type, [&](auto from) {
    Visit(call.result.type, [&](auto to) {
      using To = decltype(to);
      Map<decltype(from), To>(call, [&](auto x) { return truth ? To(x != 0) : As<To>(x); });
    });
  });
  return absl::OkStatus();
}

absl::Status RunSelect(const Operator&, const Call& call) {
  const Shape& shape = call.result.shape;
  std::array<Shape, 3> strides;
  for (size_t k = 0; k < 3; ++k) strides[k] = BroadcastStrides(call.Operand(k).shape, shape);
  const int64_t* condition = call.In<int64_t>(0);
  Visit(call.result.type, [&](auto tag) {
    using T = decltype(tag);
    const T *a = call.In<T>(1), *b = call.In<T>(2);
    Walk<3>(shape, strides, {}, [&](int64_t i, const auto& at) {
      call.Out<T>()[i] = condition[at[0]] ? a[at[1]] : b[at[2]];
    });
  });
  return absl::OkStatus();
}

}  // namespace mpcc::plain
