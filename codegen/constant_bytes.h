// SPDX-License-Identifier: Apache-2.0
// The elements of attributes as the bytes that a plan's constant section holds.
#ifndef MPCC_CODEGEN_CONSTANT_BYTES_H_
#define MPCC_CODEGEN_CONSTANT_BYTES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "mlir/IR/BuiltinAttributes.h"
#include "runtime/plan/plan.pb.h"

namespace mpcc {

// Row-major elements of a dense or dense_resource attribute, little-endian:
//   RING: integers, sign-extended unless unsigned, modulo 2^width, in lanes;
//   F32: floats as they are; I64: integers, sign-extended unless unsigned (i1: 0 and 1).
// Nothing if the attribute is of another kind, its bytes are missing, or its elements are not of
// the type asked for.
std::optional<std::vector<uint8_t>> ConstantBytes(mlir::ElementsAttr value, plan::ElementType type,
                                                  uint32_t width);

}  // namespace mpcc

#endif  // MPCC_CODEGEN_CONSTANT_BYTES_H_
