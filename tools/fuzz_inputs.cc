// SPDX-License-Identifier: Apache-2.0
// Lines of JSON that P1 is given, to tensors of its plan's inputs, and back to lines of a file: an
// answer, of its inputs as they would be shared, or why there is none. The first byte says which
// plan. Needs no corpus: its words are below.
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <random>
#include <sstream>
#include <string>
#include <utility>

#include "runtime/base/input_role.h"
#include "runtime/base/output_file.h"
#include "runtime/material/fuzz_directory.h"
#include "runtime/session/bucket.h"
#include "tools/party_io.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {

constexpr const char* kWords[] = {
    "{\"input_ids\":[1,2,3]}\n",
    "{\"input_ids\":[[1,2],[3,4]],\"attention_mask\":[[1,0],[1,1]]}\n",
    "{\"input_ids\":[1,2],\"attention_mask\":[0.5,2]}\n",
    "{\"input_ids\":[1,2],\"token_type_ids\":[0.0,1.0]}\n",
    "{\"input_ids\":[1,2],\"position_ids\":[0.5,1]}\n",
    "{\"input_ids\":[1,2],\"bias\":[[0,1.5],[-1,2]]}\n",
    "{\"input_ids\":[1],\"input_ids\":[-1]}\n",
    "[7,8]\n",
    "\n",
    "{\"input_ids\":",
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
    "\"x\":[1,2.5]",
    "{\"x\":{\"y\":1}}",
    "{\"x\":{\"x\":{\"x\":{\"x\":{\"x\":{\"x\":{\"x\":{\"x\":"};

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

// Two buckets, an input of each role; lengths that must fit and an input without a role; no ids.
enum PlanKind { kBuckets, kExact, kWithoutIds, kPlanKinds };

mpcc::plan::Plan MakePlan(PlanKind kind) {
  using mpcc::InputRole;
  mpcc::plan::Plan plan;
  for (const uint32_t tokens : {2, 4}) {
    mpcc::plan::Program& program = *plan.add_programs();
    program.set_sequence_length(tokens);
    program.set_exact_length(kind == kExact);
    if (kind != kWithoutIds)
      Add(program, "input_ids", InputRole::kIds, {1, tokens}, mpcc::plan::I64);
    if (kind != kBuckets) Add(program, "x", InputRole::kOther, {1, tokens}, mpcc::plan::F32);
    Add(program, "attention_mask", InputRole::kMask, {1, tokens}, mpcc::plan::F32);
    Add(program, "token_type_ids", InputRole::kTypes, {1, tokens}, mpcc::plan::I64);
    Add(program, "position_ids", InputRole::kPositions, {1, tokens}, mpcc::plan::I64);
    Add(program, "bias", InputRole::kBias, {1, tokens, tokens}, mpcc::plan::F32);
  }
  return plan;
}

void Require(bool holds) {
  if (!holds) __builtin_trap();
}

const mpcc::FuzzDirectory& Directory() {
  static const mpcc::FuzzDirectory directory;
  return directory;
}

// What the bytes of a standard input are read from.
class InputFile {
 public:
  InputFile() : fd_(memfd_create("input", MFD_CLOEXEC)) { Require(fd_ >= 0); }
  ~InputFile() { close(fd_); }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  int Holding(std::string_view bytes) const {
    Require(ftruncate(fd_, 0) == 0);
    Require(pwrite(fd_, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    Require(lseek(fd_, 0, SEEK_SET) == 0);
    return fd_;
  }

 private:
  int fd_;
};

// A model that answers with its inputs.
absl::StatusOr<mpcc::Answer> Ask(const mpcc::plan::Plan& plan, const mpcc::NamedTensors& inputs) {
  auto fitted = mpcc::session::FitToBucket(plan, inputs);
  if (!fitted.ok()) return fitted.status();
  mpcc::Answer answer;
  answer.program = fitted->program;
  answer.outputs = std::move(fitted->inputs);
  return answer;
}

// The answers' lines: each is JSON, whatever a refusal quotes.
class Asked {
 public:
  explicit Asked(std::string path) : path_(std::move(path)), lines_(path_) {
    unlink(path_.c_str());
  }

  void Add(const absl::StatusOr<mpcc::Answer>& answer) {
    lines_.Add(answer);
    ++count_;
    answered_ |= answer.ok();
  }

  void Finish() {
    Require(mpcc::CheckOutput(path_).ok() && lines_.Finish().ok());
    const auto text = mpcc::ReadTextFile(path_);
    Require(text.ok() == answered_);
    if (!answered_) return;
    std::istringstream file(*text);
    for (std::string line; std::getline(file, line); --count_)
      Require(nlohmann::json::accept(line));
    Require(count_ == 0);
  }

 private:
  std::string path_;
  mpcc::AnswerLines lines_;
  int count_ = 0;
  bool answered_ = false;
};

}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  std::minstd_rand random(seed);
  if (random() % 2) return LLVMFuzzerMutate(data, size, max_size);
  std::string text(reinterpret_cast<const char*>(data), size);
  if (text.empty()) text = static_cast<char>(random());
  text.insert(1 + random() % text.size(), kWords[random() % std::size(kWords)]);
  if (text.size() > max_size) return size;
  std::memcpy(data, text.data(), text.size());
  return text.size();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const mpcc::plan::Plan plans[] = {MakePlan(kBuckets), MakePlan(kExact),
                                           MakePlan(kWithoutIds)};
  static const InputFile input;
  if (size == 0) return 0;
  const mpcc::plan::Plan& plan = plans[data[0] % kPlanKinds];
  mpcc::LineReader reader(input.Holding({reinterpret_cast<const char*>(data + 1), size - 1}));
  Asked asked(Directory().path() + "/answers");
  std::string line;
  while (reader.Next(/*timeout_ms=*/0, &line).ok()) {
    const auto inputs = mpcc::InputsFromJson(line);
    if (!inputs.ok())
      asked.Add(inputs.status());
    else
      for (const mpcc::NamedTensors& given : *inputs) asked.Add(Ask(plan, given));
  }
  asked.Finish();
  return 0;
}
