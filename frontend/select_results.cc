// SPDX-License-Identifier: Apache-2.0
#include "frontend/select_results.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "frontend/carriers.h"
#include "frontend/node_context.h"
#include "frontend/padding.h"
#include "ir/nn/attributes.h"
#include "ir/nn/pools.h"
#include "ir/nn/roles.h"
#include "ir/nn/types.h"
#include "ir/reference/nn_constants.h"
#include "mlir/IR/TypeUtilities.h"

namespace mpcc {
namespace {

using mlir::func::FuncOp;

constexpr double kNormEpsilon = 1e-12;  // as torch.nn.functional.normalize

// ---- the graph

// What a node reads, with what its branches read from outside.
void AddReads(const onnx::NodeProto& node, std::set<std::string>& names) {
  names.insert(node.input().begin(), node.input().end());
  for (const auto& attribute : node.attribute()) {
    for (const auto& inner : attribute.g().node()) AddReads(inner, names);
    for (const auto& output : attribute.g().output()) names.insert(output.name());
  }
}

bool IsNeeded(const onnx::NodeProto& node, const std::set<std::string>& needed) {
  return std::any_of(node.output().begin(), node.output().end(),
                     [&](const auto& name) { return !name.empty() && needed.count(name); });
}

// ---- shapes

// Tokens of a function: its ids, or the second extent of what it is given instead.
int64_t Tokens(FuncOp function) {
  if (const int64_t tokens = nn::TokensOf(function)) return tokens;
  for (mlir::BlockArgument argument : function.getArguments())
    if (RankOf(argument) >= 2) return ShapeOf(argument)[1];
  return 0;
}

// An extent for each token, one of the width of a vector, and 1 for others.
bool IsOfTokens(mlir::Value value, int64_t tokens) {
  const Shape shape = ShapeOf(value);
  if (!ElementOf(value).isF32() || shape.size() < 2 || tokens == 0) return false;
  if (tokens == 1) return shape.size() > 2;
  const auto others = llvm::ArrayRef(shape).drop_back();
  return llvm::count(others, tokens) == 1 &&
         llvm::count(others, 1) == static_cast<int64_t>(others.size()) - 1;
}

// The least width of what stands for a token at the start: rows that ids pick, vectors given.
int64_t WidthOfEmbedding(FuncOp function) {
  int64_t width = INT64_MAX;
  for (mlir::BlockArgument argument : function.getArguments()) {
    if (RankOf(argument) == 3 && ElementOf(argument).isF32())
      width = std::min(width, ShapeOf(argument).back());
    if (nn::RoleOf(function, argument.getArgNumber()) != nn::kIdsRole) continue;
    for (mlir::OpOperand* use : Readers(argument))
      if (auto gather = llvm::dyn_cast<nn::GatherOp>(use->getOwner()))
        width = std::min(width, ShapeOf(gather.getTable()).back());
  }
  return width;
}

std::string NameOfResult(FuncOp function, unsigned index) {
  auto name = function.getResultAttrOfType<mlir::StringAttr>(index, nn::kNameAttr);
  return name ? name.str() : fmt::format("#{}", index);
}

mlir::func::ReturnOp ReturnOf(FuncOp function) {
  return llvm::cast<mlir::func::ReturnOp>(function.getBody().front().getTerminator());
}

// ---- operations

class Emitter {
 public:
  Emitter(mlir::Operation* before, mlir::Location loc) : builder_(before), loc_(loc) {}

  template <typename Op, typename... Args>
  mlir::Value Make(const Shape& shape, mlir::Type element, Args&&... args) {
    return builder_.create<Op>(loc_, mlir::RankedTensorType::get(shape, element),
                               std::forward<Args>(args)...);
  }

  mlir::Value Reshape(mlir::Value value, const Shape& shape) {
    if (ShapeOf(value) == shape) return value;
    return Make<nn::ReshapeOp>(shape, ElementOf(value), value);
  }

  mlir::Value ToReal(mlir::Value value) {
    if (ElementOf(value).isF32()) return value;
    return Make<nn::UnaryOp>(ShapeOf(value), F32(), nn::UnaryKind::cast, value);
  }

  mlir::Value Not(mlir::Value truth) {
    return Make<nn::UnaryOp>(ShapeOf(truth), ElementOf(truth), nn::UnaryKind::logical_not, truth);
  }

  // A truth value for each element.
  mlir::Value Compare(nn::BinaryKind kind, mlir::Value value, const nn::Tensor& number) {
    auto scalar = mlir::RankedTensorType::get({}, ElementOf(value));
    mlir::Value other = nn::MakeConstant(builder_, loc_, number, scalar, /*is_public=*/true);
    return Make<nn::BinaryOp>(ShapeOf(value), builder_.getI1Type(), kind, value, other);
  }

  mlir::Value Ones(const Shape& shape) {
    const int64_t count = nn::ElementCount(shape);
    return nn::MakeConstant(builder_, loc_, {shape, nn::Tensor::Floats(count, 1.0f)},
                            mlir::RankedTensorType::get(shape, F32()), /*is_public=*/true);
  }

