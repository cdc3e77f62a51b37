// SPDX-License-Identifier: Apache-2.0
#include "test/leak/programs.h"

#include "llvm/ADT/STLExtras.h"
#include "runtime/base/status_macros.h"

namespace mpcc::leak {
namespace {

llvm::ArrayRef<int64_t> ShapeOf(mlir::Type type) {
  if (auto share = llvm::dyn_cast<mpc::ShareType>(type)) return share.getShape();
  return llvm::cast<mlir::ShapedType>(type).getShape();
}

}  // namespace

absl::Status Programs::Add(mlir::ModuleOp module) {
  for (auto online : module.getOps<FuncOp>()) {
    auto name = online->getAttrOfType<mlir::FlatSymbolRefAttr>("mpc.offline");
    if (!name) continue;
    auto offline = module.lookupSymbol<FuncOp>(name.getValue());
    if (!offline || offline.isExternal()) return Invalid("no offline function");
    MPCC_RETURN_IF_ERROR(AddProgram(online, offline));
    ++program_;
  }
  return absl::OkStatus();
}

Wire Programs::NewWire(mlir::Type type) {
  Wire wire{values_++, 1, 8, llvm::SmallVector<int64_t>(ShapeOf(type))};
  for (int64_t extent : wire.shape) wire.count *= extent;
  if (auto share = llvm::dyn_cast<mpc::ShareType>(type))
    wire.width = static_cast<int>(share.getWidth());
  else if (auto element = mlir::getElementTypeOrSelf(type); element.isInteger())
    wire.width = static_cast<int>(element.getIntOrFloatBitWidth());
  return wire;
}

absl::Status Programs::CheckSizes(FuncOp function) const {
  bool fits = true;
  function.walk([&](mlir::Operation* op) {
    for (mlir::Value value : op->getResults()) {
      if (!llvm::isa<mpc::ShareType, mlir::ShapedType>(value.getType())) return;
      int64_t count = 1;
      for (int64_t extent : ShapeOf(value.getType())) count *= extent;
      auto share = llvm::dyn_cast<mpc::ShareType>(value.getType());
      fits &= count <= static_cast<int64_t>(kMaxElements) && (!share || share.getWidth() <= 7);
    }
  });
  return fits ? absl::OkStatus() : Invalid("too large");
}

absl::Status Programs::AddProgram(FuncOp online, FuncOp offline) {
  MPCC_RETURN_IF_ERROR(CheckSizes(online));
  MPCC_RETURN_IF_ERROR(CheckSizes(offline));
  deals_.clear();
  for (auto deal : offline.getOps<mpc::DealOp>()) deals_.push_back(deal);
  next_deal_ = 0;
  corrections_.clear();
  next_correction_ = 0;
  std::vector<Part> arguments;
  for (mlir::BlockArgument argument : online.getArguments()) {
    const Wire wire = Define(argument);
    const Part part{input_bits_, wire.count, wire.width};
    arguments.push_back(part);
    input_bits_ += static_cast<int>(wire.count) * wire.width;
    Do([=](Machine& m) {
      m.values[wire.at][0] = m.values[wire.at][kMeant] = part.Of(m.input);
      m.See(1, m.values[wire.at][0], wire.count);
    });
  }
  // What P0's function takes, P0 is sent: the arguments of the online one.
  for (mlir::BlockArgument argument : offline.getArguments()) {
    if (argument.getArgNumber() >= arguments.size()) return Invalid("an argument of nobody");
    const Wire wire = Define(argument);
    const Part part = arguments[argument.getArgNumber()];
    Do([=](Machine& m) {
      m.values[wire.at][0] = part.Of(m.input);
      m.See(0, m.values[wire.at][0], wire.count);
    });
  }
  for (mlir::Operation& op : online.getBody().front()) MPCC_RETURN_IF_ERROR(AddOnline(&op));
  for (mlir::Operation& op : offline.getBody().front()) MPCC_RETURN_IF_ERROR(AddOffline(&op));
  if (next_correction_ != corrections_.size()) return Invalid("P0 deals what nobody reads");
  return absl::OkStatus();
}

std::function<Elements(const Machine&)> Programs::ReadConstant(mlir::Operation* op,
                                                               const Wire& wire) {
  if (auto part = op->getAttrOfType<mlir::IntegerAttr>(kModelPart)) {
    auto bits = op->getAttrOfType<mlir::IntegerAttr>(kModelBits);
    const int width = bits ? static_cast<int>(bits.getInt()) : wire.width;
    auto [it, is_new] =
        model_parts_.try_emplace(part.getInt(), Part{model_bits_, wire.count, width});
    if (is_new) model_bits_ += static_cast<int>(wire.count) * width;
    return [bits = it->second](const Machine& m) { return bits.Of(m.model); };
  }
  Elements fixed{};
  auto value = op->getAttrOfType<mlir::IntegerAttr>(kFixed);
  fixed.fill(value ? static_cast<uint8_t>(value.getInt()) : 0);
  return [fixed](const Machine&) { return fixed; };
}

void Programs::AddConstant(mpc::ConstantOp op, bool seen_online) {
  const Wire wire = Define(op.getResult());
  const auto read = ReadConstant(op, wire);
  Do([=](Machine& m) {
    Parts& value = m.values[wire.at];
    value[0] = value[kMeant] = read(m);
    if (!seen_online) return;
    m.See(1, value[0], wire.count);
    m.See(2, value[0], wire.count);
  });
}

void Programs::AddPlaceholder(mpc::SealedOp op) {
  const Wire wire = Define(op.getResult());
  const auto read = ReadConstant(op, wire);
  Do([=](Machine& m) { m.values[wire.at][kMeant] = read(m); });
}

absl::Status Programs::AddLocal(mlir::Operation* op) {
  const Wire in = Of(op->getOperand(0)), out = Define(op->getResult(0));
  const auto sum = [&](bool minus) {
    const Wire rhs = Of(op->getOperand(1));
    if (rhs.count != in.count || IsMixed(op)) return Invalid("a broadcast or mixed sum");
    Do([=](Machine& m) {
      for (int p = 0; p < 4; ++p)
        for (size_t i = 0; i < out.count; ++i) {
          const uint8_t x = m.values[in.at][p][i], y = m.values[rhs.at][p][i];
          m.values[out.at][p][i] = (minus ? x - y : x + y) & out.mask();
        }
    });
    return absl::OkStatus();
  };
  if (llvm::isa<mpc::AddOp>(op)) return sum(false);
  if (llvm::isa<mpc::SubOp>(op)) return sum(true);
  if (auto add = llvm::dyn_cast<mpc::AddPublicOp>(op)) {
    const uint8_t c = llvm::cast<mpc::ShareType>(add.getType()).isMask()
                          ? 0
                          : static_cast<uint8_t>(add.getValue());
    Do([=](Machine& m) {
      m.values[out.at] = m.values[in.at];
      for (size_t i = 0; i < out.count; ++i)
        for (int p : {0, kMeant})
          m.values[out.at][p][i] = (m.values[out.at][p][i] + c) & out.mask();
    });
    return absl::OkStatus();
  }
  if (auto mul = llvm::dyn_cast<mpc::MulPublicOp>(op)) {
    const auto c = static_cast<uint8_t>(mul.getValue());
    Do([=](Machine& m) {
      for (int p = 0; p < 4; ++p)
        for (size_t i = 0; i < out.count; ++i)
          m.values[out.at][p][i] = m.values[in.at][p][i] * c & out.mask();
    });
    return absl::OkStatus();
  }
  if (auto join = llvm::dyn_cast<mpc::JoinOp>(op)) return AddJoin(join);
  if (auto concat = llvm::dyn_cast<mpc::ConcatOp>(op); concat && concat.getAxis() == 0) {
    std::vector<Wire> parts;
    for (mlir::Value input : concat.getInputs()) parts.push_back(Of(input));
    Do([=](Machine& m) {
      for (int p = 0; p < 4; ++p) {
        size_t at = 0;
        for (const Wire& part : parts)
          for (size_t i = 0; i < part.count; ++i)
            m.values[out.at][p][at++] = m.values[part.at][p][i];
      }
    });
    return absl::OkStatus();
  }
  return AddMoved(op);
}

bool Programs::IsMixed(mlir::Operation* op) {
  return llvm::any_of(op->getOperands(), [&](mlir::Value v) {
    return llvm::cast<mpc::ShareType>(v.getType()).getKind() !=
           llvm::cast<mpc::ShareType>(op->getResult(0).getType()).getKind();
  });
}

}  // namespace mpcc::leak
