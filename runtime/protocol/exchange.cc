// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/exchange.h"

#include <cstring>

#include "runtime/base/ring.h"
#include "runtime/base/status_macros.h"
#include "runtime/kernels/elementwise.h"
#include "runtime/kernels/pack.h"

namespace mpcc {
namespace {

uint64_t MessageBytes(std::span<const ExchangedVector> vectors) {
  uint64_t bytes = 0;
  for (const ExchangedVector& v : vectors) bytes += PackedBytes(v.elements, v.width);
  return bytes;
}

void PackTo(const uint8_t* lanes, const ExchangedVector& v, uint8_t* out) {
  VisitLane(v.width, [&](auto tag) {
    using T = typename decltype(tag)::type;
    kernels::Pack(reinterpret_cast<const T*>(lanes), static_cast<int64_t>(v.elements), v.width,
                  out);
  });
}

void UnpackFrom(const uint8_t* in, const ExchangedVector& v, uint8_t* lanes) {
  VisitLane(v.width, [&](auto tag) {
    using T = typename decltype(tag)::type;
    kernels::Unpack(in, static_cast<int64_t>(v.elements), v.width, reinterpret_cast<T*>(lanes));
  });
}

void AddLanes(const uint8_t* a, const uint8_t* b, const ExchangedVector& v, uint8_t* out) {
  VisitLane(v.width, [&](auto tag) {
    using T = typename decltype(tag)::type;
    kernels::Add(reinterpret_cast<const T*>(a), reinterpret_cast<const T*>(b),
                 {1, static_cast<int64_t>(v.elements)}, v.width, reinterpret_cast<T*>(out));
  });
}

// m = share + mask with a fresh mask, and the message with all of them.
std::span<const uint8_t> MaskAndPack(EvalContext& context,
                                     std::span<const ExchangedVector> vectors) {
  const uint64_t bytes = MessageBytes(vectors);
  uint8_t* message = context.arena.Take(bytes);
  uint64_t offset = 0;
  for (const ExchangedVector& v : vectors) {
    DrawVector(context.prg, v.stream, v.elements, v.width, v.mask);
    AddLanes(v.share, v.mask, v, v.m);
    PackTo(v.m, v, message + offset);
    offset += PackedBytes(v.elements, v.width);
  }
  return {message, bytes};
}

// target += what the peer sent.
void AddReceived(EvalContext& context, std::span<const ExchangedVector> vectors,
                 const uint8_t* message, const uint8_t* (*base)(const ExchangedVector&)) {
  for (const ExchangedVector& v : vectors) {
    uint8_t* lanes = context.arena.Take(LaneVectorBytes(v.elements, v.width));
    UnpackFrom(message, v, lanes);
    AddLanes(base(v), lanes, v, v.m);
    message += PackedBytes(v.elements, v.width);
  }
}

}  // namespace

absl::Status ExchangeInput(EvalContext& context, Channel& peer,
                           std::span<const ExchangedVector> vectors) {
  if (context.IsP1()) return peer.Send(MaskAndPack(context, vectors));
  const uint64_t bytes = MessageBytes(vectors);
  uint8_t* message = context.arena.Take(bytes);
  MPCC_RETURN_IF_ERROR(peer.Recv({message, bytes}));
  for (const ExchangedVector& v : vectors) {
    UnpackFrom(message, v, v.m);
    std::memset(v.mask, 0, LaneVectorBytes(v.elements, v.width));
    message += PackedBytes(v.elements, v.width);
  }
  return absl::OkStatus();
}

absl::Status ExchangeReshare(EvalContext& context, Channel& peer,
                             std::span<const ExchangedVector> vectors) {
  const std::span<const uint8_t> sent = MaskAndPack(context, vectors);
  uint8_t* received = context.arena.Take(sent.size());
  MPCC_RETURN_IF_ERROR(peer.Exchange(sent, {received, sent.size()}));
  AddReceived(context, vectors, received,
              [](const ExchangedVector& v) -> const uint8_t* { return v.m; });
  return absl::OkStatus();
}

absl::Status ExchangeReveal(EvalContext& context, Channel& peer,
                            std::span<const ExchangedVector> vectors) {
  const uint64_t bytes = MessageBytes(vectors);
  uint8_t* message = context.arena.Take(bytes);
  if (context.IsP1()) {
    MPCC_RETURN_IF_ERROR(peer.Recv({message, bytes}));
    AddReceived(context, vectors, message, [](const ExchangedVector& v) { return v.share; });
    return absl::OkStatus();
  }
  uint64_t offset = 0;
  for (const ExchangedVector& v : vectors) {
    PackTo(v.share, v, message + offset);
    offset += PackedBytes(v.elements, v.width);
  }
  return peer.Send({message, bytes});
}

void DealMask(DealContext& context, uint32_t stream, uint64_t elements, int width, bool of_input,
              uint8_t* l1, uint8_t* l2) {
  DrawVector(context.k01, stream, elements, width, l1);
  if (of_input)
    std::memset(l2, 0, LaneVectorBytes(elements, width));
  else
    DrawVector(context.k02, stream, elements, width, l2);
}

}  // namespace mpcc
