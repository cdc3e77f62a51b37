// SPDX-License-Identifier: Apache-2.0
#include "frontend/onnx_importer.h"

#include <set>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "frontend/check_constants.h"
#include "frontend/check_extents.h"
#include "frontend/fix_shapes.h"
#include "frontend/layers/assign_layers.h"
#include "frontend/layers/layer_names.h"
#include "frontend/limits.h"
#include "frontend/mark_public.h"
#include "frontend/node_context.h"
#include "frontend/onnx_reader.h"
#include "frontend/onnx_writer.h"
#include "frontend/padding.h"
#include "frontend/range_metadata.h"
#include "frontend/required_inputs.h"
#include "frontend/rewrite/rewrite.h"
#include "frontend/roles.h"
#include "frontend/select_results.h"
#include "frontend/tensor_decode.h"
#include "frontend/unknown_operator.h"
#include "ir/nn/attributes.h"
#include "ir/nn/types.h"
#include "llvm/ADT/StringMap.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Verifier.h"

namespace mpcc {
namespace {

using Table = llvm::StringMap<ImportFunction>;

const Table& Importers() {
  static const Table* table = [] {
    auto* all = new Table;
    for (const ImportRow& row : AllImporters()) all->try_emplace(row.op, row.function);
    return all;
  }();
  return *table;
}

bool KnownDomain(const std::string& domain) {
  static const std::set<std::string> kDomains = {
      "", "ai.onnx", "com.microsoft", "qonnx.custom_op.general", "onnx.brevitas", kMpccDomain};
  return kDomains.count(domain) > 0;
}

class ModelImporter {
 public:
  ModelImporter(mlir::MLIRContext& context, const onnx::ModelProto& model, const std::string& file,
                const ImportOptions& options, Problems& problems)
      : graph_{mlir::OpBuilder(&context), {}, {}, {}, 0},
        model_(model),
        file_(file),
        options_(options),
        problems_(problems),
        layer_names_(model.graph()) {
    for (const auto& opset : model.opset_import())
      if (opset.domain().empty() || opset.domain() == "ai.onnx")
        graph_.opset = static_cast<int>(opset.version());
  }

  mlir::OwningOpRef<mlir::ModuleOp> Run(ImportedTensors* tensors) {
    for (const auto& tensor : model_.graph().initializer())
      graph_.constants[tensor.name()] = &tensor;
    outputs_ = ChosenOutputs(model_.graph(), options_.results, problems_);
    if (!options_.results.empty()) left_out_ = LeftOut(model_.graph(), outputs_);
    graph_.needed = Needed(model_.graph(), outputs_);
    mlir::OwningOpRef<mlir::ModuleOp> module(mlir::ModuleOp::create(FileLocation(0)));
    auto function = StartFunction(*module);
    if (!function) return nullptr;
    for (int i = 0; i < model_.graph().node_size(); ++i)
      if (!IsLeftOut(model_.graph().node(i))) ImportNode(model_.graph().node(i), i + 1);
    if (!problems_.empty() || !Finish(function)) return nullptr;
    if (tensors) *tensors = LiveTensors();
    return module;
  }

 private:
  mlir::Location FileLocation(int line) {
    return mlir::FileLineColLoc::get(graph_.builder.getStringAttr(file_), line, 0);
  }

  // Name and place of the node, and what else is known of it.
  mlir::Location NodeLocation(const onnx::NodeProto& node, int line) {
    mlir::MLIRContext* context = graph_.builder.getContext();
    mlir::Location named = mlir::NameLoc::get(graph_.builder.getStringAttr(node.name()));
    return mlir::FusedLoc::get(
        context, {named, FileLocation(line)},
        nn::NodeAttr::get(context, graph_.builder.getStringAttr(node.op_type()), PartByName(node)));
  }

  // What AssignLayers asks for; null where the name tells nothing.
  nn::PartAttr PartByName(const onnx::NodeProto& node) {
    const LayerNames::Place place = layer_names_.Of(node);
    if (!place.scoped) return {};
    return nn::PartAttr::get(graph_.builder.getContext(),
                             place.layer ? nn::PartKind::layer : nn::PartKind::embedding,
                             place.layer.value_or(0));
  }

