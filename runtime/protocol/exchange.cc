// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/exchange.h"

#include <algorithm>

#include "runtime/base/secrecy.h"
#include "runtime/base/status_macros.h"
#include "runtime/kernels/elementwise.h"
#include "runtime/kernels/pack.h"
#include "runtime/kernels/packed_bits.h"

namespace mpcc::protocol {
namespace {

// Bytes of a vector in a message; a party has its share, its result, or both.
uint64_t BytesOf(const ExchangedVector& vector) {
  return std::visit(
      [](const auto& v) {
        return v.share.empty() ? PackedBytes(v.m.size(), v.m.width())
                               : PackedBytes(v.share.size(), v.share.width());
      },
      vector);
}

std::span<uint8_t> TakeMessage(EvalContext& context, std::span<const ExchangedVector> vectors) {
  uint64_t bytes = 0;
  for (const ExchangedVector& v : vectors) bytes += BytesOf(v);
  return context.arena.Take(bytes);
}

// Calls fn(vector, its bytes) for each part of a message, with lanes or bits.
template <typename Fn>
void ForEachPart(std::span<const ExchangedVector> vectors, std::span<uint8_t> message, Fn fn) {
  for (const ExchangedVector& vector : vectors) {
    const std::span<uint8_t> part = message.first(BytesOf(vector));
    std::visit([&](const auto& v) { fn(v, part); }, vector);
    message = message.subspan(part.size());
  }
}

RingVector TakeLike(RingVector v, uint64_t count, Arena& arena) {
  return arena.TakeVector(count, v.width());
}
BitVector TakeLike(BitVector, uint64_t count, Arena& arena) { return arena.TakeBits(count); }

// m = share + mask with a fresh mask, and the message with all of them.
std::span<const uint8_t> MaskAndPack(EvalContext& context, StreamRole role,
                                     std::span<const ExchangedVector> vectors) {
  const std::span<uint8_t> message = TakeMessage(context, vectors);
  ForEachPart(vectors, message, [&](const auto& v, std::span<uint8_t> part) {
    const int width = v.m.width();
    ForParts(context, v.m.size(), [&](EvalContext& own, uint64_t first, uint64_t count) {
      const auto mask = v.mask.Slice(first, count), m = v.m.Slice(first, count);
      DrawVector(own.prg, {role, v.stream}, mask, first);
      kernels::Add(v.share.Slice(first, count), mask, m);
      kernels::Pack(m, part.subspan(PackedBytes(first, width), PackedBytes(count, width)));
    });
  });
  MarkPublic(message);
  return message;
}

// m = base + what the peer sent.
template <typename ConstVector, typename Vector>
void AddReceived(EvalContext& context, ConstVector base, std::span<const uint8_t> part, Vector m) {
  ForParts(context, m.size(), [&](EvalContext& own, uint64_t first, uint64_t count) {
    const Vector received = TakeLike(m, count, own.arena);
    kernels::Unpack(part.subspan(PackedBytes(first, m.width()), PackedBytes(count, m.width())),
                    received);
    kernels::Add(base.Slice(first, count), received, m.Slice(first, count));
  });
  MarkPublic(m.bytes());
}

template <typename Vector>
void Clear(Vector v) {
  std::ranges::fill(v.bytes(), uint8_t{0});
}

template <typename Vector>
void DealMaskVector(DealContext& context, uint32_t stream, Vector l1, Vector l2) {
  ForParts(context, l1.size(), [&](DealContext& own, uint64_t first, uint64_t count) {
    DrawVector(own.k01, {StreamRole::kOpeningMask, stream}, l1.Slice(first, count), first);
    DrawVector(own.k02, {StreamRole::kOpeningMask, stream}, l2.Slice(first, count), first);
  });
}

template <typename Vector>
void DealInputMaskVector(DealContext& context, uint32_t stream, Vector l1, Vector l2) {
  DrawVector(context.k01, {StreamRole::kInputMask, stream}, l1);
  Clear(l2);
}

}  // namespace

absl::Status ExchangeInput(EvalContext& context, Channel& peer,
                           std::span<const ExchangedVector> vectors) {
  if (context.IsP1()) {
    const std::span<const uint8_t> sent = MaskAndPack(context, StreamRole::kInputMask, vectors);
    for (const ExchangedVector& vector : vectors)  // nothing is added to it
      std::visit([](const auto& v) { MarkPublic(v.m.bytes()); }, vector);
    return peer.Send(sent);
  }
  const std::span<uint8_t> message = TakeMessage(context, vectors);
  MPCC_RETURN_IF_ERROR(peer.Recv(message));
  ForEachPart(vectors, message, [](const auto& v, std::span<const uint8_t> part) {
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
  ForEachPart(vectors, received, [&](const auto& v, std::span<const uint8_t> part) {
    AddReceived(context, v.m, part, v.m);
  });
  return absl::OkStatus();
}

absl::Status ExchangeReveal(EvalContext& context, Channel& peer,
                            std::span<const ExchangedVector> vectors) {
  const std::span<uint8_t> message = TakeMessage(context, vectors);
  if (context.IsP1()) {
    MPCC_RETURN_IF_ERROR(peer.Recv(message));
    ForEachPart(vectors, message, [&](const auto& v, std::span<const uint8_t> part) {
      AddReceived(context, v.share, part, v.m);
    });
    return absl::OkStatus();
  }
  ForEachPart(vectors, message,
              [](const auto& v, std::span<uint8_t> part) { kernels::Pack(v.share, part); });
  MarkPublic(message);
  return peer.Send(message);
}

void DealMask(DealContext& context, uint32_t stream, RingVector l1, RingVector l2) {
  DealMaskVector(context, stream, l1, l2);
}
void DealMask(DealContext& context, uint32_t stream, BitVector l1, BitVector l2) {
  DealMaskVector(context, stream, l1, l2);
}

void DealInputMask(DealContext& context, uint32_t stream, RingVector l1, RingVector l2) {
  DealInputMaskVector(context, stream, l1, l2);
}
void DealInputMask(DealContext& context, uint32_t stream, BitVector l1, BitVector l2) {
  DealInputMaskVector(context, stream, l1, l2);
}

}  // namespace mpcc::protocol
