// SPDX-License-Identifier: Apache-2.0
#include "passes/mpc/compose_tables.h"

#include <algorithm>

#include "ir/mpc/constants.h"

namespace mpcc {

std::optional<LookupTable> ReadTable(mlir::Value value) {
  auto type = llvm::cast<mpc::ShareType>(value.getType());
  auto entries = mpc::ReadConstant(value);
  if (!entries) return std::nullopt;
  return LookupTable{type.getShape()[0], type.getShape()[1], type.getWidth(), std::move(*entries)};
}

mlir::Value MakeTable(mlir::OpBuilder& builder, mlir::Location loc, const LookupTable& table) {
  auto type = mpc::ShareType::get(builder.getContext(), mpc::ShareKind::priv,
                                  {table.rows, table.row_entries}, table.width);
  return mpc::MakeConstant(builder, loc, type, table.entries);
}

LookupTable MapEntries(LookupTable table, unsigned width,
                       const std::function<uint64_t(uint64_t)>& f) {
  for (uint64_t& entry : table.entries) entry = mpc::ReduceElement(f(entry), width);
  table.width = width;
  return table;
}

uint64_t RoundedShift(uint64_t entry, unsigned width, unsigned shift) {
  if (shift == 0) return entry;
  return mpc::ReduceElement(entry + (uint64_t{1} << (shift - 1)), width) >> shift;
}

LookupTable Compose(const LookupTable& inner, const LookupTable& outer, unsigned shift) {
  LookupTable result{std::max(inner.rows, outer.rows), inner.row_entries, outer.width, {}};
  for (int64_t row = 0; row < result.rows; ++row)
    for (int64_t i = 0; i < inner.row_entries; ++i) {
      uint64_t middle = inner.entries[row % inner.rows * inner.row_entries + i];
      uint64_t index = RoundedShift(middle, inner.width, shift) % outer.row_entries;
      result.entries.push_back(outer.entries[row % outer.rows * outer.row_entries + index]);
    }
  return result;
}

}  // namespace mpcc
