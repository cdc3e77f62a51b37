// SPDX-License-Identifier: Apache-2.0
#include "mpcc/plan.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "runtime/plan/plan_file.h"
#include "runtime/plan/prediction.h"
#include "tools/python/bindings/module.h"

namespace mpcc::python {
namespace {

// Online and offline seconds of each program on a network, what the machines take left out.
std::vector<std::pair<double, double>> Predict(const Plan& plan, const std::string& net,
                                               const std::string& uplink) {
  NetworkProfile network;
  Check(SetNetwork(network, net));
  if (!uplink.empty()) Check(SetUplink(network, uplink));
  std::vector<std::pair<double, double>> times;
  for (const plan::Program& program : plan.loaded()->plan().programs()) {
    PredictedTime sum;
    for (const PredictedTime& layer : PredictLayers(plan.loaded()->plan(), program, network, {}))
      sum += layer;
    times.emplace_back(sum.online_seconds(), sum.offline_seconds);
  }
  return times;
}

void AddCost(nb::module_& module) {
  nb::class_<Cost>(module, "Cost", "What an inference costs. Bytes are payload.")
      .def_ro("rounds", &Cost::rounds)
      .def_ro("messages_p1_to_p2", &Cost::messages_p1_to_p2)
      .def_ro("messages_p2_to_p1", &Cost::messages_p2_to_p1)
      .def_ro("bytes_p1_to_p2", &Cost::bytes_p1_to_p2)
      .def_ro("bytes_p2_to_p1", &Cost::bytes_p2_to_p1)
      .def_ro("material_bytes", &Cost::material_bytes, "from P0 to P2, for each inference")
      .def_ro("setup_bytes", &Cost::setup_bytes, "from P0 to P2, once");
}

void AddInfos(nb::module_& module) {
  nb::class_<InputInfo>(module, "InputInfo")
      .def_ro("name", &InputInfo::name)
      .def_prop_ro("dtype",
                   [](const InputInfo& input) {
                     return input.type == ElementType::kF32 ? "float32" : "int64";
                   })
      .def_ro("shape", &InputInfo::shape);
  nb::class_<OutputInfo>(module, "OutputInfo")
      .def_ro("name", &OutputInfo::name)
      .def_ro("shape", &OutputInfo::shape);
  nb::class_<LayerInfo>(module, "LayerInfo")
      .def_ro("name", &LayerInfo::name)
      .def_ro("cost", &LayerInfo::cost);
  nb::class_<ProgramInfo>(module, "ProgramInfo")
      .def_ro("sequence_length", &ProgramInfo::sequence_length)
      .def_ro("exact_length", &ProgramInfo::exact_length)
      .def_ro("inputs", &ProgramInfo::inputs)
      .def_ro("outputs", &ProgramInfo::outputs)
      .def_ro("layers", &ProgramInfo::layers)
      .def_ro("cost", &ProgramInfo::cost);
}

}  // namespace

void AddPlan(nb::module_& module) {
  AddCost(module);
  AddInfos(module);
  nb::class_<Plan>(module, "Plan", "A party's plan, validated.")
      .def_static(
          "open",
          [](const std::string& path) {
            return ValueOf(Unlocked([&] { return Plan::Open(path); }));
          },
          nb::arg("path"))
      .def_prop_ro("party", [](const Plan& plan) { return PartyIndex(plan.party()); })
      .def_prop_ro("programs", [](const Plan& plan) { return plan.programs(); })
      .def_prop_ro("tokenizer", [](const Plan& plan) { return plan.tokenizer(); })
      .def(
          "predict",
          [](const Plan& plan, const std::string& net, const std::string& uplink) {
            nb::list times;
            for (const auto& [online, offline] : Predict(plan, net, uplink))
              times.append(nb::make_tuple(online, offline));
            return times;
          },
          nb::arg("net"), nb::arg("uplink") = "");
}

}  // namespace mpcc::python