  mlir::Type F32() { return builder_.getF32Type(); }
  mlir::OpBuilder& builder() { return builder_; }

 private:
  mlir::OpBuilder builder_;
  mlir::Location loc_;
};

// Where the node of a value is, in the head of the network.
mlir::Location InHead(mlir::Value value) {
  return nn::WithPart(value.getLoc(), nn::PartAttr::get(value.getContext(), nn::PartKind::head, 0));
}

// ---- which tokens are no padding

// An argument of that role with one number a token, or a token and a token.
mlir::Value ArgumentOf(FuncOp function, llvm::StringRef role, int64_t tokens) {
  for (mlir::BlockArgument argument : function.getArguments()) {
    const Shape shape = ShapeOf(argument);
    const bool fits =
        !shape.empty() && shape.back() == tokens &&
        llvm::all_of(shape, [&](int64_t extent) { return extent == 1 || extent == tokens; });
    if (fits && nn::RoleOf(function, argument.getArgNumber()) == role) return argument;
  }
  return {};
}

// The largest number that any token has for each token, [1, tokens].
mlir::Value ForEachToken(Emitter& emit, mlir::Value numbers, int64_t tokens) {
  Shape shape = ShapeOf(numbers);
  llvm::SmallVector<int64_t> axes;
  for (size_t axis = 0; axis + 1 < shape.size(); ++axis)
    if (shape[axis] > 1) axes.push_back(static_cast<int64_t>(axis)), shape[axis] = 1;
  if (!axes.empty())
    numbers =
        emit.Make<nn::ReduceOp>(shape, ElementOf(numbers), nn::ReduceKind::max, numbers, axes);
  return emit.Reshape(numbers, {1, tokens});
}

// 1 for tokens, 0 for padding, [1, tokens].
mlir::Value KeptTokens(Emitter& emit, FuncOp function, int64_t tokens) {
  if (mlir::Value mask = ArgumentOf(function, nn::kMaskRole, tokens))
    return ForEachToken(emit, emit.ToReal(mask), tokens);
  if (mlir::Value bias = ArgumentOf(function, nn::kBiasRole, tokens)) {
    mlir::Value largest = ForEachToken(emit, bias, tokens);
    return emit.ToReal(
        emit.Not(emit.Compare(nn::BinaryKind::less, largest, {{}, nn::Tensor::Floats{0}})));
  }
  if (ComparesWithPadding(function)) {
    mlir::Value ids = ArgumentOf(function, nn::kIdsRole, tokens);
    const int64_t pad =
        nn::PaddingOf(function, llvm::cast<mlir::BlockArgument>(ids).getArgNumber());
    mlir::Value padding = emit.Compare(nn::BinaryKind::equal, ids, {{}, nn::Tensor::Ints{pad}});
    return emit.Reshape(emit.ToReal(emit.Not(padding)), {1, tokens});
  }
  return emit.Ones({1, tokens});
}

// ---- results

class ResultPooler {
 public:
  ResultPooler(FuncOp function, const ImportOptions& options, Problems& problems)
      : function_(function),
        options_(options),
        problems_(problems),
        return_(ReturnOf(function)),
        tokens_(Tokens(function)) {
    for (unsigned i = 0; i < return_.getNumOperands(); ++i)
      if (IsOfTokens(return_.getOperand(i), tokens_))
        of_tokens_.push_back("--result=" + NameOfResult(function, i));
  }

  void Run() {
    const bool pools = options_.pooling && *options_.pooling != Pooling::kNone;
    for (unsigned i = 0; i < return_.getNumOperands(); ++i) {
      if (pools) Pool(i);
      if (options_.normalize) Normalize(i);
    }
    mlir::Builder builder(function_);
    function_.setFunctionType(
        builder.getFunctionType(function_.getArgumentTypes(), return_.getOperandTypes()));
  }

 private:
  void Pool(unsigned index) {
    const mlir::Value result = return_.getOperand(index);
    if (!IsOfTokens(result, tokens_))
      return Refuse(index, fmt::format("vectors of {} tokens", tokens_), WhatToPool());
    Emitter emit(return_, InHead(result));
    const int64_t width = ShapeOf(result).back();
    mlir::Value vectors = emit.Reshape(result, {1, tokens_, width});
    return_->setOperand(index, *options_.pooling == Pooling::kFirst ? First(emit, vectors, width)
                                                                    : Sum(emit, vectors, width));
  }

  static mlir::Value First(Emitter& emit, mlir::Value vectors, int64_t width) {
    mlir::Value first = emit.Make<nn::SliceOp>({1, 1, width}, emit.F32(), vectors,
                                               llvm::ArrayRef<int64_t>{0, 0, 0});
    return emit.Reshape(first, {1, width});
  }

  // Of the tokens that are kept, divided by their number or its root.
  mlir::Value Sum(Emitter& emit, mlir::Value vectors, int64_t width) {
    mlir::Value kept = KeptTokens(emit, function_, tokens_);
    mlir::Value mean = emit.Make<nn::MeanPoolOp>({1, width}, emit.F32(), vectors, kept);
    if (*options_.pooling == Pooling::kMean) return mean;
    return nn::MakeRootPool(emit.builder(), mean.getDefiningOp<nn::MeanPoolOp>());
  }

