// SPDX-License-Identifier: Apache-2.0
#include "test/e2e/replay.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <bit>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <map>

#include "codegen/codegen.h"
#include "codegen/wires.h"
#include "ir/nn/nn.h"
#include "ir/nn/types.h"
#include "llvm/Support/raw_ostream.h"
#include "mlir/Parser/Parser.h"
#include "passes/offline/programs.h"
#include "passes/pipeline.h"
#include "runtime/base/ring.h"
#include "runtime/base/status_macros.h"
#include "runtime/plan/leak_kinds.h"
#include "runtime/plan/program_cost.h"
#include "test/e2e/local_parties.h"

namespace mpcc {
namespace {

namespace fs = std::filesystem;
using reference::LocalTensor;
using reference::Ring;

// What the engine held on a wire.
struct Held {
  plan::Wire info;
  std::vector<uint8_t> parts[2];
};
using Transcript = std::map<uint32_t, Held>;

engine::WireObserver Record(Transcript* transcript) {
  return [transcript](uint32_t wire, const plan::Wire& info, std::span<const uint8_t> first,
                      std::span<const uint8_t> second) {
    (*transcript)[wire] = {info, {{first.begin(), first.end()}, {second.begin(), second.end()}}};
  };
}

Ring FromLanes(const std::vector<uint8_t>& bytes, int width) {
  const size_t lane = LaneBytes(width);
  Ring out(bytes.size() / lane);
  for (size_t i = 0; i < out.size(); ++i) std::memcpy(&out[i], &bytes[i * lane], lane);
  return out;
}

using WireNumbers = llvm::DenseMap<mlir::Value, uint32_t>;

// Wires of a party's plan by value: arguments, then results in program order.
WireNumbers NumberWires(mlir::func::FuncOp function, int party) {
  WireNumbers numbers;
  auto number = [&](mlir::Value value) {
    if (IsWireAt(value, party)) numbers.try_emplace(value, numbers.size());
  };
  for (mlir::Value argument : function.getArguments()) number(argument);
  for (mlir::Operation& op : BodyOf(function))
    for (mlir::Value result : op.getResults()) number(result);
  return numbers;
}

std::string Describe(mlir::Operation* op) {
  std::string text;
  llvm::raw_string_ostream(text) << op->getLoc() << " '" << op->getName() << "'";
  return text;
}

// Compares what the interpreter computes with the transcripts, as an observer of its run.
class Comparison {
 public:
  Comparison(mlir::func::FuncOp function, const std::array<Transcript, 3>& transcripts)
      : transcripts_(transcripts),
        numbers_{WireNumbers{}, NumberWires(function, 1), NumberWires(function, 2)} {}

  const absl::Status& status() const { return status_; }
  ReplayReport& report() { return report_; }

  void Compare(mlir::Operation* op, unsigned result, const reference::Components& wire) {
    const bool rss = wire.kind == mpc::ShareKind::rss;
    for (int party = 1; party <= 2; ++party) {
      const Held* held = Find(op, result, party);
      if (!held) continue;
      const Ring& mine = wire.parts[rss ? 0 : party - 1];
      Check(op, party, "share", FromLanes(held->parts[0], wire.width), mine);
      if (rss) Check(op, party, "mask", FromLanes(held->parts[1], wire.width), wire.parts[party]);
    }
    ++report_.share_wires;
  }

  void CompareLocal(mlir::Operation* op, unsigned result, const LocalTensor& wire) {
    const Held* held = Find(op, result, 1);
    if (!held) return;
    const std::vector<uint8_t>& bytes = held->parts[0];
    if (held->info.type() == plan::F32) {
      Check(op, 1, "plaintext", FromLanes(bytes, 32), FloatBits(wire.floats()));
    } else if (held->info.type() == plan::I64) {
      Check(op, 1, "plaintext", FromLanes(bytes, 64), {wire.ints().begin(), wire.ints().end()});
    } else {
      CompareRing(op, *held, wire);
    }
    ++report_.local_wires;
  }

