// SPDX-License-Identifier: Apache-2.0
#include "test/leak/views.h"

#include <algorithm>
#include <bit>
#include <map>
#include <memory>
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
  Judgement(const Programs& programs, const Effort& effort)
      : programs_(programs),
        effort_(effort),
        inputs_(Limit(programs.input_bits(), effort.inputs)),
        models_(Limit(programs.model_bits(), effort.models)) {
    machine_.values.resize(programs.values());
  }

  // Binary logarithm, rounded up.
  int RunBits() const {
    return std::bit_width(RandomnessOfOne() - 1) + std::bit_width(inputs_ - 1) +
           std::bit_width(models_ - 1);
  }

  Verdict Run() {
    Verdict verdict{ModelAsResult() ? "P1, as a result" : "", false};
    for (uint64_t input = 0; input < inputs_ && verdict.leak.empty(); ++input)
      verdict.leak = LeakFor(input);
    verdict.works = !machine_.wrong;
    verdict.assignments = RandomnessOfOne();
    verdict.compared = compared_;
    return verdict;
  }

 private:
  static uint64_t Limit(int bits, uint64_t most) {
    return bits > 62 ? most : std::min(most, uint64_t{1} << bits);
  }

  // Number `index` of all that have so many bits, or of some; the first one is 0.
  static uint64_t Choice(uint64_t index, uint64_t of, int bits) {
    if (bits < 63 && of == uint64_t{1} << bits) return index;
    return index == 0 ? 0 : Mix(Mix(index, of), bits) & BitsBelow(bits);
  }
  uint64_t InputAt(uint64_t i) const { return Choice(i, inputs_, programs_.input_bits()); }
  uint64_t ModelAt(uint64_t i) const { return Choice(i, models_, programs_.model_bits()); }

  uint64_t OwnMasks(int viewer) const {
    return effort_.samples_masks ? programs_.streams().KnownTo(viewer) : 0;
  }

  uint64_t RandomnessOfOne() const {
    const int bits = programs_.streams().count();
    if (effort_.samples == 0) return uint64_t{1} << bits;
    uint64_t sum = 0;
    for (int viewer : {1, 2}) sum += effort_.samples << (bits - std::popcount(OwnMasks(viewer)));
    return sum;
  }

  // What is meant, with whatever seed.
  Elements ResultsOf(uint64_t input, uint64_t model) {
    Start(InputAt(input), ModelAt(model));
    for (const Step& step : programs_.steps()) step.run(machine_);
    machine_.wrong = false;
    return machine_.results;
  }

  Views ViewsOf(uint64_t input, uint64_t model) {
    Views sum;
    if (effort_.samples == 0) AddViews(input, model, {0, 1, 2}, sum);
    for (machine_.sample = 0; machine_.sample < effort_.samples; ++machine_.sample)
      for (int viewer : {1, 2}) {
        machine_.viewer = viewer;
        machine_.given = OwnMasks(viewer);
        AddViews(input, model, {0, viewer}, sum);
      }
    return sum;
  }

  // What these parties see, P0 and others.
  void AddViews(uint64_t input, uint64_t model, std::initializer_list<int> parties, Views& sum) {
    Start(InputAt(input), ModelAt(model));
    const uint64_t sample = Mix(machine_.sample, 2);
    RunAllSeeds(programs_.steps(), 0, 0, machine_, sample, [&](const Machine& m) {
      for (int party : parties) {
        const uint64_t own = party == 0 ? 0 : m.seed & programs_.streams().KnownTo(party);
        sum.of[party] += Mix(Mix(Mix(m.seen[party], own), m.sample), 1);
      }
    });
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
        for (uint64_t input = 1; input < std::max<uint64_t>(inputs_, kTried) && !of_input; ++input)
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
      const auto [first, is_new] = by_result.try_emplace(results, views.of[1]);
      if (first->second != views.of[1]) return "P1";
      compared_ += !is_new;
    }
    return "";
  }

  const Programs& programs_;
  const Effort effort_;
  const uint64_t inputs_, models_;
  uint64_t compared_ = 0;
  static constexpr uint64_t kTried = 64;  // inputs of which one changes a result, if any does
  Machine machine_;
  std::map<uint64_t, uint64_t> views_of_p0_;  // by model
  std::optional<uint64_t> view_of_p2_;
};

}  // namespace

absl::StatusOr<Verdict> Judge(mlir::ModuleOp module, const Effort& effort) {
  auto programs = std::make_unique<Programs>();
  MPCC_RETURN_IF_ERROR(programs->Add(module));
  if (effort.samples > 0) {
    programs = std::make_unique<Programs>(programs->streams().OfOneVector());
    MPCC_RETURN_IF_ERROR(programs->Add(module));
  }
  if (programs->results() > kMaxElements) return Invalid("too many results");
  if (programs->streams().count() > 62) return Invalid("too much randomness");
  Judgement judgement(*programs, effort);
  if (judgement.RunBits() > effort.max_bits) return Invalid("too many runs");
  return judgement.Run();
}

}  // namespace mpcc::leak
