// SPDX-License-Identifier: Apache-2.0
#include "tools/mpcc_interpret.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <map>
#include <memory>
#include <sstream>

#include "frontend/frontend.h"
#include "ir/nn/roles.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_interpreter.h"
#include "mlir/Pass/PassManager.h"
#include "passes/nn/passes.h"
#include "tools/model_options.h"
#include "tools/progress_line.h"
#include "tools/register_compiler.h"
#include "tools/reporter.h"
#include "tools/sample_values.h"
#include "tools/static_model.h"

namespace mpcc {
namespace {

struct InterpretOptions {
  ModelOptions model;
  std::vector<std::string> inputs;  // name=1,2,3
  bool as_imported = false;
};

using Values = std::map<std::string, std::vector<double>>;

std::string NameOf(mlir::func::FuncOp function, unsigned index) {
  auto name = function.getArgAttrOfType<mlir::StringAttr>(index, nn::kNameAttr);
  return name ? name.str() : std::to_string(index);
}

std::vector<std::string> NamesOf(mlir::func::FuncOp function) {
  std::vector<std::string> names;
  for (unsigned i = 0; i < function.getNumArguments(); ++i) names.push_back(NameOf(function, i));
  return names;
}

// Names that no input has, with a message.
bool AreKnown(mlir::func::FuncOp function, const Values& given) {
  const std::vector<std::string> names = NamesOf(function);
  for (const auto& [name, values] : given) {
    if (llvm::is_contained(names, name)) continue;
    fmt::print(stderr, "error: input '{}' is not one of the model's; accepted: {}\n", name,
               fmt::join(names, ", "));
    return false;
  }
  return true;
}

bool IsInteger(double x) { return x >= -0x1p63 && x < 0x1p63 && x == std::trunc(x); }

// What is wrong about the values that are given for an input, or "". Of tokens there may be fewer.
// As imported, rows count from the end of a table where ONNX lets them.
std::string Misfit(const std::vector<double>& values, mlir::RankedTensorType type,
                   const std::string& role, bool as_imported) {
  const auto count = static_cast<int64_t>(values.size());
  if (count > type.getNumElements() || (count < type.getNumElements() && role.empty()))
    return fmt::format("has {} values, the model takes {}", count, type.getNumElements());
  if (type.getElementType().isF32()) return "";
  for (const double x : values)
    if (!IsInteger(x)) return fmt::format("has {}, integers are needed", x);
  const bool any = as_imported || role == nn::kMaskRole;
  const auto strange = any ? std::nullopt : StrangeValue(values, role);
  return strange ? fmt::format("has {}, numbers from 0 on are needed", *strange) : "";
}

// The elements of one argument: the given ones, then zeros.
std::optional<nn::Tensor> InputTensor(mlir::func::FuncOp function, unsigned index,
                                      const Values& given, bool as_imported) {
  auto type = llvm::cast<mlir::RankedTensorType>(function.getArgument(index).getType());
  const std::string name = NameOf(function, index);
  std::vector<double> values;
  if (auto found = given.find(name); found != given.end()) {
    values = found->second;
    const std::string wrong = Misfit(values, type, nn::RoleOf(function, index), as_imported);
    if (!wrong.empty()) {
      fmt::print(stderr, "error: input '{}' {}\n", name, wrong);
      return std::nullopt;
    }
  }
  values.resize(type.getNumElements(), 0.0);
  nn::Tensor tensor{type.getShape().vec(), nn::Tensor::Floats(values.begin(), values.end())};
  if (!type.getElementType().isF32()) tensor.data = nn::Tensor::Ints(values.begin(), values.end());
  return tensor;
}

// The numbers of "1,2,3"; nothing if one of them is not a number.
std::optional<std::vector<double>> ParseList(const std::string& text) {
  std::vector<double> values;
  std::stringstream list(text);
  for (std::string item; std::getline(list, item, ',');) {
    char* end = nullptr;
    values.push_back(std::strtod(item.c_str(), &end));
    if (item.empty() || *end != '\0') return std::nullopt;
  }
  return values;
}

std::optional<Values> ParseValues(const std::vector<std::string>& texts) {
  Values values;
  for (const std::string& text : texts) {
    const size_t equals = text.rfind('=');
    auto list = equals == std::string::npos ? std::nullopt : ParseList(text.substr(equals + 1));
    if (!list) {
      fmt::print(stderr, "error: --input is '{}', expected a form like input_ids=101,2023,102\n",
                 text);
      return std::nullopt;
    }
    const std::string name = text.substr(0, equals);
    if (!values.emplace(name, *std::move(list)).second) {
      fmt::print(stderr, "error: input '{}' is given twice\n", name);
      return std::nullopt;
    }
  }
  return values;
}

bool Run(mlir::ModuleOp module, const Values& given, bool as_imported) {
  auto function = *module.getOps<mlir::func::FuncOp>().begin();
  if (!AreKnown(function, given)) return false;
  std::vector<nn::Tensor> inputs;
  for (unsigned i = 0; i < function.getNumArguments(); ++i) {
    auto tensor = InputTensor(function, i, given, as_imported);
    if (!tensor) return false;
    inputs.push_back(*std::move(tensor));
  }
  auto outputs = nn::RunNn(function, std::move(inputs));
  if (!outputs.ok()) {
    fmt::print(stderr, "error: {}\n", std::string(outputs.status().message()));
    return false;
  }
  ProgressLine::StepAside();
  for (size_t i = 0; i < outputs->size(); ++i) {
    auto name =
        function.getResultAttrOfType<mlir::StringAttr>(static_cast<unsigned>(i), nn::kNameAttr);
    const nn::Tensor& tensor = (*outputs)[i];
    fmt::print("{} [{}]: ", name ? name.str() : "", fmt::join(tensor.shape, ", "));
    std::visit([](const auto& values) { fmt::print("{}\n", fmt::join(values, " ")); }, tensor.data);
  }
  return true;
}

bool Interpret(const InterpretOptions& options, const ImportOptions& bucket, const Values& values) {
  mlir::DialectRegistry registry;
  RegisterMpccDialects(registry);
  mlir::MLIRContext context(registry);
  const Reporter reporter(context, options.model.verbose);
  Problems problems;
  std::vector<ImportOptions> buckets{bucket};
  if (!FreezeDynamic(context, options.model.path, "", buckets)) return false;
  auto module = ImportOnnxFile(context, options.model.path, buckets[0], problems);
  EmitProblems(context, problems);
  if (!module) return false;
  mlir::PassManager passes(&context);
  if (!options.as_imported) AddCanonicalNnPasses(passes.nest<mlir::func::FuncOp>());
  return mlir::succeeded(passes.run(*module)) && Run(*module, values, options.as_imported);
}

}  // namespace

void AddInterpretCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<InterpretOptions>();
  CLI::App& command =
      *app.add_subcommand("interpret", "run a model in the clear, as its ONNX file defines it");
  options->model.AddTo(command);
  options->model.AddPoolingTo(command);
  command
      .add_option("--input", options->inputs,
                  "values of an input, name=v,v,...; inputs and tokens that are left out are zeros")
      ->allow_extra_args(false);
  command.add_flag("--as-imported", options->as_imported,
                   "before the passes to the canonical form");
  command.callback([options, &exit_code] {
    const ProgressLine line("interpreting");
    auto buckets = options->model.Buckets();
    auto values = ParseValues(options->inputs);
    if (!buckets || !values || !Interpret(*options, buckets->front(), *values)) exit_code = 1;
  });
}

}  // namespace mpcc