 private:
  static Ring FloatBits(const std::vector<float>& values) {
    Ring out;
    for (float x : values) out.push_back(std::bit_cast<uint32_t>(x));
    return out;
  }

  // Encoded integers, and revealed ones, which the interpreter has scaled to reals.
  void CompareRing(mlir::Operation* op, const Held& held, const LocalTensor& wire) {
    const int width = static_cast<int>(held.info.width());
    Ring expected;
    if (auto reveal = llvm::dyn_cast<mpc::RevealOp>(op)) {
      Ring raw = FromLanes(held.parts[0], width);
      std::vector<float> scaled;
      for (uint64_t x : raw)
        scaled.push_back(static_cast<float>(
            std::ldexp(Signed(x, width), -static_cast<int>(reveal.getFractionBits()))));
      Check(op, 1, "result", FloatBits(scaled), FloatBits(wire.floats()));
      return;
    }
    for (int64_t x : wire.ints()) expected.push_back(Reduce(x, width));
    Check(op, 1, "plaintext", FromLanes(held.parts[0], width), expected);
  }

  const Held* Find(mlir::Operation* op, unsigned result, int party) {
    const auto number = numbers_[party].find(op->getResult(result));
    if (number == numbers_[party].end()) return nullptr;
    const auto held = transcripts_[party].find(number->second);
    if (held != transcripts_[party].end()) return &held->second;
    Fail(fmt::format("{}: party {} has no wire {}", Describe(op), party, number->second));
    return nullptr;
  }

  void Check(mlir::Operation* op, int party, const char* what, const Ring& got,
             const Ring& expected) {
    if (got == expected) return;
    size_t count = 0, first = 0;
    for (size_t i = std::min(got.size(), expected.size()); i-- > 0;)
      if (got[i] != expected[i]) first = i, ++count;
    if (got.size() != expected.size())
      return Fail(fmt::format("{}: party {}, {}: {} elements, the interpreter has {}", Describe(op),
                              party, what, got.size(), expected.size()));
    Fail(fmt::format(
        "{}: party {}, {}: {} of {} elements differ; element {} is {}, the "
        "interpreter has {}",
        Describe(op), party, what, count, got.size(), first, got[first], expected[first]));
  }

  void Fail(const std::string& what) {
    if (status_.ok()) status_ = absl::InternalError(what);
  }

