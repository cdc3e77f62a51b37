// SPDX-License-Identifier: Apache-2.0
#include "test/leak/views.h"

#include <map>
#include <optional>

#include "runtime/base/status_macros.h"
#include "test/leak/programs.h"

namespace mpcc::leak {
namespace {

// Distributions of views over all seeds, each as a sum of hashes.
struct Views {
  std::array<uint64_t, 3> of{};
};

class Judgement {
 public:
  explicit Judgement(const Programs& programs)
      : programs_(programs),
        inputs_(uint64_t{1} << programs.input_bits()),
        models_(uint64_t{1} << programs.model_bits()) {
    machine_.values.resize(programs.values());
  }

  Verdict Run() {
    Verdict verdict{ModelAsResult() ? "P1, as a result" : "", false};
    for (uint64_t input = 0; input < inputs_ && verdict.leak.empty(); ++input)
      verdict.leak = LeakFor(input);
    verdict.works = !machine_.wrong;
    return verdict;
  }

 private:
  // What is meant, with whatever seed.
  Elements ResultsOf(uint64_t input, uint64_t model) {
    Start(input, model);
    for (const Step& step : programs_.steps()) step.run(machine_);
    machine_.wrong = false;
    return machine_.results;
  }

  Views ViewsOf(uint64_t input, uint64_t model) {
    Start(input, model);
    Views sum;
    RunAllSeeds(programs_.steps(), 0, 0, machine_, [&](const Machine& m) {
      sum.of[0] += Mix(m.seen[0], 1);
      for (int party : {1, 2})
        sum.of[party] += Mix(Mix(m.seen[party], m.seed & programs_.streams().KnownTo(party)), 1);
    });
    return sum;
  }

  void Start(uint64_t input, uint64_t model) {
    machine_.input = input;
    machine_.model = model;
    machine_.seed = 0;
    machine_.seen = {};
  }

  // An element that no input changes, but the model does.
  bool ModelAsResult() {
    for (size_t e = 0; e < programs_.results(); ++e) {
      bool of_input = false, of_model = false;
      const uint8_t first = ResultsOf(0, 0)[e];
      for (uint64_t model = 0; model < models_; ++model) {
        const uint8_t result = ResultsOf(0, model)[e];
        of_model |= result != first;
        for (uint64_t input = 1; input < inputs_ && !of_input; ++input)
          of_input = ResultsOf(input, model)[e] != result;
      }
      if (of_model && !of_input) return true;
    }
    return false;
  }

  std::string LeakFor(uint64_t input) {
    std::map<Elements, uint64_t> by_result;
    for (uint64_t model = 0; model < models_; ++model) {
      const Views views = ViewsOf(input, model);
      const uint64_t seen0 = views_of_p0_.try_emplace(model, views.of[0]).first->second;
      if (views.of[0] != seen0) return "P0";
      if (views.of[2] != view_of_p2_.value_or(views.of[2])) return "P2";
      view_of_p2_ = views.of[2];
      const Elements results = machine_.results;
      if (by_result.try_emplace(results, views.of[1]).first->second != views.of[1]) return "P1";
    }
    return "";
  }

  const Programs& programs_;
  const uint64_t inputs_, models_;
  Machine machine_;
  std::map<uint64_t, uint64_t> views_of_p0_;  // by model
  std::optional<uint64_t> view_of_p2_;
};

}  // namespace

absl::StatusOr<Verdict> Judge(mlir::ModuleOp module, int max_bits) {
  Programs programs;
  MPCC_RETURN_IF_ERROR(programs.Add(module));
  if (programs.results() > kMaxElements) return Invalid("too many results");
  if (programs.streams().count() + programs.input_bits() + programs.model_bits() > max_bits)
    return Invalid("too many runs");
  return Judgement(programs).Run();
}

}  // namespace mpcc::leak
