// SPDX-License-Identifier: Apache-2.0
// A line of JSON that P1 is given, to tensors of its plan's inputs and back to a line. Needs no
// corpus: its words are below.
#include <cstring>
#include <random>
#include <string>

#include "runtime/base/input_role.h"
#include "runtime/session/bucket.h"
#include "tools/party_io.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {

constexpr const char* kWords[] = {"{\"input_ids\":",
                                  "\"attention_mask\":",
                                  "\"token_type_ids\":",
                                  "\"position_ids\":",
                                  "\"bias\":",
                                  "[[1,2],[3]]",
                                  "[1,5,9]",
                                  "[0.5]",
                                  "[true,false]",
                                  "[1e300]",
                                  "[-1]",
                                  "9223372036854775807",
                                  "18446744073709551615",
                                  "1e400",
                                  "null",
                                  "\"\\ud800\"",
                                  "[[[[[[[[[",
                                  "{",
                                  "}",
                                  "[",
                                  "]",
                                  ",",
                                  "-0.0",
                                  "{\"x\":{\"y\":1}}"};

void Add(mpcc::plan::Program& program, const char* name, mpcc::InputRole role,
         const std::vector<uint32_t>& shape, mpcc::plan::ElementType type) {
  mpcc::plan::Wire& wire = *program.add_wires();
  wire.mutable_shape()->Add(shape.begin(), shape.end());
  wire.set_type(type);
  mpcc::plan::Step& step = *program.add_steps();
  step.set_opcode(mpcc::plan::LOCAL_ARGUMENT);
  step.set_name(name);
  step.add_ints(static_cast<int64_t>(role));
  step.add_ints(0);
  step.add_outputs(program.wires_size() - 1);
}

// Two buckets, an input of each role.
mpcc::plan::Plan MakePlan() {
  using mpcc::InputRole;
  mpcc::plan::Plan plan;
  for (const uint32_t tokens : {2, 4}) {
    mpcc::plan::Program& program = *plan.add_programs();
    program.set_sequence_length(tokens);
    Add(program, "input_ids", InputRole::kIds, {1, tokens}, mpcc::plan::I64);
    Add(program, "attention_mask", InputRole::kMask, {1, tokens}, mpcc::plan::F32);
    Add(program, "token_type_ids", InputRole::kTypes, {1, tokens}, mpcc::plan::I64);
    Add(program, "position_ids", InputRole::kPositions, {1, tokens}, mpcc::plan::I64);
    Add(program, "bias", InputRole::kBias, {1, tokens, tokens}, mpcc::plan::F32);
  }
  return plan;
}

// A line, whatever a refusal quotes.
void CheckLine(const absl::Status& status) {
  const std::string line =
      mpcc::AnswerToJson(status).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  if (line.find('\n') != std::string::npos) __builtin_trap();
}

}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  std::minstd_rand random(seed);
  if (random() % 2) return LLVMFuzzerMutate(data, size, max_size);
  std::string text(reinterpret_cast<const char*>(data), size);
  text.insert(random() % (text.size() + 1), kWords[random() % std::size(kWords)]);
  if (text.size() > max_size) return size;
  std::memcpy(data, text.data(), text.size());
  return text.size();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const mpcc::plan::Plan plan = MakePlan();
  const auto inputs = mpcc::InputsFromJson(std::string(reinterpret_cast<const char*>(data), size));
  if (!inputs.ok()) return CheckLine(inputs.status()), 0;
  for (const mpcc::NamedTensors& given : *inputs) {
    const auto fitted = mpcc::session::FitToBucket(plan, given);
    if (!fitted.ok()) {
      CheckLine(fitted.status());
      continue;
    }
    if (fitted->inputs.size() != 5) __builtin_trap();
  }
  return 0;
}
