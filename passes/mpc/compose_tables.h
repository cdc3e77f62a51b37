// SPDX-License-Identifier: Apache-2.0
// Arithmetic on the private tables of mpc.lut, done by the compiler on behalf of P0.
#ifndef MPCC_PASSES_MPC_COMPOSE_TABLES_H_
#define MPCC_PASSES_MPC_COMPOSE_TABLES_H_

#include <cstdint>
#include <functional>
#include <optional>

#include "ir/mpc/mpc.h"
#include "mlir/IR/Builders.h"

namespace mpcc {

// `rows` rows of 2^k entries in Z_2^width; row r serves column r of the index, row 0 all if there
// is one.
struct LookupTable {
  int64_t rows = 1;
  int64_t row_entries = 1;
  unsigned width = 1;
  llvm::SmallVector<uint64_t> entries;
};

// The table in the mpc.constant that defines `value`; nothing if none does.
std::optional<LookupTable> ReadTable(mlir::Value value);
mlir::Value MakeTable(mlir::OpBuilder& builder, mlir::Location loc, const LookupTable& table);

// f of every entry, reduced to `width` bits.
LookupTable MapEntries(LookupTable table, unsigned width,
                       const std::function<uint64_t(uint64_t)>& f);

// outer[inner[i] / 2^shift, rounded to nearest]. REQUIRES: rows are equal or 1.
LookupTable Compose(const LookupTable& inner, const LookupTable& outer, unsigned shift);

// entry / 2^shift in Z_2^width, rounded to the nearest, half up: the mean of what mpc.extract and
// the window of mpc.lut give.
uint64_t RoundedShift(uint64_t entry, unsigned width, unsigned shift);

}  // namespace mpcc

#endif  // MPCC_PASSES_MPC_COMPOSE_TABLES_H_
