// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/exchange.h"

#include <algorithm>

#include "runtime/base/secrecy.h"
#include "runtime/base/status_macros.h"
#include "runtime/kernels/elementwise.h"
#include "runtime/kernels/pack.h"

namespace mpcc::protocol {
namespace {

// Bytes of a vector in a message; a party has its share, its result, or both.
uint64_t BytesOf(const ExchangedVector& v) {
  const ConstRingVector any = v.share.empty() ? v.m : v.share;
  return PackedBytes(any.size(), any.width());
}

std::span<uint8_t> TakeMessage(EvalContext& context, std::span<const ExchangedVector> vectors) {
  uint64_t bytes = 0;
  for (const ExchangedVector& v : vectors) bytes += BytesOf(v);
  return context.arena.Take(bytes);
}

// Calls fn(vector, its bytes) for each part of a message.
template <typename Fn>
void ForEachPart(std::span<const ExchangedVector> vectors, std::span<uint8_t> message, Fn fn) {
  for (const ExchangedVector& v : vectors) {
    fn(v, message.first(BytesOf(v)));
    message = message.subspan(BytesOf(v));
  }
}

// m = share + mask with a fresh mask, and the message with all of them.
std::span<const uint8_t> MaskAndPack(EvalContext& context, StreamRole role,
                                     std::span<const ExchangedVector> vectors) {
  const std::span<uint8_t> message = TakeMessage(context, vectors);
  ForEachPart(vectors, message, [&](const ExchangedVector& v, std::span<uint8_t> part) {
    const int width = v.m.width();
    ForParts(context, v.m.size(), [&](EvalContext& own, uint64_t first, uint64_t count) {
      const RingVector mask = v.mask.Slice(first, count), m = v.m.Slice(first, count);
      DrawVector(own.prg, {role, v.stream}, mask, first);
      kernels::Add(v.share.Slice(first, count), mask, m);
      kernels::Pack(m, part.subspan(PackedBytes(first, width), PackedBytes(count, width)));
    });
  });
  MarkPublic(message);
  return message;
}

// m = base + what the peer sent.
void AddReceived(EvalContext& context, ConstRingVector base, std::span<const uint8_t> part,
                 RingVector m) {
  ForParts(context, m.size(), [&](EvalContext& own, uint64_t first, uint64_t count) {
    const RingVector received = own.arena.TakeVector(count, m.width());
    kernels::Unpack(part.subspan(PackedBytes(first, m.width()), PackedBytes(count, m.width())),
                    received);
    kernels::Add(base.Slice(first, count), received, m.Slice(first, count));
  });
  MarkPublic(m.bytes());
}

void Clear(RingVector v) { std::ranges::fill(v.bytes(), uint8_t{0}); }

}  // namespace

absl::Status ExchangeInput(EvalContext& context, Channel& peer,
                           std::span<const ExchangedVector> vectors) {
  if (context.IsP1()) {
    const std::span<const uint8_t> sent = MaskAndPack(context, StreamRole::kInputMask, vectors);
    for (const ExchangedVector& v : vectors) MarkPublic(v.m.bytes());  // nothing is added to it
    return peer.Send(sent);
  }
  const std::span<uint8_t> message = TakeMessage(context, vectors);
  MPCC_RETURN_IF_ERROR(peer.Recv(message));
  ForEachPart(vectors, message, [](const ExchangedVector& v, std::span<const uint8_t> part) {
    kernels::Unpack(part, v.m);
    Clear(v.mask);
  });
  return absl::OkStatus();
}

absl::Status ExchangeReshare(EvalContext& context, Channel& peer,
                             std::span<const ExchangedVector> vectors) {
  const std::span<const uint8_t> sent = MaskAndPack(context, StreamRole::kOpeningMask, vectors);
  const std::span<uint8_t> received = context.arena.Take(sent.size());
  MPCC_RETURN_IF_ERROR(peer.Exchange(sent, received));
  ForEachPart(vectors, received, [&](const ExchangedVector& v, std::span<const uint8_t> part) {
    AddReceived(context, v.m, part, v.m);
  });
  return absl::OkStatus();
}

absl::Status ExchangeReveal(EvalContext& context, Channel& peer,
                            std::span<const ExchangedVector> vectors) {
  const std::span<uint8_t> message = TakeMessage(context, vectors);
  if (context.IsP1()) {
    MPCC_RETURN_IF_ERROR(peer.Recv(message));
    ForEachPart(vectors, message, [&](const ExchangedVector& v, std::span<const uint8_t> part) {
      AddReceived(context, v.share, part, v.m);
    });
    return absl::OkStatus();
  }
  ForEachPart(vectors, message, [](const ExchangedVector& v, std::span<uint8_t> part) {
    kernels::Pack(v.share, part);
  });
  MarkPublic(message);
  return peer.Send(message);
}

void DealMask(DealContext& context, uint32_t stream, RingVector l1, RingVector l2) {
  ForParts(context, l1.size(), [&](DealContext& own, uint64_t first, uint64_t count) {
    DrawVector(own.k01, {StreamRole::kOpeningMask, stream}, l1.Slice(first, count), first);
    DrawVector(own.k02, {StreamRole::kOpeningMask, stream}, l2.Slice(first, count), first);
  });
}

void DealInputMask(DealContext& context, uint32_t stream, RingVector l1, RingVector l2) {
  DrawVector(context.k01, {StreamRole::kInputMask, stream}, l1);
  Clear(l2);
}

}  // namespace mpcc::protocol
