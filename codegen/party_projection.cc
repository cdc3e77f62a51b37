// SPDX-License-Identifier: Apache-2.0
#include "codegen/party_projection.h"

#include <algorithm>

#include "codegen/constant_bytes.h"
#include "codegen/step_table.h"
#include "codegen/wires.h"
#include "ir/mpc/mpc.h"
#include "ir/nn/nn.h"
#include "ir/nn/roles.h"
#include "ir/nn/types.h"
#include "passes/offline/passes.h"
#include "runtime/base/input_role.h"
#include "runtime/base/ring.h"
#include "runtime/plan/layout.h"
#include "runtime/plan/opcodes.h"
#include "runtime/plan/program_cost.h"

namespace mpcc {
namespace {

using mpc::ShareType;

// The name that the network gives to an argument or result, else one by position.
template <typename Getter>
std::string NameOf(Getter get, llvm::StringRef fallback, unsigned index) {
  auto name = llvm::dyn_cast_if_present<mlir::StringAttr>(get(index, nn::kNameAttr));
  return name ? name.str() : (fallback + llvm::Twine(index)).str();
}

class Projector {
 public:
  Projector(SplitProgram source, const SharedWeights& weights, ConstantPool& constants,
            PartyPlan* out)
      : source_(source),
        function_(out->plan.party() == 0 ? source.offline : source.online),
        weights_(weights),
        constants_(constants),
        plan_(out->plan),
        program_(*out->plan.add_programs()) {}

  mlir::LogicalResult Run() {
    SetHead();
    if (failed(AddLayers()) || failed(AddArguments())) return mlir::failure();
    for (mlir::Operation& op : BodyOf(function_))
      if (failed(AddOperation(&op))) return mlir::failure();
    AddOutputs();
    DeclareCosts(plan_, &program_);
    if (failed(CheckCosts())) return mlir::failure();
    return Party() == 1 ? mlir::success() : CheckOffsets(source_.offline, program_);
  }

 private:
  int Party() const { return static_cast<int>(plan_.party()); }

  void SetHead() {
    if (auto length = source_.online->getAttrOfType<mlir::IntegerAttr>(mpc::kSequenceLengthAttr))
      program_.set_sequence_length(static_cast<uint32_t>(length.getInt()));
    program_.set_exact_length(Party() == 1 && source_.online->hasAttr(nn::kExactLengthAttr));
  }

  // ---- layers, as annotate-cost wrote them

  mlir::ArrayAttr Layers() {
    return source_.online->getAttrOfType<mlir::ArrayAttr>(mpc::kLayersAttr);
  }

  mlir::LogicalResult AddLayers() {
    const auto is_layer = [](mlir::Attribute a) { return llvm::isa<mpc::LayerAttr>(a); };
    if (!Layers() || !llvm::all_of(Layers(), is_layer))
      return source_.online.emitOpError() << "has no layers; run 'annotate-cost' first";
    for (auto layer : Layers().getAsRange<mpc::LayerAttr>())
      program_.add_layers()->set_name(layer.getName().str());
    for (mlir::Operation& op : BodyOf(source_.online)) {
      auto index = op.getAttrOfType<mlir::IntegerAttr>(mpc::kLayerAttr);
      if (!index || index.getValue().uge(Layers().size()))
        return op.emitOpError() << "is in no layer; run 'annotate-cost' first";
      layer_of_[&op] = static_cast<uint32_t>(index.getInt());
      for (int64_t stream : mpc::StreamsOf(&op)) layer_of_stream_[stream] = layer_of_[&op];
    }
    return mlir::success();
  }

  // The steps cost what the operations were said to cost; P0 is not online.
  mlir::LogicalResult CheckCosts() {
    for (auto [index, attribute] : llvm::enumerate(Layers())) {
      auto layer = llvm::cast<mpc::LayerAttr>(attribute);
      Cost said = layer.getCost().value();
      if (Party() == 0)
        said = {.material_bytes = said.material_bytes, .setup_bytes = said.setup_bytes};
      if (said == CostFromProto(program_.layers(static_cast<int>(index)).cost())) continue;
      return source_.online.emitOpError()
             << "has the cost " << layer.getCost() << " in " << layer.getName()
             << ", which is not that of the steps of party " << Party() << "; run 'annotate-cost'";
    }
    return mlir::success();
  }

  // ---- wires

  mlir::LogicalResult AddWire(mlir::Value value, int64_t slot, mlir::Location loc) {
    std::optional<plan::Wire> wire = WireOf(value);
    if (!wire)
      return mlir::emitError(loc)
             << "value of type " << value.getType()
             << " has no place in a plan; f32, i64, i1 and encoded integers do";
    wire->set_slot(SlotOf(slot, WireBytes(*wire)));
    wire_[value] = program_.wires_size();
    *program_.add_wires() = *std::move(wire);
    return mlir::success();
  }

