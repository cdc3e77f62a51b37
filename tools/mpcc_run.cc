// SPDX-License-Identifier: Apache-2.0
// mpcc-run: computes a function of an .mlir file (nn or mpc) with the reference interpreter, prints
// its outputs, and compares them with those of another file, so that a test sees what a pass did to
// the meaning of a program.
#include <algorithm>
#include <cmath>
#include <iostream>
#include <limits>
#include <string>

#include "CLI/CLI.hpp"
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "ir/mpc/attributes.h"
#include "ir/nn/nn.h"
#include "ir/reference/mpc_inputs.h"
#include "ir/reference/mpc_interpreter.h"
#include "llvm/Support/SourceMgr.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "runtime/base/ring.h"
#include "runtime/base/status_macros.h"
#include "tools/guarded_main.h"
#include "tools/manners.h"
#include "tools/module_text.h"

namespace mpcc::reference {
namespace {

struct Options {
  std::string file;
  std::string compare;
  std::string function;
  std::string inputs;
  double tolerance = 0;
  bool quiet = false;
  RandomInputs random;
  RunOptions run;
};

using Module = mlir::OwningOpRef<mlir::ModuleOp>;

absl::StatusOr<Module> Parse(const std::string& file, mlir::MLIRContext* context) {
  Module module = ReadModule(file, *context);
  if (!module) return absl::InvalidArgumentError(fmt::format("'{}' is no valid module", file));
  return module;
}

// The function of that name, or the first that has inputs of the parties.
absl::StatusOr<mlir::func::FuncOp> FunctionOf(mlir::ModuleOp module, const std::string& name) {
  for (auto function : module.getOps<mlir::func::FuncOp>())
    if (name.empty() ? !function->hasAttr(mpc::kOnlineAttr) : function.getName() == name)
      return function;
  return absl::NotFoundError(fmt::format("the module has no function '{}'", name));
}

std::vector<double> Numbers(const Wire& wire) {
  std::vector<double> out;
  if (const auto* components = std::get_if<Components>(&wire)) {
    for (uint64_t x : Reconstruct(*components))
      out.push_back(static_cast<double>(Signed(x, components->width)));
  } else {
    std::visit([&](const auto& data) { out.assign(data.begin(), data.end()); },
               std::get<LocalTensor>(wire).data);
  }
  return out;
}

absl::StatusOr<Outputs> Run(const Options& options, mlir::ModuleOp module) {
  MPCC_ASSIGN_OR_RETURN(mlir::func::FuncOp function, FunctionOf(module, options.function));
  std::vector<LocalTensor> inputs = InputsFromSeed(function, options.random);
  if (!options.inputs.empty()) {
    MPCC_ASSIGN_OR_RETURN(inputs, InputsFromJson(function, options.inputs));
  }
  MPCC_ASSIGN_OR_RETURN(Outputs outputs, RunMpc(function, inputs, options.run));
  for (const RangeError& error : outputs.range_errors) error.op->emitWarning() << error.message;
  return outputs;
}

absl::Status Compare(const Outputs& a, const Outputs& b, double tolerance) {
  if (a.values.size() != b.values.size())
    return absl::FailedPreconditionError("the programs have different numbers of outputs");
  double worst = 0;
  for (size_t i = 0; i < a.values.size(); ++i) {
    const std::vector<double> x = Numbers(a.values[i]), y = Numbers(b.values[i]);
    if (x.size() != y.size())
      return absl::FailedPreconditionError(fmt::format("output {} has different sizes", i));
    for (size_t e = 0; e < x.size(); ++e) worst = std::max(worst, std::abs(x[e] - y[e]));
  }
  if (worst <= tolerance) {
    std::cout << "equal\n";
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      fmt::format("outputs differ by {}, accepted is {}", worst, tolerance));
}

absl::Status Main(const Options& options) {
  mlir::MLIRContext context;
  context.loadDialect<mpc::MpcDialect, nn::NnDialect, mlir::func::FuncDialect,
                      mlir::quant::QuantizationDialect>();
  llvm::SourceMgr sources;
  mlir::SourceMgrDiagnosticHandler diagnostics(sources, &context);
  MPCC_ASSIGN_OR_RETURN(Module module, Parse(options.file, &context));
  MPCC_ASSIGN_OR_RETURN(Outputs outputs, Run(options, *module));
  if (!options.quiet)
    for (const Wire& value : outputs.values) fmt::print("[{}]\n", fmt::join(Numbers(value), ", "));
  if (options.compare.empty()) return absl::OkStatus();
  MPCC_ASSIGN_OR_RETURN(Module other, Parse(options.compare, &context));
  Options ideal = options;
  ideal.run.mode = RunMode::kIdeal;
  MPCC_ASSIGN_OR_RETURN(Outputs expected, Run(ideal, *other));
  return Compare(outputs, expected, options.tolerance);
}

int RunMain(int argc, char** argv) {
  Options options;
  std::string mode = "ideal";
  CLI::App app("runs a function of nn or mpc operations with the reference interpreter");
  AddManners(app, "mpcc-run");
  app.add_option("file", options.file, "the program, - for standard input")->required();
  app.add_option("--function", options.function, "its name (the first of the file)");
  app.add_option("--mode", mode, "ideal: deterministic rounding; random: shares under --seed")
      ->check(CLI::IsMember({"ideal", "random"}));
  app.add_option("--seed", options.random.seed, "of the inputs, and of the shares");
  app.add_option("--inputs", options.inputs, "JSON: {\"name\": [numbers]} (random)");
  app.add_option("--magnitude", options.random.magnitude, "bound of random real inputs (1)")
      ->check(RealIn(0, std::numeric_limits<float>::max()));
  app.add_option("--most-id", options.random.most_id, "bound of random integer inputs (1)");
  app.add_option("--compare", options.compare,
                 "another program, whose ideal outputs must be the same");
  app.add_option("--tolerance", options.tolerance, "accepted difference to --compare (0)")
      ->check(RealIn(0, std::numeric_limits<double>::max()));
  app.add_flag("--check-ranges", options.run.check_ranges, "warn where a value wrapped (ideal)");
  app.add_flag("--quiet", options.quiet, "do not print the outputs");
  CLI11_PARSE(app, argc, argv);
  options.run.mode = mode == "ideal" ? RunMode::kIdeal : RunMode::kRandom;
  options.run.seed = options.random.seed;
  const absl::Status status = Main(options);
  if (status.ok()) return 0;
  std::cerr << "error: " << status.message() << "\n";
  return 1;
}

}  // namespace
}  // namespace mpcc::reference

int main(int argc, char** argv) {
  return mpcc::GuardedMain("mpcc-run", argc, argv, mpcc::reference::RunMain);
}
