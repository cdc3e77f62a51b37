// SPDX-License-Identifier: Apache-2.0
// What an input of an encoder is, under the names that compiler, plans and inputs' files use.
#ifndef MPCC_RUNTIME_BASE_INPUT_ROLE_H_
#define MPCC_RUNTIME_BASE_INPUT_ROLE_H_

#include <cstdint>
#include <string_view>

namespace mpcc {

// The numbers stand in plans.
enum class InputRole {
  kOther = 0,      // given whole, by its own name
  kIds = 1,        // token ids
  kMask = 2,       // 1 keeps a token, 0 drops it
  kTypes = 3,      // segment of a token
  kPositions = 4,  // place of a token
  kBias = 5,       // a mask that is added to scores: 0 keeps, kDropped drops
  kCount
};

// Exponentials of scores that far below others are 0.
inline constexpr int64_t kDropped = -10000;

struct InputRoleInfo {
  InputRole role;
  std::string_view name;   // nn.role, and in reports
  std::string_view usual;  // the name that inputs may have instead of the file's own, "" for none
};

inline constexpr InputRoleInfo kInputRoles[] = {
    {InputRole::kOther, "", ""},
    {InputRole::kIds, "ids", "input_ids"},
    {InputRole::kMask, "mask", "attention_mask"},
    {InputRole::kTypes, "types", "token_type_ids"},
    {InputRole::kPositions, "positions", "position_ids"},
    {InputRole::kBias, "bias", ""},
};

struct UsualInputName {
  std::string_view name;
  InputRole role;
};

inline constexpr UsualInputName kUsualInputNames[] = {
    {"input_ids", InputRole::kIds},
    {"input_word_ids", InputRole::kIds},
    {"ids", InputRole::kIds},
    {"attention_mask", InputRole::kMask},
    {"input_mask", InputRole::kMask},
    {"token_type_ids", InputRole::kTypes},
    {"segment_ids", InputRole::kTypes},
    {"input_type_ids", InputRole::kTypes},
    {"position_ids", InputRole::kPositions},
};

constexpr const InputRoleInfo& InfoOf(InputRole role) {
  return kInputRoles[static_cast<int>(role)];
}

constexpr InputRole InputRoleNamed(std::string_view name) {
  for (const InputRoleInfo& info : kInputRoles)
    if (info.name == name) return info.role;
  return InputRole::kOther;
}

// The role of an input with one of the usual names.
constexpr InputRole RoleOfUsualName(std::string_view name) {
  for (const UsualInputName& row : kUsualInputNames)
    if (row.name == name) return row.role;
  return InputRole::kOther;
}

}  // namespace mpcc

#endif  // MPCC_RUNTIME_BASE_INPUT_ROLE_H_
