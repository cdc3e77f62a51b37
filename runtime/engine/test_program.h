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

// A program of one table: takes "x" F32 [elements], integers from -128 to 127, and gives "y", for
// each x TableEntry of its 8 bits. 256 bytes of material for each.
TestPlans TableProgram(uint32_t elements);
uint64_t TableEntry(uint64_t x);

// A program of bits, with the same input: "y" is 0 for an even x, 1 for one of 5 modulo 16, else 4.
TestPlans BitsProgram(uint32_t elements);

}  // namespace mpcc::engine

#endif  // MPCC_RUNTIME_ENGINE_TEST_PROGRAM_H_