  // The nn type of a graph input of that shape, or null with a problem.
  mlir::Type InputType(const onnx::ValueInfoProto& input, const Shape& shape) {
    const ElementInfo* element = FindElement(input.type().tensor_type().elem_type());
    if (!element) {
      problems_.push_back({input.name(), "input",
                           ElementName(input.type().tensor_type().elem_type()),
                           "float, bool or integer elements", "change the type of the input"});
      return nullptr;
    }
    if (!InputFits(input.name(), shape)) return nullptr;
    return mlir::RankedTensorType::get(shape, ElementType(graph_.builder, element->cls));
  }

  bool InputFits(const std::string& name, const Shape& shape) {
    const llvm::ArrayRef<int64_t> extents(shape);
    if (BoundedCount(extents) && BoundedCount(extents.take_front(2), kMaxTokens)) return true;
    problems_.push_back({name, "input", "shape " + ShapeText(shape),
                         fmt::format("at most {} tokens and {}", kMaxTokens, TensorLimitText()),
                         "export with a batch of 1 and a sequence that texts need"});
    return false;
  }

  // Inputs with default values are constants.
  std::vector<const onnx::ValueInfoProto*> GraphInputs() const {
    std::vector<const onnx::ValueInfoProto*> inputs;
    for (const auto& input : model_.graph().input())
      if (!graph_.constants.count(input.name())) inputs.push_back(&input);
    return inputs;
  }

  // Nothing, with problems, if an input has no type that mpcc takes.
  std::optional<llvm::SmallVector<mlir::Type>> InputTypes(
      const std::vector<const onnx::ValueInfoProto*>& inputs) {
    const size_t before = problems_.size();
    const auto shapes = FixShapes(inputs, options_, problems_);
    llvm::SmallVector<mlir::Type> types;
    for (const onnx::ValueInfoProto* input : inputs)
      if (auto shape = shapes.find(input->name()); shape != shapes.end())
        types.push_back(InputType(*input, shape->second));
    for (const auto& [name, shape] : options_.shapes) CheckShapeName(name);
    return problems_.size() == before ? std::optional(types) : std::nullopt;
  }

  mlir::func::FuncOp StartFunction(mlir::ModuleOp module) {
    const auto inputs = GraphInputs();
    const auto types = InputTypes(inputs);
    if (!types) {
      CheckOperators();
      return nullptr;
    }
    auto& builder = graph_.builder;
    builder.setInsertionPointToEnd(module.getBody());
    auto function = builder.create<mlir::func::FuncOp>(FileLocation(0), "main",
                                                       builder.getFunctionType(*types, {}));
    builder.setInsertionPointToStart(function.addEntryBlock());
    for (size_t i = 0; i < inputs.size(); ++i) {
      const unsigned index = static_cast<unsigned>(i);
      function.setArgAttr(index, nn::kOwnerAttr, builder.getStringAttr(nn::kDataOwner));
      function.setArgAttr(index, nn::kNameAttr, builder.getStringAttr(inputs[i]->name()));
      graph_.values[inputs[i]->name()] = function.getArgument(index);
    }
    return function;
  }

  void CheckShapeName(const std::string& name) {
    std::vector<std::string> names;
    for (const auto& input : model_.graph().input()) names.push_back(input.name());
    if (std::find(names.begin(), names.end(), name) != names.end()) return;
    problems_.push_back({name, "input", "a --shape for an input that is not there",
                         fmt::format("{}", fmt::join(names, ", ")), "correct --shape"});
  }

  bool IsLeftOut(const onnx::NodeProto& node) const {
    return node.output_size() > 0 &&
           std::all_of(node.output().begin(), node.output().end(),
                       [&](const std::string& name) { return left_out_.count(name) > 0; });
  }

  // Without shapes nothing can be imported, but unknown operators can still be listed.
  void CheckOperators() {
    for (const auto& node : model_.graph().node())
      if (!IsLeftOut(node)) (void)FindImporter(node);
  }

  ImportFunction FindImporter(const onnx::NodeProto& node) {
    auto found = Importers().find(node.op_type());
    if (found != Importers().end() && KnownDomain(node.domain())) return found->second;
    problems_.push_back(UnknownOperator(node));
    return nullptr;
  }