  const std::array<Transcript, 3>& transcripts_;
  std::array<WireNumbers, 3> numbers_;
  ReplayReport report_;
  absl::Status status_;
};

// A folder that goes away with its holder.
class ScratchFolder {
 public:
  ScratchFolder() {
    static std::atomic<int> count = 0;
    path_ = fs::temp_directory_path() / fmt::format("mpcc-replay-{}-{}", getpid(), count++);
  }
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

NamedTensors NamedInputs(mlir::func::FuncOp function, const std::vector<LocalTensor>& inputs) {
  NamedTensors named;
  for (unsigned i = 0; i < inputs.size(); ++i) {
    auto name = function.getArgAttrOfType<mlir::StringAttr>(i, nn::kNameAttr);
    Tensor& tensor = named[name ? name.str() : fmt::format("input{}", i)];
    tensor.shape.assign(inputs[i].shape.begin(), inputs[i].shape.end());
    if (inputs[i].is_float()) {
      tensor.values = inputs[i].floats();
    } else {
      tensor.values = inputs[i].ints();
    }
  }
  return named;
}

PairSeeds SeedsFrom(const reference::SessionKeys& keys) { return {keys.seed01, keys.seed02}; }

// P2 alone consumes material; set-up is no part of an inference.
absl::Status CheckCosts(const plan::Program& program, const InferenceResult& run) {
  Cost predicted = CostFromProto(program.cost());
  predicted.setup_bytes = 0;
  if (!(run.stats[2].total == predicted))
    return absl::InternalError("party 2 measured another cost than the plan predicts");
  predicted.material_bytes = 0;
  if (!(run.stats[1].total == predicted))
    return absl::InternalError("party 1 measured another cost than the plan predicts");
  return absl::OkStatus();
}

absl::StatusOr<mlir::func::FuncOp> FirstProgram(mlir::ModuleOp module) {
  auto programs = SplitProgramsOf(module);
  if (mlir::failed(programs) || programs->empty())
    return absl::InvalidArgumentError("the module has no split program");
  return programs->front().online;
}

}  // namespace

void LoadDialects(mlir::MLIRContext& context) {
  context.loadDialect<mpc::MpcDialect, nn::NnDialect, mlir::func::FuncDialect,
                      mlir::quant::QuantizationDialect>();
}

absl::StatusOr<mlir::OwningOpRef<mlir::ModuleOp>> CompileText(mlir::MLIRContext& context,
                                                              const std::string& text, Stage stage,
                                                              bool paper) {
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
  if (!module) return absl::InvalidArgumentError("the text is no valid module");
  MPCC_RETURN_IF_ERROR(CompileModule(*module, stage, paper));
  return module;
}

absl::Status CompileModule(mlir::ModuleOp module, Stage stage, bool paper) {
  PipelineOptions options;
  if (paper) options.policy.push_back("lowering=paper");
  // The default lowering rounds exactly; a program of a test's own may have any operation.
  if (paper || stage != Stage::kNn) options.allow_leak.push_back(kRoundingCoins);
  mlir::PassManager pm(module.getContext());
  if (stage == Stage::kNn) {
    BuildCanonicalNnPipeline(pm, options);
    BuildLoweringPipeline(pm, options);
  }
  if (stage != Stage::kShares) BuildSharingPipeline(pm, options);
  BuildProgramPipeline(pm, options);
  if (mlir::failed(pm.run(module)))
    return absl::InvalidArgumentError("the module does not compile; its diagnostics say why");
  return absl::OkStatus();
}

absl::StatusOr<ReplayReport> Replay(mlir::ModuleOp module, const reference::RandomInputs& random) {
  MPCC_ASSIGN_OR_RETURN(mlir::func::FuncOp function, FirstProgram(module));
  return Replay(module, random.seed, reference::InputsFromSeed(function, random));
}

absl::StatusOr<ReplayReport> Replay(mlir::ModuleOp module, uint64_t seed,
                                    const std::vector<LocalTensor>& inputs) {
  MPCC_ASSIGN_OR_RETURN(mlir::func::FuncOp function, FirstProgram(module));

  ScratchFolder folder;
  MPCC_RETURN_IF_ERROR(WritePlans(module, folder.path()));
  reference::RunOptions options;
  options.mode = reference::RunMode::kReplay;
  options.keys = reference::KeysFromSeed(seed);
  options.keys.inference = seed;
  MPCC_ASSIGN_OR_RETURN(LocalParties parties,
                        LocalParties::Create(folder.path(), SeedsFrom(options.keys)));
  options.keys.plan_set_id = parties.plan_set_id();

  std::array<Transcript, 3> transcripts;
  for (int party = 1; party <= 2; ++party) parties.Observe(party, Record(&transcripts[party]));
  MPCC_ASSIGN_OR_RETURN(InferenceResult run, parties.Infer(0, seed, NamedInputs(function, inputs)));
  MPCC_RETURN_IF_ERROR(CheckCosts(parties.plan(2).plan().programs(0), run));

  Comparison comparison(function, transcripts);
  options.observer = [&](mlir::Operation* op, unsigned result, const reference::Components& wire) {
    comparison.Compare(op, result, wire);
  };
  options.local_observer = [&](mlir::Operation* op, unsigned result, const LocalTensor& wire) {
    comparison.CompareLocal(op, result, wire);
  };
  MPCC_ASSIGN_OR_RETURN(reference::Outputs outputs, reference::RunMpc(function, inputs, options));
  MPCC_RETURN_IF_ERROR(comparison.status());
  ReplayReport report = comparison.report();
  report.cost = run.stats[2].total;
  for (const reference::Wire& value : outputs.values)
    report.outputs.push_back(std::get<LocalTensor>(value));
  return report;
}

}  // namespace mpcc
