// SPDX-License-Identifier: Apache-2.0
#include "ir/reference/mpc_random.h"

#include <utility>

#include "runtime/base/ring.h"
#include "runtime/base/status_macros.h"

namespace mpcc::reference {
namespace {

// Bits [begin, begin + width), least significant first within each byte.
uint64_t Bits(const std::vector<uint8_t>& bytes, size_t begin, int width) {
  uint64_t out = 0;
  for (int b = 0; b < width; ++b) {
    const size_t bit = begin + b;
    out |= static_cast<uint64_t>(bytes[bit / 8] >> (bit % 8) & 1) << b;
  }
  return out;
}

}  // namespace

RandomSource::RandomSource(Prg k01, Prg k02, Prg setup01)
    : prgs_{std::move(k01), std::move(k02), std::move(setup01)} {}

absl::StatusOr<RandomSource> RandomSource::Create(const SessionKeys& keys) {
  MPCC_ASSIGN_OR_RETURN(Prg k01,
                        InferencePrg(keys.seed01, keys.plan_set_id, keys.program, keys.inference));
  MPCC_ASSIGN_OR_RETURN(Prg k02,
                        InferencePrg(keys.seed02, keys.plan_set_id, keys.program, keys.inference));
  MPCC_ASSIGN_OR_RETURN(Prg setup01, SetupPrg(keys.seed01, keys.plan_set_id));
  return RandomSource(std::move(k01), std::move(k02), std::move(setup01));
}

Ring RandomSource::Vector(PairKey key, Stream stream, size_t count, int width) {
  std::vector<uint8_t> bytes(PackedBytes(count, width));
  prgs_[static_cast<size_t>(key)].Fill(stream.id(), 0, bytes);
  Ring out(count);
  for (size_t i = 0; i < count; ++i) out[i] = Bits(bytes, i * width, width);
  return out;
}

uint64_t RandomSource::Element(PairKey key, Stream stream, uint64_t index, int width) {
  const uint64_t begin = index * width;
  std::vector<uint8_t> bytes((begin % 8 + width + 7) / 8);
  prgs_[static_cast<size_t>(key)].Fill(stream.id(), begin / 8, bytes);
  return Bits(bytes, begin % 8, width);
}

SessionKeys KeysFromSeed(uint64_t seed) {
  SessionKeys keys;
  for (int b = 0; b < 8; ++b) keys.seed01[b] = keys.seed02[b] = seed >> (8 * b);
  keys.seed02[8] = 1;
  return keys;
}

}  // namespace mpcc::reference
