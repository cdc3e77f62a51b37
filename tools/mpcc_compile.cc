// SPDX-License-Identifier: Apache-2.0
#include "tools/mpcc_compile.h"

#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "codegen/codegen.h"
#include "codegen/disclosures.h"
#include "frontend/check.h"
#include "frontend/select_results.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ToolOutputFile.h"
#include "mlir/IR/AsmState.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Support/Timing.h"
#include "passes/mpc/passes.h"
#include "passes/pipeline.h"
#include "runtime/base/status_macros.h"
#include "tools/alternatives.h"
#include "tools/calibration.h"
#include "tools/collect_notes.h"
#include "tools/compile_summary.h"
#include "tools/load_model.h"
#include "tools/model_folder.h"
#include "tools/owner_notes.h"
#include "tools/pass_progress.h"
#include "tools/policy_options.h"
#include "tools/progress_line.h"
#include "tools/quantize_first.h"
#include "tools/register_compiler.h"
#include "tools/reporter.h"

namespace mpcc {
namespace {

constexpr char kImported[] = "onnx-nn", kCanonical[] = "nn", kChosen[] = "choices",
               kPlan[] = "plan";

struct CompileOptions {
  ModelOptions model;
  std::string from = kImported;
  std::string emit = kPlan;
  std::string output;
  PolicyOptions policy;
  std::string calibrate;  // a file of sample inputs
  std::string tokenizer;  // a file
  bool quantize = false;
  std::vector<std::string> allow_leak;
  bool strict_ranges = false;
  bool alternatives = false;
  bool print_after_all = false;
  bool timing = false;
  int64_t elide = 0;
};

// The forms of a program, each made from the one before.
struct Stage {
  const char* name;
  void (*build)(mlir::OpPassManager& pm, const PipelineOptions& options);  // to this form
};

constexpr Stage kStages[] = {
    {kImported, [](mlir::OpPassManager&, const PipelineOptions&) {}},
    {kCanonical, BuildCanonicalNnPipeline},
    {kChosen, BuildChoicePipeline},
    {"mpc",
     [](mlir::OpPassManager& pm, const PipelineOptions& options) {
       BuildChosenPipeline(pm, options);
       BuildSharingPipeline(pm, options);
     }},
    {"program", BuildProgramPipeline},
    {kPlan, BuildLeakCheckPipeline},
};

std::vector<std::string> StageNames() {
  std::vector<std::string> names;
  for (const Stage& stage : kStages) names.push_back(stage.name);
  return names;
}

std::vector<std::string> LeakKinds() {
  std::vector<std::string> kinds;
  for (const LeakKind& kind : kLeakKinds) kinds.push_back(kind.name.str());
  return kinds;
}

PipelineOptions PipelineOptionsOf(const CompileOptions& options) {
  return {options.policy.values(), options.allow_leak, options.strict_ranges, SayRandomInputs};
}

// The passes from stage `from` to stage `to`.
void AddStages(mlir::OpPassManager& pm, const CompileOptions& options, const std::string& from,
               const std::string& to) {
  const PipelineOptions pipeline = PipelineOptionsOf(options);
  bool reached = false;
  for (const Stage& stage : kStages) {
    if (reached) stage.build(pm, pipeline);
    reached |= from == stage.name;
    if (to == stage.name) return;
  }
}

bool RunPasses(mlir::ModuleOp module, const CompileOptions& options, const std::string& from,
               const std::string& to) {
  mlir::PassManager passes(module->getContext());
  if (options.print_after_all) {
    module->getContext()->disableMultithreading();
    mlir::OpPrintingFlags flags;
    flags.elideLargeElementsAttrs(16).elideLargeResourceString(64);
    passes.enableIRPrinting([](auto*, auto*) { return false; }, [](auto*, auto*) { return true; },
                            false, false, false, llvm::errs(), flags);
  }
  if (options.timing) passes.enableTiming();
  AddStages(passes, options, from, to);
  SayPasses(passes);
  return mlir::succeeded(passes.run(module));
}

const Stage* Position(const std::string& name) {
  return std::find_if(std::begin(kStages), std::end(kStages),
                      [&](const Stage& stage) { return name == stage.name; });
}

// Whether the network comes by in canonical form.
bool PassesCanonical(const CompileOptions& options) {
  return Position(options.from) <= Position(kCanonical) &&
         Position(options.emit) >= Position(kCanonical);
}

// Whether what is written is on sharings, results as well.
bool MakesShares(const CompileOptions& options) {
  return Position(options.emit) > Position(kChosen);
}

// What looks at the network's numbers stands between the canonical network and its lowering.
bool RunPasses(mlir::ModuleOp module, const CompileOptions& options,
               const std::optional<OtherLengths>& others, OwnerNotes& notes) {
  if (!PassesCanonical(options)) return RunPasses(module, options, options.from, options.emit);
  const mlir::OwningOpRef<mlir::ModuleOp> imported = module.clone();
  if (!RunPasses(module, options, options.from, kCanonical)) return false;
  if (options.calibrate.empty())
    ProbeModule(module, *imported, options.policy.policy());
  else if (!CalibrateModule(module, *imported, options.calibrate, options.policy.policy(), others))
    return false;
  if (options.alternatives) {
    const auto alternatives = AlternativesOf(module, PipelineOptionsOf(options));
    ProgressLine::StepAside();
    fmt::print("{}", ToString(alternatives, options.policy.policy().network));
    notes.alternatives = AlternativesToJson(alternatives);
  }
  if (options.emit != kPlan) return RunPasses(module, options, kCanonical, options.emit);
  if (!RunPasses(module, options, kCanonical, kChosen)) return false;
  notes.sites = SitesOf(module);
  return RunPasses(module, options, kChosen, kPlan);
}

// Options that do not go together, with a message.
bool AreConsistent(const CompileOptions& options) {
  if ((options.calibrate.empty() && !options.alternatives) || PassesCanonical(options)) return true;
  fmt::print(stderr,
             "error: --calibrate and --alternatives start from the canonical network: --from must "
             "not be behind '{0}', --emit not before it\n",
             kCanonical);
  return false;
}

bool Print(mlir::ModuleOp module, const CompileOptions& options) {
  std::string message;
  auto file = mlir::openOutputFile(options.output.empty() ? "-" : options.output, &message);
  if (!file) {
    llvm::errs() << "error: " << message << "\n";
    return false;
  }
  mlir::OpPrintingFlags flags;
  if (options.elide > 0)
    flags.elideLargeElementsAttrs(options.elide).elideLargeResourceString(options.elide);
  module.print(file->os(), flags);
  file->os() << "\n";
  if (!options.output.empty()) file->os().flush();
  if (const std::error_code error = file->os().error()) {
    llvm::errs() << "error: " << options.output << ": " << error.message() << "\n";
    file->os().clear_error();
    return false;
  }
  file->keep();
  return true;
}

// What a folder that is named has; a folder without one is refused.
absl::StatusOr<std::string> TokenizerIn(const std::string& path) {
  MPCC_ASSIGN_OR_RETURN(const ModelFolder folder, ReadModelFolder(path));
  MPCC_ASSIGN_OR_RETURN(std::string text, TokenizerOf(folder));
  if (!text.empty()) return text;
  return absl::NotFoundError(fmt::format(
      "{}: no tokenizer.json is there; accepted: a tokenizer.json, or a folder that has "
      "one; remedy: correct --tokenizer",
      path));
}

// The text of a file of JSON, of a folder, or of the model's folder; empty where there is none.
absl::StatusOr<std::string> ReadTokenizer(const CompileOptions& options) {
  const std::string& path = options.tokenizer;
  if (path.empty()) return options.model.folder ? TokenizerOf(*options.model.folder) : "";
  if (IsFolder(path)) return TokenizerIn(path);
  const auto file = llvm::MemoryBuffer::getFile(path);
  if (!file) return absl::NotFoundError(fmt::format("{}: {}", path, file.getError().message()));
  std::string text = (*file)->getBuffer().str();
  if (nlohmann::json::accept(text)) return text;
  return absl::InvalidArgumentError(fmt::format("{}: not a tokenizer.json: it is no JSON", path));
}

absl::Status EmitPlans(mlir::ModuleOp module, const CompileOptions& options,
                       const std::string& tokenizer, const OwnerNotes& notes) {
  MPCC_RETURN_IF_ERROR(WritePlans(module, options.output, tokenizer));
  return WriteOwnerNotes(notes, options.output);
}

// Whether it is fine; else with a message, if it has one.
bool Said(const absl::Status& status) {
  if (!status.ok() && !status.message().empty())
    fmt::print(stderr, "error: {}\n", std::string(status.message()));
  return status.ok();
}

bool Emit(mlir::ModuleOp module, const CompileOptions& options, const std::string& tokenizer,
          const OwnerNotes& notes) {
  ProgressLine::StepAside();
  if (options.emit != kPlan) return Print(module, options);
  ProgressLine::SayInnermost("writing the plans");
  return Said(EmitPlans(module, options, tokenizer, notes));
}

bool HasOutput(const CompileOptions& options) {
  if (options.emit != kPlan || !options.output.empty()) return true;
  fmt::print(stderr, "error: -o is missing: name the folder for the three plans\n");
  return false;
}

// What the model's folder said, and which results it led to.
std::string Told(const CompileOptions& options, const std::string& results) {
  std::string text;
  for (const std::string& line : options.model.told) text += line + "\n";
  return text + results;
}

bool Compile(const CompileOptions& options, const std::string& tokenizer) {
  mlir::DialectRegistry registry;
  RegisterMpccDialects(registry);
  mlir::MLIRContext context(registry);
  const Reporter reporter(context, options.model.verbose);
  const ProgressLine line("compiling");
  ProgressLine::SayInnermost("reading the model");
  std::vector<ImportOptions> buckets;
  auto module = LoadModel(context, options.model, options.calibrate, &buckets);
  if (!module || !HasOutput(options) || !AreConsistent(options)) return false;
  if (!buckets.empty() && MakesShares(options) && !ExpectRevealed(*module)) return false;
  if (options.from == kImported && options.model.pool.empty()) WarnOfTokenVectors(*module);
  const std::string results = ReportResults(*module);
  std::optional<OtherLengths> others;
  if (!buckets.empty()) others = OtherLengths{options.model.path, buckets.front()};
  OwnerNotes notes;
  if (!RunPasses(*module, options, others, notes)) return false;
  notes.warnings = Summarize(reporter.warnings());
  if (!Emit(*module, options, tokenizer, notes)) return false;
  if (options.emit != kPlan) return true;
  ProgressLine::StepAside();
  fmt::print("{}", Told(options, results));
  const auto summary = CompileSummary(options.output, options.policy.policy().network);
  if (!Said(summary.status())) return false;
  fmt::print("{}", *summary);
  for (const std::string& leak : DeclaredLeakage(*module)) fmt::print("{}\n", leak);
  return true;
}

void AddOptions(CLI::App& command, CompileOptions& options) {
  options.model.AddTo(command);
  options.model.AddPoolingTo(command);
  options.model.AddDigitsTo(command);
  command
      .add_option(
          "--emit", options.emit,
          "what to write: the IR as imported (onnx-nn), canonical (nn), with the constructions "
          "that are chosen (choices), on sharings (mpc), split between the parties (program), "
          "or the plans")
      ->check(CLI::IsMember(StageNames()));
  command.add_option("--from", options.from, "the stage that a .mlir file is in")
      ->check(CLI::IsMember(StageNames()));
  command.add_option("-o,--output", options.output,
                     "folder for the plans; for IR a file, standard output if left out");
  options.policy.AddTo(command);
  command
      .add_option("--allow-leak", options.allow_leak,
                  "kinds of leakage that the model owner allows, separated by commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember(LeakKinds()));
  command.add_option("--calibrate", options.calibrate,
                     "measure ranges on these inputs, one JSON object or list of token ids a line "
                     "(tools/tokenize)");
  command
      .add_option(
          "--tokenizer", options.tokenizer,
          "a tokenizer.json, or a model's folder that has one, which P1's plan takes along so "
          "that P1's side takes text")
      ->check(CLI::ExistingPath);
  command.add_flag("--quantize", options.quantize,
                   "first quantize a float model on the inputs of --calibrate, as 'mpcc quantize' "
                   "does, and leave it beside the plans; a float model of a folder is always");
  command.add_flag("--strict-ranges", options.strict_ranges,
                   "refuse ranges that only random inputs tell");
  command.add_flag("--alternatives", options.alternatives,
                   "print what plans for other networks, and without one of the constructions that "
                   "are chosen among, would cost");
  command.add_option("--elide", options.elide, "leave out constants of more elements than this");
  command.add_flag("--mlir-print-ir-after-all", options.print_after_all,
                   "print the IR after each pass");
  command.add_flag("--mlir-timing", options.timing, "print the time each pass took");
}

}  // namespace

void AddCompileCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<CompileOptions>();
  CLI::App& command = *app.add_subcommand("compile", "compile a model into plans");
  AddOptions(command, *options);
  command.callback([options, &exit_code] {
    const std::string folder = options->emit == kPlan ? options->output : "";
    const auto tokenizer = ReadTokenizer(*options);  // before what takes long
    const absl::Status ready =
        tokenizer.ok()
            ? QuantizeFirst(options->model, {options->quantize, options->calibrate, folder})
            : tokenizer.status();
    if (!Said(ready) || !Compile(*options, *tokenizer)) exit_code = 1;
  });
}

}  // namespace mpcc