  bool InputsReady(const onnx::NodeProto& node) {
    return std::all_of(node.input().begin(), node.input().end(), [&](const std::string& name) {
      return name.empty() || graph_.values.count(name) || graph_.constants.count(name);
    });
  }

  // A node whose inputs failed is checked for its operator alone: one cause, one message.
  void ImportNode(const onnx::NodeProto& node, int line) {
    if (node.op_type() == "If" && KnownDomain(node.domain())) return ImportIf(node, line);
    ImportFunction import = FindImporter(node);
    if (!import || !InputsReady(node)) return;
    NodeContext context(graph_, node, NodeLocation(node, line), problems_);
    if (!HasRequiredInputs(node, context)) return;
    try {
      (void)import(context);
    } catch (
        const std::exception& error) {  // a parameter of another kind or size than the operator has
      (void)context.Fail(fmt::format("malformed parameters ({})", error.what()),
                         "what ONNX defines", kInvalidFile);
    }
    CheckSizes(node, context);
  }

  // The branch of a condition that shapes and constants decide, in place of the node.
  void ImportIf(const onnx::NodeProto& node, int line) {
    if (!InputsReady(node)) return;
    NodeContext context(graph_, node, NodeLocation(node, line), problems_);
    auto condition = context.Constant(0);
    if (!condition || condition->size() != 1 || !condition->is_int()) {
      (void)context.Fail("a condition computed from the inputs",
                         "a condition that shapes and constants decide",
                         "fix the shapes of the model's inputs, or export without control flow");
      return;
    }
    const auto* branch =
        context.Attribute(condition->ints()[0] != 0 ? "then_branch" : "else_branch");
    if (!branch || !branch->has_g() || branch->g().output_size() != node.output_size()) {
      (void)context.Fail("no branch with the node's results", "one for each value", kInvalidFile);
      return;
    }
    ImportBranch(branch->g(), line);
    for (int i = 0; i < node.output_size(); ++i)
      Rename(branch->g().output(i).name(), node.output(i));
  }

  // Names of a branch may be those of another one that was taken before.
  void ImportBranch(const onnx::GraphProto& branch, int line) {
    for (const auto& tensor : branch.initializer()) {
      graph_.values.erase(tensor.name());
      graph_.constants[tensor.name()] = &tensor;
    }
    for (const auto& inner : branch.node()) {
      for (const std::string& output : inner.output()) {
        graph_.values.erase(output);
        graph_.constants.erase(output);
      }
      ImportNode(inner, line);
    }
  }

  void Rename(const std::string& from, const std::string& to) {
    if (auto constant = graph_.constants.find(from); constant != graph_.constants.end())
      graph_.constants[to] = constant->second;
    if (auto value = graph_.values.find(from); value != graph_.values.end())
      graph_.values[to] = value->second;
  }

  // Nothing of a result is there yet but its type; what is too large must not be computed.
  void CheckSizes(const onnx::NodeProto& node, NodeContext& context) {
    for (const std::string& output : node.output()) {
      auto found = graph_.values.find(output);
      if (found == graph_.values.end()) continue;
      const auto count = BoundedCount(ShapeOf(found->second));
      elements_ += count.value_or(0);
      if (count && elements_ <= kMaxGraphElements) continue;
      (void)context.Fail(
          count ? fmt::format("{} elements in the tensors up to here", elements_)
                : "a result of shape " + ShapeText(ShapeOf(found->second)),
          count ? fmt::format("at most {} in all", kMaxGraphElements) : TensorLimitText(),
          "compile for shorter inputs, a batch of 1");
      graph_.values.erase(found);
      elements_ = 0;
    }
  }

  bool HasRequiredInputs(const onnx::NodeProto& node, NodeContext& context) {
    const int needed = RequiredInputs(node.op_type());
    for (int i = 0; i < needed; ++i) {
      if (context.HasInput(i)) continue;
      (void)context.Fail(fmt::format("no input {}", i), fmt::format("{} inputs", needed),
                         kInvalidFile);
      return false;
    }
    if (node.output_size() > 0) return true;
    (void)context.Fail("no outputs", "at least one output", kInvalidFile);
    return false;
  }