  // Slots of this party, numbered without gaps and as large as their largest wire.
  uint32_t SlotOf(int64_t planned, uint64_t bytes) {
    const auto [it, added] = slot_.try_emplace(planned, program_.slot_bytes_size());
    if (added) program_.add_slot_bytes(0);
    program_.set_slot_bytes(it->second, std::max<uint64_t>(program_.slot_bytes(it->second), bytes));
    return it->second;
  }

  mlir::LogicalResult AddResults(mlir::Operation* op, plan::Step* step) {
    auto slots = op->getAttrOfType<mlir::DenseI64ArrayAttr>(kSlotsAttr);
    for (mlir::OpResult result : op->getResults()) {
      if (!IsWireAt(result, Party())) continue;
      if (!slots) return op->emitOpError() << "has no buffer slots; run 'plan-buffers' first";
      if (failed(AddWire(result, slots[result.getResultNumber()], op->getLoc())))
        return mlir::failure();
      step->add_outputs(wire_.lookup(result));
    }
    return mlir::success();
  }

  // ---- steps

  mlir::LogicalResult AddArguments() {
    auto slots = function_->getAttrOfType<mlir::DenseI64ArrayAttr>(kArgumentSlotsAttr);
    for (mlir::BlockArgument argument : function_.getArguments()) {
      if (!IsWireAt(argument, Party())) continue;
      if (!slots) return function_.emitOpError() << "has no buffer slots; run 'plan-buffers' first";
      const unsigned index = argument.getArgNumber();
      if (failed(AddWire(argument, slots[index], argument.getLoc()))) return mlir::failure();
      plan::Step* step = program_.add_steps();
      step->set_opcode(plan::LOCAL_ARGUMENT);
      step->add_ints(static_cast<int64_t>(InputRoleNamed(nn::RoleOf(function_, index))));
      step->add_ints(nn::PaddingOf(function_, index));
      step->add_outputs(wire_.lookup(argument));
      step->set_name(
          NameOf([&](unsigned i, llvm::StringRef n) { return function_.getArgAttr(i, n); }, "input",
                 index));
    }
    return mlir::success();
  }

  mlir::LogicalResult AddOperation(mlir::Operation* op) {
    if (NeedsNoStep(op)) return mlir::success();
    const StepSource source = StepSource::Of(op);
    const OpcodeInfo* info = OpcodeOf(source);
    if (!info) return op->emitOpError() << "has no step in a plan; it should have been lowered";
    if (info->at[Party()].inputs == kNotHere) return mlir::success();
    if (failed(CheckEncoded(op))) return mlir::failure();
    plan::Step* step = program_.add_steps();
    step->set_opcode(info->opcode);
    step->set_layer(LayerOf(op));
    if (failed(AddParameters(source, *info, step))) return mlir::failure();
    for (mlir::Value operand : op->getOperands())
      if (IsWireAt(operand, Party())) step->add_inputs(wire_.lookup(operand));
    for (int64_t stream : mpc::StreamsOf(op)) step->add_streams(static_cast<uint32_t>(stream));
    if (failed(AddConstants(op, source, step))) return mlir::failure();
    return AddResults(op, step);
  }

  // P0's operations stand in the layer of the online operation with their streams.
  uint32_t LayerOf(mlir::Operation* op) {
    if (Party() != 0) return layer_of_.lookup(op);
    if (!mpc::StreamsOf(op).empty()) layer_ = layer_of_stream_.lookup(mpc::StreamsOf(op).front());
    return layer_;
  }

  // Plans share encoded integers only, in the ring that they were encoded for.
  mlir::LogicalResult CheckEncoded(mlir::Operation* op) const {
    if (!llvm::isa<mpc::InputOp, mpc::InputLocalOp>(op)) return mlir::success();
    for (auto [input, result] : llvm::zip(op->getOperands(), op->getResults())) {
      auto encode = input.getDefiningOp<mpc::EncodeOp>();
      const unsigned width = llvm::cast<ShareType>(result.getType()).getWidth();
      if (encode && mlir::getElementTypeOrSelf(input).isInteger(width)) continue;
      return op->emitOpError() << "shares " << input.getType() << " in a ring of " << width
                               << " bits; expected integers of " << width
                               << " bits straight from 'mpc.encode'";
    }
    return mlir::success();
  }

  // ---- constants

