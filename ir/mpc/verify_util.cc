// SPDX-License-Identifier: Apache-2.0
#include "ir/mpc/verify_util.h"

#include <limits>

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace mpcc::mpc {

using llvm::ArrayRef;
using llvm::StringRef;
using mlir::LogicalResult;
using mlir::Operation;

std::string ShapeText(ArrayRef<int64_t> shape) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::interleave(shape, stream, "x");
  return text;
}

LogicalResult ExpectShape(Operation* op, StringRef what, ArrayRef<int64_t> found,
                          ArrayRef<int64_t> wanted) {
  if (found == wanted) return mlir::success();
  return op->emitOpError() << what << " has shape " << ShapeText(found) << ", expected "
                           << ShapeText(wanted);
}

LogicalResult ExpectWidth(Operation* op, StringRef what, unsigned found, unsigned wanted) {
  if (found == wanted) return mlir::success();
  return op->emitOpError() << what << " has " << found << " bits, expected " << wanted;
}

LogicalResult ExpectKind(Operation* op, StringRef what, ShareKind found, ShareKind wanted) {
  if (found == wanted) return mlir::success();
  return op->emitOpError() << what << " is of kind " << ShareKindName(found) << ", expected "
                           << ShareKindName(wanted);
}

LogicalResult ExpectBroadcast(Operation* op, StringRef what, ArrayRef<int64_t> found,
                              ArrayRef<int64_t> wanted) {
  bool fits = found.size() <= wanted.size();
  if (fits)
    for (auto [from, to] : llvm::zip(llvm::reverse(found), llvm::reverse(wanted)))
      fits &= from == to || from == 1;
  if (fits) return mlir::success();
  return op->emitOpError() << what << " of shape " << ShapeText(found) << " does not broadcast to "
                           << ShapeText(wanted);
}

LogicalResult ExpectStreams(Operation* op, std::optional<ArrayRef<int64_t>> streams, size_t count) {
  if (!streams) return mlir::success();
  if (streams->size() != count)
    return op->emitOpError() << "has " << streams->size() << " streams, expected " << count;
  for (int64_t stream : *streams)
    if (stream < 0 || stream > std::numeric_limits<uint32_t>::max())
      return op->emitOpError() << "stream " << stream << " is out of range, expected 0 to "
                               << std::numeric_limits<uint32_t>::max();
  return mlir::success();
}

LogicalResult ExpectIntegers(Operation* op, StringRef what, mlir::Value local,
                             ArrayRef<int64_t> shape) {
  auto type = llvm::cast<mlir::RankedTensorType>(local.getType());
  if (!type.getElementType().isSignlessInteger())
    return op->emitOpError() << what << " has elements of type " << type.getElementType()
                             << ", expected signless integers";
  return ExpectShape(op, what, type.getShape(), shape);
}

LogicalResult ExpectResults(Operation* op, ArrayRef<mlir::Type> types) {
  for (auto [result, type] : llvm::zip(op->getResultTypes(), types)) {
    const auto found = llvm::cast<ShareType>(result), wanted = llvm::cast<ShareType>(type);
    if (failed(ExpectKind(op, "result", found.getKind(), wanted.getKind())) ||
        failed(ExpectShape(op, "result", found.getShape(), wanted.getShape())) ||
        failed(ExpectWidth(op, "result", found.getWidth(), wanted.getWidth())))
      return mlir::failure();
  }
  return mlir::success();
}

}  // namespace mpcc::mpc
