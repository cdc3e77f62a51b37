// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/prediction.h"

#include <algorithm>

#include "runtime/plan/layout.h"
#include "runtime/plan/opcodes.h"
#include "runtime/plan/program_cost.h"

namespace mpcc {
namespace {

double ValueBytes(const plan::Wire& wire) {
  return static_cast<double>(VectorBytes(wire) * Components(wire.kind()));
}

double BytesTouched(const plan::Plan& plan, const plan::Program& program, const plan::Step& step) {
  double bytes = 0;
  for (uint32_t wire : step.inputs()) bytes += ValueBytes(program.wires(wire));
  for (uint32_t wire : step.outputs()) bytes += ValueBytes(program.wires(wire));
  for (const PackedVector& vector : DealtVectorsOf(plan, program, step))
    bytes += static_cast<double>(vector.Bytes());
  return bytes;
}

// The inner extent of a product of matrices is the last one of its left operand; 0 for other steps.
uint64_t InnerExtent(const plan::Program& program, const plan::Step& step) {
  if (step.opcode() != plan::LINEAR && step.opcode() != plan::MATMUL) return 0;
  return ShapeOf(program.wires(step.inputs(0))).back();
}

}  // namespace

PredictedTime NetworkTime(const plan::Cost& cost, const NetworkProfile& network,
                          const MachineProfile& machine) {
  PredictedTime time;
  const double bits =
      8 * static_cast<double>(std::max(cost.bytes_p1_to_p2(), cost.bytes_p2_to_p1()));
  const auto rounds = static_cast<double>(cost.rounds());
  time.exchange_seconds =
      std::max(rounds * machine.seconds_per_exchange,
               rounds * network.RoundSeconds() + bits / network.online_bits_per_second);
  const auto material = static_cast<double>(cost.material_bytes());
  time.offline_seconds = std::max(material * machine.deal_seconds_per_byte,
                                  8 * material / network.offline_bits_per_second);
  return time;
}

PredictedTime& PredictedTime::operator+=(const PredictedTime& other) {
  compute_seconds += other.compute_seconds;
  exchange_seconds += other.exchange_seconds;
  offline_seconds += other.offline_seconds;
  return *this;
}

PredictedTime SumOf(const std::vector<PredictedTime>& layers) {
  PredictedTime total;
  for (const PredictedTime& layer : layers) total += layer;
  return total;
}

double WorkOf(const plan::Plan& plan, const plan::Program& program, const plan::Step& step) {
  if (step.outputs().empty()) return 0;
  const uint64_t inner = InnerExtent(program, step);
  if (inner > 0) return static_cast<double>(ElementCount(program.wires(step.outputs(0))) * inner);
  return BytesTouched(plan, program, step);
}

std::map<std::string, double> WorkByOpcode(const plan::Plan& plan, const plan::Program& program) {
  std::map<std::string, double> work;
  for (const plan::Step& step : program.steps())
    if (const double units = WorkOf(plan, program, step); units > 0)
      work[FindOpcode(step.opcode())->name] += units;
  return work;
}

std::vector<PredictedTime> PredictLayers(const plan::Plan& plan, const plan::Program& program,
                                         const NetworkProfile& network,
                                         const MachineProfile& machine) {
  std::vector<PredictedTime> layers;
  for (const plan::Layer& layer : program.layers())
    layers.push_back(NetworkTime(layer.cost(), network, machine));
  if (plan.party() == 0) return layers;
  for (const plan::Step& step : program.steps()) {
    const auto rate = machine.seconds_per_unit.find(FindOpcode(step.opcode())->name);
    if (rate != machine.seconds_per_unit.end())
      layers[step.layer()].compute_seconds += WorkOf(plan, program, step) * rate->second;
  }
  return layers;
}

MachineProfile MeasuredMachine(const plan::Plan& plan, const plan::Program& program,
                               const MeasuredRun& run) {
  MachineProfile machine;
  const plan::Cost& cost = program.cost();
  if (cost.rounds() > 0)
    machine.seconds_per_exchange = run.exchange_seconds / static_cast<double>(cost.rounds());
  if (cost.material_bytes() > 0)
    machine.deal_seconds_per_byte = run.deal_seconds / static_cast<double>(cost.material_bytes());
  for (const auto& [opcode, work] : WorkByOpcode(plan, program))
    if (const auto seconds = run.seconds_by_opcode.find(opcode);
        seconds != run.seconds_by_opcode.end())
      machine.seconds_per_unit[opcode] = seconds->second / work;
  return machine;
}

}  // namespace mpcc