  mlir::LogicalResult AddConstants(mlir::Operation* op, const StepSource& source,
                                   plan::Step* step) {
    const mlir::OperationName linear(mpc::LinearOp::getOperationName(), op->getContext());
    const mlir::StringAttr weight_stream = mpc::LinearOp::getWeightStreamAttrName(linear);
    if (auto stream = source.attributes.getAs<mlir::IntegerAttr>(weight_stream))
      step->add_shared(weights_.IndexOf(stream.getInt()));
    if (auto constant = llvm::dyn_cast<nn::ConstantOp>(op)) return AddPlaintext(constant, step);
    return Party() == 0 ? AddPrivate(op, step) : mlir::success();
  }

  mlir::LogicalResult AddPlaintext(nn::ConstantOp op, plan::Step* step) {
    if (!op.getIsPublic())
      return op.emitOpError() << "is not public, but the data owner would hold it in the clear";
    const std::optional<plan::Wire> wire = WireOf(op.getResult());
    const auto index =
        wire ? constants_.Add(op.getValue(), wire->type(), wire->width(), op.getType().getShape())
             : std::nullopt;
    if (!index)
      return op.emitOpError() << "holds elements that a plan cannot hold: " << op.getType();
    step->add_constants(*index);
    return mlir::success();
  }

  mlir::LogicalResult AddPrivate(mlir::Operation* op, plan::Step* step) {
    for (mlir::Value operand : op->getOperands()) {
      auto constant = operand.getDefiningOp<mpc::ConstantOp>();
      if (!constant) continue;
      auto type = llvm::cast<ShareType>(constant.getType());
      const auto index =
          constants_.Add(constant.getValue(), plan::RING, type.getWidth(), type.getShape());
      if (!index) return constant.emitOpError() << "has elements that cannot be read";
      step->add_constants(*index);
    }
    if (step->shared_size() > 0)
      plan_.mutable_shared_constants(step->shared(0))->set_constant(step->constants(0));
    return mlir::success();
  }

  // ---- results

  void AddOutputs() {
    if (Party() != 1) return;
    mlir::Operation* end = BodyOf(function_).getTerminator();
    for (mlir::OpOperand& operand : end->getOpOperands()) {
      auto reveal = operand.get().getDefiningOp<mpc::RevealOp>();
      plan::Step* step = program_.add_steps();
      step->set_opcode(plan::LOCAL_OUTPUT);
      step->set_layer(LayerOf(end));
      step->add_inputs(wire_.lookup(operand.get()));
      step->add_ints(reveal ? reveal.getFractionBits() : 0);
      step->set_name(
          NameOf([&](unsigned i, llvm::StringRef n) { return function_.getResultAttr(i, n); },
                 "output", operand.getOperandNumber()));
    }
  }

  SplitProgram source_;
  mlir::func::FuncOp function_;
  const SharedWeights& weights_;
  ConstantPool& constants_;
  plan::Plan& plan_;
  plan::Program& program_;
  llvm::DenseMap<mlir::Operation*, uint32_t> layer_of_;
  llvm::DenseMap<int64_t, uint32_t> layer_of_stream_;
  uint32_t layer_ = 0;
  llvm::DenseMap<mlir::Value, uint32_t> wire_;
  llvm::DenseMap<int64_t, uint32_t> slot_;
};

}  // namespace

template <typename Bytes>
std::optional<uint32_t> ConstantPool::AddOnce(mlir::Attribute value, plan::ElementType type,
                                              uint32_t width, llvm::ArrayRef<int64_t> shape,
                                              Bytes bytes) {
  const int64_t place = out_->plan.party() == 0 ? 0 : place_++;
  const Key key{value.getAsOpaquePointer(), type, width, place};
  if (const auto it = index_.find(key); it != index_.end()) return it->second;
  const std::optional<std::vector<uint8_t>> content = bytes();
  if (!content) return std::nullopt;
  std::vector<uint32_t> extents(shape.begin(), shape.end());
  if (extents.empty() && type == plan::RING) extents.push_back(1);
  // Each sequence length imports the model anew: equal parameters are told by their content.
  const auto [same, is_new] =
      by_content_.try_emplace({Sha256Of(*content), type, width, place, extents}, 0);
  if (is_new) same->second = out_->constants.Add(&out_->plan, type, width, extents, *content);
  return index_[key] = same->second;
}

std::optional<uint32_t> ConstantPool::Add(mlir::ElementsAttr value, plan::ElementType type,
                                          uint32_t width, llvm::ArrayRef<int64_t> shape) {
  return AddOnce(value, type, width, shape, [&] { return ConstantBytes(value, type, width); });
}

mlir::LogicalResult ProjectProgram(SplitProgram source, const SharedWeights& weights,
                                   ConstantPool& constants, PartyPlan* out) {
  constants.Restart();
  return Projector(source, weights, constants, out).Run();
}

}  // namespace mpcc
