// SPDX-License-Identifier: Apache-2.0
#include "tools/plan_json.h"

#include <string>
#include <vector>

#include "runtime/base/bytes.h"
#include "runtime/crypto/sha256.h"
#include "runtime/plan/memory.h"
#include "runtime/plan/signature.h"
#include "tools/inspect_sizing.h"

namespace mpcc {
namespace {

using Json = nlohmann::json;

// The predicted cost under the names of the plan format.
Json CostToJson(const plan::Cost& cost) {
  return {{"rounds", cost.rounds()},
          {"messages_p1_to_p2", cost.messages_p1_to_p2()},
          {"messages_p2_to_p1", cost.messages_p2_to_p1()},
          {"bytes_p1_to_p2", cost.bytes_p1_to_p2()},
          {"bytes_p2_to_p1", cost.bytes_p2_to_p1()},
          {"material_bytes", cost.material_bytes()},
          {"setup_bytes", cost.setup_bytes()}};
}

// What pads an input: a number, "last" for its last number, null for none.
Json PaddingToJson(const plan::Program& program, const PlanInput& input) {
  if (input.role == InputRole::kOther || program.exact_length()) return nullptr;
  return input.role == InputRole::kPositions ? Json("last") : Json(input.pad);
}

Json InputsToJson(const plan::Program& program) {
  Json inputs = Json::array();
  for (const PlanInput& input : InputsOf(program))
    inputs.push_back({{"name", input.name},
                      {"role", std::string(InfoOf(input.role).name)},
                      {"type", input.type == plan::F32 ? "f32" : "i64"},
                      {"shape", input.shape},
                      {"padding", PaddingToJson(program, input)}});
  return inputs;
}

Json ResultsToJson(const plan::Program& program) {
  Json results = Json::array();
  for (const PlanResult& result : ResultsOf(program))
    results.push_back(
        {{"name", result.name}, {"shape", result.shape}, {"values", result.values()}});
  return results;
}

Json TimeToJson(const PredictedTime& time) {
  return {{"online_seconds", time.online_seconds()},
          {"compute_seconds", time.compute_seconds},
          {"exchange_seconds", time.exchange_seconds},
          {"offline_seconds", time.offline_seconds}};
}

// Adds the times of a program and of its layers, if there is a network to predict them for.
void AddTimes(const plan::Plan& plan, const plan::Program& program,
              const PredictionOptions& prediction, Json& json) {
  if (!prediction.network) return;
  const auto layers = PredictLayers(plan, program, *prediction.network, prediction.machine);
  if (prediction.rate > 0) json["sizing"] = SizingJson(plan, program, prediction.sizing());
  json["predicted"] = TimeToJson(SumOf(layers));
  for (size_t i = 0; i < layers.size(); ++i) json["layers"][i]["predicted"] = TimeToJson(layers[i]);
}

// Of each layer: where it ends in the order of steps. Layers are listed by name.
std::vector<int> LastSteps(const plan::Program& program) {
  std::vector<int> last(program.layers_size());
  for (int i = 0; i < program.steps_size(); ++i) last[program.steps(i).layer()] = i;
  return last;
}

Json ProgramToJson(const plan::Plan& plan, const plan::Program& program,
                   const PredictionOptions& prediction) {
  const std::vector<int> last = LastSteps(program);
  Json layers = Json::array();
  for (const plan::Layer& layer : program.layers())
    layers.push_back({{"name", layer.name()},
                      {"last_step", last[layers.size()]},
                      {"cost", CostToJson(layer.cost())}});
  Json json = {{"sequence_length", program.sequence_length()},
               {"exact_length", program.exact_length()},
               {"inputs", InputsToJson(program)},
               {"results", ResultsToJson(program)},
               {"steps", program.steps_size()},
               {"cost", CostToJson(program.cost())},
               {"layers", layers}};
  AddTimes(plan, program, prediction, json);
  return json;
}

Json DisclosuresToJson(const plan::Plan& plan) {
  Json disclosures = Json::array();
  for (const plan::Disclosure& disclosure : plan.disclosures())
    disclosures.push_back(
        {{"party", disclosure.party()}, {"what", disclosure.what()}, {"leak", disclosure.leak()}});
  return disclosures;
}

}  // namespace

Json PlanToJson(const plan::Plan& plan, const PredictionOptions& prediction) {
  Json programs = Json::array();
  for (const plan::Program& program : plan.programs())
    programs.push_back(ProgramToJson(plan, program, prediction));
  const PredictedMemory memory = PredictMemory(plan);
  return {{"party", plan.party()},
          {"set", HexString(BytesOf(plan.set_id()))},
          {"producer", plan.producer()},
          {"memory_bytes",
           {{"values", memory.values}, {"material", memory.material}, {"other", memory.other}}},
          {"tokenizer_bytes", plan.tokenizer().size()},
          {"programs", programs},
          {"disclosures", DisclosuresToJson(plan)}};
}

}  // namespace mpcc