  // So that a later check knows which results are the model's.
  static void RecordResults(mlir::func::FuncOp function) {
    llvm::SmallVector<mlir::Attribute> names;
    for (unsigned i = 0; i < function.getNumResults(); ++i)
      names.push_back(function.getResultAttr(i, nn::kNameAttr));
    function->setAttr(nn::kResultsAttr, mlir::ArrayAttr::get(function.getContext(), names));
  }

  bool Finish(mlir::func::FuncOp function) {
    llvm::SmallVector<mlir::Value> results;
    for (const std::string& output : outputs_) {
      auto found = graph_.values.find(output);
      if (found == graph_.values.end()) {
        problems_.push_back({output, "output", "a constant", "a value computed from the inputs",
                             "drop it, or name the others with --result"});
        continue;
      }
      results.push_back(found->second);
    }
    AttachRanges(model_, graph_, left_out_, FileLocation(0), problems_);
    if (!problems_.empty()) return false;
    auto& builder = graph_.builder;
    builder.create<mlir::func::ReturnOp>(FileLocation(0), results);
    function.setFunctionType(
        builder.getFunctionType(function.getArgumentTypes(), mlir::ValueRange(results).getTypes()));
    for (unsigned i = 0; i < outputs_.size(); ++i)
      function.setResultAttr(i, nn::kNameAttr, builder.getStringAttr(outputs_[i]));
    EraseDead(function);
    if (!CheckExtents(function, problems_)) return false;
    MarkPublic(function);
    EraseDead(function);  // what public constants were computed from
    AssignRoles(function, problems_);
    AssignPadding(function, options_.pad_id, problems_);
    PoolResults(function, options_, problems_);
    SetDigits(function, options_.digits, problems_);
    AssignLayers(function, layer_names_.count());
    RecordResults(function);
    CheckParameters(function, problems_);
    return problems_.empty();
  }

  void EraseDead(mlir::func::FuncOp function) {
    for (mlir::Operation& op :
         llvm::make_early_inc_range(llvm::reverse(function.getBody().front()))) {
      if (!op.use_empty() || op.hasTrait<mlir::OpTrait::IsTerminator>()) continue;
      erased_.insert(op.result_begin(), op.result_end());
      op.erase();
    }
  }

  ImportedTensors LiveTensors() const {
    ImportedTensors live;
    for (const auto& [name, value] : graph_.values)
      if (!erased_.contains(value) && !value.getDefiningOp<nn::ConstantOp>())
        live.try_emplace(name, value);
    return live;
  }

  GraphState graph_;
  llvm::DenseSet<mlir::Value> erased_;
  const onnx::ModelProto& model_;
  const std::string file_;
  const ImportOptions& options_;
  Problems& problems_;
  LayerNames layer_names_;
  std::vector<std::string> outputs_;  // that are results
  std::set<std::string> left_out_;    // tensors that no result needs
  int64_t elements_ = 0;              // of all results so far
};

}  // namespace

mlir::OwningOpRef<mlir::ModuleOp> ImportModel(mlir::MLIRContext& context,
                                              const onnx::ModelProto& model,
                                              const std::string& file, const ImportOptions& options,
                                              Problems& problems, ImportedTensors* tensors) {
  context.loadDialect<nn::NnDialect, mlir::func::FuncDialect, mlir::quant::QuantizationDialect>();
  auto module = ModelImporter(context, model, file, options, problems).Run(tensors);
  if (module && mlir::failed(mlir::verify(*module))) return nullptr;
  return module;
}

mlir::OwningOpRef<mlir::ModuleOp> ImportOnnxFile(mlir::MLIRContext& context,
                                                 const std::string& path,
                                                 const ImportOptions& options, Problems& problems,
                                                 ImportedTensors* tensors) {
  if (options.read) {
    auto module = ImportModel(context, *options.read, path, options, problems, tensors);
    if (module && options.guessed_scales)
      for (auto function : module->getOps<mlir::func::FuncOp>())
        function->setAttr(nn::kGuessedScalesAttr, mlir::UnitAttr::get(&context));
    return module;
  }
  auto model = ReadOnnx(path, problems);
  if (!model) return nullptr;
  return ImportModel(context, *model, path, options, problems, tensors);
}

}  // namespace mpcc
