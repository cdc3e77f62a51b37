// SPDX-License-Identifier: Apache-2.0
// How long an inference takes on a network, from what its plan says that it costs.
#ifndef MPCC_RUNTIME_PLAN_PREDICTION_H_
#define MPCC_RUNTIME_PLAN_PREDICTION_H_

#include <map>
#include <string>
#include <vector>

#include "runtime/base/network_profile.h"
#include "runtime/plan/plan.pb.h"

namespace mpcc {

// What a machine takes for its part, measured with one model (MeasuredMachine). Zero: nothing.
struct MachineProfile {
  double seconds_per_exchange = 0;                   // between two processes on it
  double deal_seconds_per_byte = 0;                  // of material, at P0
  std::map<std::string, double> seconds_per_unit{};  // of WorkOf, by the opcode's name
};

// From P0's plan, which has no online steps, only the last one.
struct PredictedTime {
  double compute_seconds = 0;  // of P1 or P2
  double exchange_seconds = 0;
  double offline_seconds = 0;  // until P2 has the material: P0 deals while it sends

  double online_seconds() const { return compute_seconds + exchange_seconds; }
  PredictedTime& operator+=(const PredictedTime& other);
};
PredictedTime SumOf(const std::vector<PredictedTime>& layers);

// What messages and material of these costs take: on the links, or on the machine if that is more.
PredictedTime NetworkTime(const plan::Cost& cost, const NetworkProfile& network,
                          const MachineProfile& machine = {});

// How much a step computes: multiplications of a product of matrices, else bytes that it reads and
// writes, dealt ones included. That of an exchange is masking and packing.
double WorkOf(const plan::Plan& plan, const plan::Program& program, const plan::Step& step);

// By opcode's name, of all steps of a program.
std::map<std::string, double> WorkByOpcode(const plan::Plan& plan, const plan::Program& program);

// By layer. A message takes half a round trip and its bytes, or what it takes on the machine if
// that is more: on links like simulated ones, which let the machine's part pass meanwhile. Masking
// and packing come on top.
std::vector<PredictedTime> PredictLayers(const plan::Plan& plan, const plan::Program& program,
                                         const NetworkProfile& network,
                                         const MachineProfile& machine);

// What an inference without simulated links took, at a party with such a plan.
struct MeasuredRun {
  double exchange_seconds = 0, deal_seconds = 0;
  std::map<std::string, double> seconds_by_opcode{};
};
MachineProfile MeasuredMachine(const plan::Plan& plan, const plan::Program& program,
                               const MeasuredRun& run);

}  // namespace mpcc

#endif  // MPCC_RUNTIME_PLAN_PREDICTION_H_
