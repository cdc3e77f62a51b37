// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_RUNTIME_MATERIAL_INSTANCE_ID_H_
#define MPCC_RUNTIME_MATERIAL_INSTANCE_ID_H_

#include <array>
#include <cstdint>
#include <string>

#include "runtime/crypto/sha256.h"

namespace mpcc {

// A set-up of one compilation: seeds, weight shares and inference numbers belong to it.
struct InstanceId {
  std::array<uint8_t, 32> plan_set_id{};
  std::array<uint8_t, 16> instance{};

  bool operator==(const InstanceId&) const = default;
};

// 32 hexadecimal digits; files of an instance have names that begin so.
inline std::string InstanceText(const InstanceId& instance) { return HexString(instance.instance); }

}  // namespace mpcc

#endif  // MPCC_RUNTIME_MATERIAL_INSTANCE_ID_H_
