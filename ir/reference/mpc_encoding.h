// SPDX-License-Identifier: Apache-2.0
// Between P1's plaintext and ring integers.
#ifndef MPCC_IR_REFERENCE_MPC_ENCODING_H_
#define MPCC_IR_REFERENCE_MPC_ENCODING_H_

#include "absl/status/statusor.h"
#include "ir/reference/mpc_value.h"

namespace mpcc::reference {

// rint(x * 2^fraction_bits), half to even, saturating at the signed bounds of the result's integer
// type. Integers are taken as they are and saturated. INVALID_ARGUMENT for what is not a number.
absl::StatusOr<LocalTensor> Encode(mpc::EncodeOp op, const LocalTensor& input);

// Signed representatives times 2^-fraction_bits: f32, or integers where the result's type says so.
LocalTensor Decode(mpc::RevealOp op, const Ring& value, int width);

// The integers of a tensor modulo 2^64. REQUIRES: it holds integers.
Ring Integers(const LocalTensor& tensor);

}  // namespace mpcc::reference

#endif  // MPCC_IR_REFERENCE_MPC_ENCODING_H_
