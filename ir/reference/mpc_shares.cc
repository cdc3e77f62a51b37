// SPDX-License-Identifier: Apache-2.0
#include "ir/reference/mpc_shares.h"

#include "llvm/Support/raw_ostream.h"
#include "runtime/base/ring.h"
#include "runtime/base/status_macros.h"

namespace mpcc::reference {
namespace {

using mpc::ShareKind;

std::optional<ShareKind> KindOf(mlir::Value value) {
  auto type = llvm::dyn_cast<mpc::ShareType>(value.getType());
  return type ? std::optional(type.getKind()) : std::nullopt;
}

// Dealt operations compute on replicated operands; local ones on operands of one sharing.
absl::Status CheckSharings(mlir::Operation* op) {
  const bool replicated = mpc::NeedsReplicated(op);
  const bool local = mpc::RoleOf(op) == mpc::Role::kLocal;
  for (mlir::Value operand : op->getOperands()) {
    std::optional<ShareKind> kind = KindOf(operand);
    if (replicated && kind == ShareKind::add)
      return OpError(
          op, "has an additive operand, expected replicated ones; run insert-share-conversions");
    if (local && kind != KindOf(op->getResult(0)))
      return OpError(op,
                     "has operands of two sharings, expected one; run insert-share-conversions");
  }
  return absl::OkStatus();
}

const ShareRow* FindRow(llvm::StringRef name) {
  for (auto rows : {ShareConversions(), ShareLocalOps(), ShareDealtOps()})
    for (const ShareRow& row : rows)
      if (row.op == name) return &row;
  return nullptr;
}

}  // namespace

absl::Status OpError(mlir::Operation* op, llvm::StringRef what) {
  std::string text;
  llvm::raw_string_ostream out(text);
  out << op->getLoc() << ": '" << op->getName() << "' " << what;
  return absl::InvalidArgumentError(out.str());
}

void ShareFrame::Set(mlir::Value value, std::vector<Ring> parts) {
  auto type = llvm::cast<mpc::ShareType>(value.getType());
  const int width = type.getWidth();
  for (Ring& part : parts)
    for (uint64_t& x : part) x = Reduce(x, width);
  scope_.Set(value, Components{type.getKind(), type.getShape().vec(), width, std::move(parts)});
}

void ShareFrame::SetShared(mlir::Value value, const Ring& x) {
  auto type = llvm::cast<mpc::ShareType>(value.getType());
  std::vector<Ring> random = Mask(next_stream_++, type);
  if (type.isAdd()) return Set(value, {random[0], Sub(x, random[0])});
  Ring m = Add(Add(x, random[0]), random[1]);
  Set(value, {std::move(m), random[0], random[1]});
}

absl::StatusOr<std::vector<uint32_t>> ShareFrame::Streams(mlir::Operation* op, size_t count) {
  std::vector<uint32_t> streams(count);
  if (numbering_ == Numbering::kCounted) {
    for (uint32_t& stream : streams) stream = next_stream_++;
    return streams;
  }
  const llvm::ArrayRef<int64_t> numbers = mpc::StreamsOf(op);
  if (numbers.size() != count)
    return OpError(op, "needs " + std::to_string(count) + " streams; run hoist-to-offline");
  return std::vector<uint32_t>(numbers.begin(), numbers.end());
}

absl::StatusOr<uint32_t> ShareFrame::WeightStream(mpc::LinearOp op) {
  if (numbering_ == Numbering::kCounted) return next_stream_++;
  if (!op.getWeightStream()) return OpError(op, "needs a weight_stream; run hoist-to-offline");
  return static_cast<uint32_t>(*op.getWeightStream());
}

std::vector<Ring> ShareFrame::Mask(uint32_t stream, mpc::ShareType type, bool is_input) {
  const size_t count = type.numElements();
  const int width = type.getWidth();
  const Stream named{is_input ? StreamRole::kInputMask : StreamRole::kOpeningMask, stream};
  return {random_.Vector(PairKey::k01, named, count, width),
          is_input ? Ring(count) : random_.Vector(PairKey::k02, named, count, width)};
}

std::vector<Ring> ShareFrame::Deal(PairKey p1_key, uint32_t stream, const Ring& value, int width) {
  Ring c1 = random_.Vector(p1_key, {StreamRole::kDealt, stream}, value.size(), width);
  Ring c2 = Sub(value, c1);
  return {std::move(c1), std::move(c2)};
}

absl::Status RunOnShares(ShareFrame& frame, mlir::Operation* op) {
  const ShareRow* row = FindRow(op->getName().getStringRef());
  if (!row) return OpError(op, "is abstract; run insert-share-conversions");
  MPCC_RETURN_IF_ERROR(CheckSharings(op));
  return row->run(frame, op);
}

}  // namespace mpcc::reference