  // What to do where --pool does not fit.
  std::string WhatToPool() const {
    if (of_tokens_.empty()) return "leave --pool out: the file pools its tokens itself";
    return fmt::format("name what is to be pooled alone ({})", fmt::join(of_tokens_, " "));
  }

  void Normalize(unsigned index) {
    const mlir::Value result = return_.getOperand(index);
    const Shape shape = ShapeOf(result);
    if (!ElementOf(result).isF32() || shape.size() < 2 || shape.back() < 2)
      return Refuse(index, "vectors of more than one number, [..., width]",
                    "leave --normalize out, or name the vectors alone with --result");
    Emitter emit(return_, InHead(result));
    return_->setOperand(index,
                        emit.Make<nn::L2NormalizeOp>(shape, emit.F32(), result,
                                                     emit.builder().getF64FloatAttr(kNormEpsilon)));
  }

  void Refuse(unsigned index, const std::string& accepted, const std::string& remedy) {
    problems_.push_back({NameOfResult(function_, index), "output",
                         "a result of shape " + ShapeText(ShapeOf(return_.getOperand(index))),
                         accepted, remedy});
  }

  FuncOp function_;
  const ImportOptions& options_;
  Problems& problems_;
  mlir::func::ReturnOp return_;
  int64_t tokens_;
  std::vector<std::string> of_tokens_;  // as options
};

}  // namespace

std::vector<std::string> ChosenOutputs(const onnx::GraphProto& graph,
                                       const std::vector<std::string>& named, Problems& problems) {
  std::vector<std::string> all, chosen;
  for (const auto& output : graph.output()) all.push_back(output.name());
  for (const std::string& name : named)
    if (!llvm::is_contained(all, name))
      problems.push_back({name, "output", "a --result that the file does not have",
                          fmt::format("{}", fmt::join(all, ", ")), "correct --result"});
  for (const std::string& name : all)
    if (named.empty() || llvm::is_contained(named, name)) chosen.push_back(name);
  return chosen;
}

std::set<std::string> Needed(const onnx::GraphProto& graph,
                             const std::vector<std::string>& outputs) {
  std::set<std::string> needed(outputs.begin(), outputs.end());
  for (const auto& node : llvm::reverse(graph.node()))
    if (IsNeeded(node, needed)) AddReads(node, needed);
  return needed;
}

std::set<std::string> LeftOut(const onnx::GraphProto& graph,
                              const std::vector<std::string>& outputs) {
  const std::set<std::string> needed = Needed(graph, outputs);
  std::set<std::string> left_out;
  for (const auto& node : graph.node())
    if (!IsNeeded(node, needed)) left_out.insert(node.output().begin(), node.output().end());
  return left_out;
}

void PoolResults(FuncOp function, const ImportOptions& options, Problems& problems) {
  ResultPooler(function, options, problems).Run();
}

void CheckRevealed(FuncOp function, Problems& problems) {
  constexpr char kReal[] = "results of real numbers";
  constexpr char kLeaveOut[] = "leave it out: name the others with --result";
  for (auto [i, result] : llvm::enumerate(ReturnOf(function).getOperands())) {
    const mlir::Type element = mlir::getElementTypeOrSelf(result);
    const std::string name = NameOfResult(function, static_cast<unsigned>(i));
    if (result.getDefiningOp<nn::ConstantOp>())
      problems.push_back(
          {name, "output", "a constant", "a value computed from the inputs", kLeaveOut});
    else if (nn::IsQuantized(result.getType()))
      problems.push_back(
          {name, "output", "quantized integers", kReal,
           "end the model behind DequantizeLinear, or name the others with --result"});
    else if (!element.isF32())
      problems.push_back(
          {name, "output", element.isInteger(1) ? "conditions" : "integers", kReal, kLeaveOut});
  }
}

void WarnOfTokenVectors(mlir::ModuleOp module) {
  for (auto function : module.getOps<FuncOp>()) {
    const int64_t tokens = Tokens(function), width = WidthOfEmbedding(function);
    for (auto [i, result] : llvm::enumerate(ReturnOf(function).getOperands())) {
      if (!IsOfTokens(result, tokens) || ShapeOf(result).back() < width) continue;
      const auto name = mlir::StringAttr::get(module.getContext(),
                                              NameOfResult(function, static_cast<unsigned>(i)));
      const auto output = mlir::StringAttr::get(module.getContext(), "output");
      mlir::emitWarning(mlir::FusedLoc::get(module.getContext(), {mlir::NameLoc::get(name)},
                                            nn::NodeAttr::get(module.getContext(), output, {})))
          << fmt::format(
                 "a result that reveals the vectors of all tokens, {}; accepted: what the data "
                 "owner is to learn; remedy: pool in private (--pool=mean, --pool=cls), or say "
                 "that all are wanted (--pool=none)",
                 ShapeText(ShapeOf(result)));
    }
  }
}

}  // namespace mpcc
