// SPDX-License-Identifier: Apache-2.0
#include "runtime/crypto/session_keys.h"

#include <array>
#include <string_view>
#include <vector>

#include "runtime/base/secure_buffer.h"
#include "runtime/base/status_macros.h"
#include "runtime/crypto/hkdf.h"

namespace mpcc {
namespace {

constexpr std::string_view kSetup = "mpcc setup";
constexpr std::string_view kInference = "mpcc inference";

template <typename T>
void AppendBigEndian(T value, std::vector<uint8_t>& out) {
  for (int shift = 8 * sizeof(T) - 8; shift >= 0; shift -= 8)
    out.push_back(static_cast<uint8_t>(value >> shift));
}

absl::StatusOr<Prg> DerivePrg(std::span<const uint8_t> seed, std::span<const uint8_t> salt,
                              std::span<const uint8_t> info) {
  SecureBuffer key(Prg::kKeyBytes);
  MPCC_RETURN_IF_ERROR(HkdfSha256(seed, salt, info, key.span()));
  return Prg(key.span().first<Prg::kKeyBytes>());
}

}  // namespace

absl::StatusOr<Prg> SetupPrg(std::span<const uint8_t, kSeedBytes> seed,
                             std::span<const uint8_t, kPlanSetIdBytes> plan_set_id) {
  const std::vector<uint8_t> info(kSetup.begin(), kSetup.end());
  return DerivePrg(seed, plan_set_id, info);
}

absl::StatusOr<Prg> InferencePrg(std::span<const uint8_t, kSeedBytes> seed,
                                 std::span<const uint8_t, kPlanSetIdBytes> plan_set_id,
                                 uint32_t program, uint64_t inference_number) {
  std::vector<uint8_t> info(kInference.begin(), kInference.end());
  AppendBigEndian(program, info);
  AppendBigEndian(inference_number, info);
  return DerivePrg(seed, plan_set_id, info);
}

}  // namespace mpcc
