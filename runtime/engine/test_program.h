// SPDX-License-Identifier: Apache-2.0
// A hand-made program of two layers in which every opcode occurs, and what it must answer.
#ifndef MPCC_RUNTIME_ENGINE_TEST_PROGRAM_H_
#define MPCC_RUNTIME_ENGINE_TEST_PROGRAM_H_

#include <map>
#include <string>
#include <vector>

#include "mpcc/tensor.h"
#include "runtime/plan/test_plans.h"

namespace mpcc::engine {

// Takes "input_ids" I64 [2], ids 0 to 4.
TestPlans EveryOpcodeProgram();

// Its outputs by name.
std::map<std::string, std::vector<float>> EveryOpcodeAnswer(const std::vector<int64_t>& ids);

}  // namespace mpcc::engine

#endif  // MPCC_RUNTIME_ENGINE_TEST_PROGRAM_H_
