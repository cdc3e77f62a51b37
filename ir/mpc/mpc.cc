// SPDX-License-Identifier: Apache-2.0
#include "ir/mpc/mpc.h"

#include "ir/mpc/infer.h"
#include "ir/mpc/mpc_dialect.cc.inc"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#define GET_TYPEDEF_CLASSES
#include "ir/mpc/mpc_types.cc.inc"

namespace mpcc::mpc {
namespace {

struct KindName {
  ShareKind kind;
  llvm::StringLiteral name;
};
constexpr KindName kKindNames[] = {{ShareKind::add, "add"},
                                   {ShareKind::rss, "rss"},
                                   {ShareKind::mask, "mask"},
                                   {ShareKind::priv, "private"}};

}  // namespace

llvm::StringRef ShareKindName(ShareKind kind) {
  return llvm::find_if(kKindNames, [&](const KindName& k) { return k.kind == kind; })->name;
}

std::optional<ShareKind> ShareKindFromName(llvm::StringRef name) {
  for (const KindName& entry : kKindNames)
    if (entry.name == name) return entry.kind;
  return std::nullopt;
}

void MpcDialect::initialize() {
  registerTypes();
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "ir/mpc/mpc_ops.cc.inc"
      >();
}

void MpcDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "ir/mpc/mpc_types.cc.inc"
      >();
}

// Parses `add<16x768, 16>` after the `!mpc.` that the caller has consumed.
mlir::Type MpcDialect::parseType(mlir::DialectAsmParser& parser) const {
  llvm::StringRef keyword;
  llvm::SMLoc loc = parser.getCurrentLocation();
  llvm::SmallVector<int64_t> shape;
  unsigned width = 0;
  if (parser.parseKeyword(&keyword)) return {};
  std::optional<ShareKind> kind = ShareKindFromName(keyword);
  if (!kind) {
    parser.emitError(loc) << "unknown type '!mpc." << keyword
                          << "', expected add, rss, mask or private";
    return {};
  }
  if (parser.parseLess() ||
      parser.parseDimensionList(shape, /*allowDynamic=*/false, /*withTrailingX=*/false) ||
      parser.parseComma() || parser.parseInteger(width) || parser.parseGreater())
    return {};
  return parser.getChecked<ShareType>(getContext(), *kind, shape, width);
}

void MpcDialect::printType(mlir::Type type, mlir::DialectAsmPrinter& printer) const {
  auto share = llvm::cast<ShareType>(type);
  printer << ShareKindName(share.getKind()) << "<";
  llvm::interleave(share.getShape(), printer.getStream(), "x");
  printer << ", " << share.getWidth() << ">";
}

mlir::LogicalResult ShareType::verify(llvm::function_ref<mlir::InFlightDiagnostic()> emitError,
                                      ShareKind, llvm::ArrayRef<int64_t> shape, unsigned width) {
  if (width < kMinWidth || width > kMaxWidth)
    return emitError() << "ring width must be " << kMinWidth << " to " << kMaxWidth << " bits, got "
                       << width;
  if (shape.empty() || static_cast<int64_t>(shape.size()) > kMaxRank)
    return emitError() << "rank must be 1 to " << kMaxRank << ", got " << shape.size();
  for (int64_t extent : shape)
    if (extent <= 0) return emitError() << "extents must be positive, got " << extent;
  return mlir::success();
}

int64_t ShareType::numElements() const {
  int64_t count = 1;
  for (int64_t extent : getShape()) count *= extent;
  return count;
}

ShareType ShareType::withKind(ShareKind kind) const {
  return get(getContext(), kind, getShape(), getWidth());
}
ShareType ShareType::withWidth(unsigned width) const {
  return get(getContext(), getKind(), getShape(), width);
}
ShareType ShareType::withShape(llvm::ArrayRef<int64_t> shape) const {
  return get(getContext(), getKind(), shape, getWidth());
}

}  // namespace mpcc::mpc

#define GET_OP_CLASSES
#include "ir/mpc/mpc_ops.cc.inc"
