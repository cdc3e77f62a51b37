// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/plan_printer.h"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <numeric>
#include <span>
#include <vector>

#include "runtime/base/bytes.h"
#include "runtime/base/input_role.h"
#include "runtime/crypto/sha256.h"
#include "runtime/plain/operators.h"
#include "runtime/plan/layout.h"
#include "runtime/plan/memory.h"
#include "runtime/plan/opcodes.h"
#include "runtime/plan/signature.h"

namespace mpcc {
namespace {

constexpr std::array kParties = {"P0 (model owner)", "P1 (data owner)", "P2 (assistant)"};

// ---- summary

struct Column {
  const char* title;
  uint64_t (*value)(const plan::Cost& cost);
};

constexpr Column kColumns[] = {
    {"rounds", [](const plan::Cost& c) -> uint64_t { return c.rounds(); }},
    {"bytes P1->P2", [](const plan::Cost& c) -> uint64_t { return c.bytes_p1_to_p2(); }},
    {"bytes P2->P1", [](const plan::Cost& c) -> uint64_t { return c.bytes_p2_to_p1(); }},
    {"material", [](const plan::Cost& c) -> uint64_t { return c.material_bytes(); }},
    {"set-up", [](const plan::Cost& c) -> uint64_t { return c.setup_bytes(); }}};

std::string CostLine(const std::string& name, const plan::Cost& cost) {
  std::string line = fmt::format("  {:<12}", name);
  for (const Column& column : kColumns) line += fmt::format(" {:>13}", column.value(cost));
  return line + "\n";
}

std::string CostTable(const plan::Program& program) {
  std::string text = fmt::format("  {:<12}", "layer");
  for (const Column& column : kColumns) text += fmt::format(" {:>13}", column.title);
  text += "\n";
  for (const plan::Layer& layer : program.layers()) text += CostLine(layer.name(), layer.cost());
  return text + CostLine("total", program.cost());
}

std::string PaddingText(const plan::Program& program, const PlanInput& input) {
  if (input.role == InputRole::kOther) return "given whole";
  const std::string name(InfoOf(input.role).name);
  if (program.exact_length()) return name + ", exact length";
  if (input.role == InputRole::kPositions) return name + ", padded with the last";
  return fmt::format("{}, padded with {}", name, input.pad);
}

// Of P1: what an inference is given, and what it reveals.
std::string Signature(const plan::Program& program) {
  std::string text;
  for (const PlanInput& input : InputsOf(program))
    text += fmt::format("  input \"{}\" {} {}: {}\n", input.name,
                        input.type == plan::F32 ? "f32" : "i64", fmt::join(input.shape, "x"),
                        PaddingText(program, input));
  for (const PlanResult& result : ResultsOf(program))
    text +=
        fmt::format("  result \"{}\" f32 {}: {} value{}\n", result.name,
                    fmt::join(result.shape, "x"), result.values(), result.values() == 1 ? "" : "s");
  return text;
}

std::string ProgramSummary(const plan::Program& program) {
  const std::vector<uint64_t> memory = SlotMemory(program);
  const uint64_t buffers = std::accumulate(memory.begin(), memory.end(), uint64_t{0});
  const std::string length = program.sequence_length()
                                 ? fmt::format(" of {} tokens", program.sequence_length())
                                 : std::string();
  return fmt::format("program{}: {} steps, {} wires in {} buffers of {} bytes\n", length,
                     program.steps_size(), program.wires_size(), program.slot_bytes_size(),
                     buffers) +
         Signature(program) + CostTable(program);
}

std::string Constants(const plan::Plan& plan) {
  uint64_t bytes = 0;
  for (const plan::Constant& constant : plan.constants()) bytes += constant.bytes();
  const PredictedMemory memory = PredictMemory(plan);
  const auto megabytes = [](uint64_t size) { return 1e-6 * static_cast<double>(size); };
  return fmt::format(
      "{} constants of {} bytes, {} shared weights\n"
      "memory beside them: at most {:.1f} MB ({:.1f} of values, {:.1f} of material, {:.1f} else)\n",
      plan.constants_size(), bytes, plan.shared_constants_size(), megabytes(memory.total()),
      megabytes(memory.values), megabytes(memory.material), megabytes(memory.other));
}

// ---- steps

const char* KindName(plan::WireKind kind) {
  switch (kind) {
    case plan::ADD:
      return "add";
    case plan::RSS:
      return "rss";
    case plan::MASK:
      return "mask";
    default:
      return "local";
  }
}

std::string WireType(const plan::Wire& wire) {
  const std::string element = wire.type() == plan::RING  ? fmt::format("{}", wire.width())
                              : wire.type() == plan::F32 ? "f32"
                                                         : "i64";
  return fmt::format("{}<{},{}>@{}", KindName(wire.kind()), fmt::join(wire.shape(), "x"), element,
                     wire.slot());
}

template <typename Numbers>
void AppendNumbers(const char* what, const Numbers& numbers, std::string& line) {
  if (!numbers.empty()) line += fmt::format(" {} {}", what, fmt::join(numbers, ","));
}

std::string StepText(const plan::Program& program, const plan::Step& step) {
  std::string line = "  ";
  for (uint32_t wire : step.outputs())
    line += fmt::format("%{}:{} ", wire, WireType(program.wires(wire)));
  if (step.outputs_size() > 0) line += "= ";
  line += FindOpcode(step.opcode())->name;
  const bool plain = step.opcode() == plan::LOCAL_PLAIN;
  if (plain) line += fmt::format(" {}", plain::Operators()[step.ints(0)].name);
  for (uint32_t wire : step.inputs()) line += fmt::format(" %{}", wire);
  const std::span<const int64_t> ints(step.ints().data() + plain, step.ints_size() - plain);
  if (!ints.empty()) line += fmt::format(" [{}]", fmt::join(ints, ","));
  if (step.real() != 0) line += fmt::format(" epsilon {}", step.real());
  AppendNumbers("streams", step.streams(), line);
  AppendNumbers("constants", step.constants(), line);
  AppendNumbers("shared", step.shared(), line);
  if (!step.name().empty()) line += fmt::format(" \"{}\"", step.name());
  return line + fmt::format("  # {}\n", program.layers(step.layer()).name());
}

// ---- opcodes

std::string PartiesOf(const OpcodeInfo& info) {
  std::string text;
  for (size_t party = 0; party < info.at.size(); ++party)
    if (info.at[party].inputs != kNotHere)
      text += fmt::format("{}P{}", text.empty() ? "" : " ", party);
  return text;
}

std::string Code(const char* text) { return *text ? fmt::format("`{}`", text) : std::string(); }

}  // namespace

std::string OpcodeTable() {
  std::string text =
      "| number | opcode | operation | parties | cost row | parameters | operands |\n"
      "|---|---|---|---|---|---|---|\n";
  for (const OpcodeInfo& info : AllOpcodes())
    text +=
        fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", static_cast<int>(info.opcode),
                    plan::Opcode_Name(info.opcode), Code(info.operation), PartiesOf(info),
                    info.cost ? CostOf(*info.cost).name : "", info.parameters, Code(info.operands));
  return text;
}

std::string PlanSummary(const plan::Plan& plan) {
  std::string text = fmt::format("plan of {}, set {}, written by {}\n", kParties[plan.party()],
                                 HexString(BytesOf(plan.set_id())), plan.producer());
  text += Constants(plan);
  for (const plan::Program& program : plan.programs()) {
    text += '\n';
    text += ProgramSummary(program);
  }
  if (!plan.tokenizer().empty())
    text += fmt::format("\na tokenizer of {} bytes\n", plan.tokenizer().size());
  if (plan.disclosures_size() > 0) text += "\nwho learns what\n";
  for (const plan::Disclosure& disclosure : plan.disclosures())
    text += fmt::format("  {}: {}\n", kParties[disclosure.party()], disclosure.what());
  return text;
}

std::string ProgramText(const plan::Program& program) {
  std::string text;
  for (const plan::Step& step : program.steps()) text += StepText(program, step);
  return text;
}

}  // namespace mpcc
