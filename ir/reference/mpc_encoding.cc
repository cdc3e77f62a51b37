// SPDX-License-Identifier: Apache-2.0
#include "ir/reference/mpc_encoding.h"

#include <cmath>

#include "runtime/base/rounding.h"

namespace mpcc::reference {
absl::StatusOr<LocalTensor> Encode(mpc::EncodeOp op, const LocalTensor& input) {
  auto type = llvm::cast<mlir::RankedTensorType>(op.getResult().getType());
  const int width = type.getElementType().getIntOrFloatBitWidth();
  const int fraction = static_cast<int>(op.getFractionBits());
  std::vector<int64_t> out;
  bool numbers = true;
  std::visit(
      [&](const auto& data) {
        for (auto x : data) {
          numbers = numbers && !std::isnan(static_cast<double>(x));
          out.push_back(RoundToRing(std::ldexp(static_cast<double>(x), fraction), width));
        }
      },
      input.data);
  if (!numbers)
    return absl::InvalidArgumentError("a value computed from the inputs is not a number");
  return LocalTensor{input.shape, std::move(out)};
}

LocalTensor Decode(mpc::RevealOp op, const Ring& value, int width) {
  auto type = llvm::cast<mlir::RankedTensorType>(op.getResult().getType());
  LocalTensor out{type.getShape().vec(), {}};
  if (type.getElementType().isF32()) {
    const int fraction = static_cast<int>(op.getFractionBits());
    std::vector<float> reals;
    for (uint64_t x : value)
      reals.push_back(std::ldexp(static_cast<double>(Signed(x, width)), -fraction));
    out.data = std::move(reals);
  } else {
    std::vector<int64_t> integers;
    for (uint64_t x : value) integers.push_back(Signed(x, width));
    out.data = std::move(integers);
  }
  return out;
}

Ring Integers(const LocalTensor& tensor) {
  const std::vector<int64_t>& in = tensor.ints();
  return Ring(in.begin(), in.end());
}

}  // namespace mpcc::reference
