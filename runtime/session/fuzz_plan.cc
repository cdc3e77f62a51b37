// SPDX-License-Identifier: Apache-2.0
// Any plan: 4 bytes, little endian, with the length of the Plan message, the message, and the
// constant section. There are no hashes, which a fuzzer would not get past, and changes are made
// field by field: needs no corpus to begin with.
#include <cstdint>
#include <cstring>
#include <optional>
#include <random>
#include <string>

#include "runtime/engine/test_program.h"
#include "runtime/plan/plan_mutator.h"
#include "runtime/session/untrusted_plan.h"

namespace {

struct Input {
  mpcc::plan::Plan plan;
  std::string constants;
};

std::optional<Input> Parse(std::string_view bytes) {
  uint32_t message = 0;
  if (bytes.size() < sizeof(message)) return std::nullopt;
  std::memcpy(&message, bytes.data(), sizeof(message));
  bytes.remove_prefix(sizeof(message));
  Input input;
  if (message > bytes.size() || !input.plan.ParseFromArray(bytes.data(), static_cast<int>(message)))
    return std::nullopt;
  input.constants = bytes.substr(message);
  return input;
}

Input ValidInput(unsigned seed) {
  mpcc::TestPlans plans = mpcc::engine::EveryOpcodeProgram();
  const int party = static_cast<int>(seed % 3);
  const auto constants = plans.constants(party);
  return {plans.plan(party), {constants.begin(), constants.end()}};
}

std::span<const uint8_t> Bytes(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  auto input = Parse({reinterpret_cast<const char*>(data), size});
  if (!input) input = ValidInput(seed);
  std::mt19937_64 random(seed);
  if (random() % 8 == 0 && !input->constants.empty())
    input->constants[random() % input->constants.size()] ^= static_cast<char>(1 << random() % 8);
  else
    mpcc::MutatePlan(input->plan, random);
  mpcc::MendCosts(input->plan, Bytes(input->constants));
  const std::string message = input->plan.SerializeAsString();
  const auto length = static_cast<uint32_t>(message.size());
  const std::string result = std::string(reinterpret_cast<const char*>(&length), sizeof(length)) +
                             message + input->constants;
  if (result.size() > max_size) return size;
  std::memcpy(data, result.data(), result.size());
  return result.size();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto input = Parse({reinterpret_cast<const char*>(data), size});
  if (!input) return 0;
  const auto ran = mpcc::session::RunUntrustedPlan(std::move(input->plan), Bytes(input->constants));
  if (absl::IsInternal(ran.status())) __builtin_trap();
  return 0;
}
