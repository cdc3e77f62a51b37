// SPDX-License-Identifier: Apache-2.0
#include "ir/mpc/infer.h"

#include <algorithm>

#include "llvm/ADT/STLExtras.h"

namespace mpcc::mpc {
namespace {

using Extents = llvm::SmallVector<int64_t>;

// Extents of 1 give way to others, compared from the last axis.
Extents Broadcast(llvm::ArrayRef<int64_t> a, llvm::ArrayRef<int64_t> b) {
  if (a.size() < b.size()) std::swap(a, b);
  Extents out(a);
  const size_t skip = a.size() - b.size();
  for (size_t i = 0; i < b.size(); ++i)
    if (out[skip + i] == 1) out[skip + i] = b[i];
  return out;
}

}  // namespace

ShareType SumType(mlir::Value lhs, mlir::Value rhs) {
  const ShareType left = Share(lhs);
  return left.isRss() && Share(rhs).isAdd() ? AdditiveType(left) : left;
}

ShareType WithLast(mlir::Value x, int64_t last) {
  Extents shape(Share(x).getShape());
  shape.back() = last;
  return Share(x).withShape(shape);
}

ShareType PermutedType(mlir::Value x, llvm::ArrayRef<int64_t> perm) {
  Extents shape;
  for (int64_t axis : perm)
    if (axis >= 0 && axis < Share(x).rank()) shape.push_back(Share(x).getShape()[axis]);
  return static_cast<int64_t>(shape.size()) == Share(x).rank() ? Share(x).withShape(shape)
                                                               : Share(x);
}

ShareType ConcatenatedType(mlir::ValueRange inputs, int64_t axis) {
  if (inputs.empty()) return {};
  const ShareType first = Share(inputs.front());
  if (axis < 0 || axis >= first.rank()) return first;
  Extents shape(first.getShape());
  for (mlir::Value input : inputs.drop_front())
    if (Share(input).rank() == first.rank()) shape[axis] += Share(input).getShape()[axis];
  return first.withShape(shape);
}

ShareType JoinedType(mlir::Value low, mlir::Value wraps) {
  return Share(low).withWidth(std::min(Share(low).getWidth() + Share(wraps).getWidth(), kMaxWidth));
}

ShareType AdditiveType(ShareType type) { return type.withKind(ShareKind::add); }

ShareType MatMulType(mlir::Value lhs, mlir::Value rhs, bool transpose_b) {
  const llvm::ArrayRef<int64_t> right = Share(rhs).getShape();
  const bool rows = transpose_b && right.size() > 1;
  return AdditiveType(WithLast(lhs, rows ? right[right.size() - 2] : right.back()));
}

ShareType ProductType(mlir::ValueRange operands) {
  if (operands.empty()) return {};
  Extents shape;
  for (mlir::Value operand : operands) shape = Broadcast(shape, Share(operand).getShape());
  return AdditiveType(Share(operands.front()).withShape(shape));
}

ShareType TableType(mlir::Value index, mlir::Value table) {
  return AdditiveType(Share(index).withWidth(Share(table).getWidth()));
}

ShareType PairType(mlir::Value index, mlir::Value table) {
  const ShareType one = TableType(index, table);
  if (one.rank() >= kMaxRank) return {};
  Extents shape{2};
  llvm::append_range(shape, one.getShape());
  return one.withShape(shape);
}

ShareType BitsType(mlir::Value input, size_t count) {
  const ShareType type = Share(input);
  if (count == 0 || type.rank() >= kMaxRank) return {};
  Extents shape{static_cast<int64_t>(count)};
  llvm::append_range(shape, type.getShape());
  return AdditiveType(type.withShape(shape).withWidth(1));
}

llvm::SmallVector<mlir::Type> ReplicatedTypes(mlir::ValueRange shares) {
  return llvm::map_to_vector(
      shares, [](mlir::Value x) -> mlir::Type { return Share(x).withKind(ShareKind::rss); });
}

mlir::Type RevealedType(mlir::Value share) {
  return mlir::RankedTensorType::get(Share(share).getShape(),
                                     mlir::Float32Type::get(share.getContext()));
}

mlir::LogicalResult Append(mlir::Type type, llvm::SmallVectorImpl<mlir::Type>& types) {
  if (type) types.push_back(type);
  return mlir::success(type != nullptr);
}

mlir::LogicalResult Append(llvm::ArrayRef<mlir::Type> more,
                           llvm::SmallVectorImpl<mlir::Type>& types) {
  llvm::append_range(types, more);
  return mlir::success(!llvm::is_contained(more, mlir::Type()));
}

}  // namespace mpcc::mpc
