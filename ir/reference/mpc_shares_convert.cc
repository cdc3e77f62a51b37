// SPDX-License-Identifier: Apache-2.0
// Sources, sinks and the exchanges between P1 and P2.
#include "ir/reference/mpc_encoding.h"
#include "ir/reference/mpc_shares.h"
#include "runtime/base/status_macros.h"

namespace mpcc::reference {
namespace {

absl::Status RunEncode(ShareFrame& f, mpc::EncodeOp op) {
  MPCC_ASSIGN_OR_RETURN(LocalTensor encoded, Encode(op, f.scope().Local(op.getInput())));
  f.scope().Set(op.getResult(), std::move(encoded));
  return absl::OkStatus();
}

// m = x + L1; P2 learns nothing of x because it does not have L1.
absl::Status RunInput(ShareFrame& f, mpc::InputOp op) {
  MPCC_ASSIGN_OR_RETURN(auto streams, f.Streams(op, op.getInputs().size()));
  for (auto [input, result, stream] : llvm::zip(op.getInputs(), op.getResults(), streams)) {
    auto type = llvm::cast<mpc::ShareType>(result.getType());
    std::vector<Ring> mask = f.Mask(stream, type, /*is_input=*/true);
    f.Set(result, {Add(Integers(f.scope().Local(input)), mask[0]), mask[0], mask[1]});
  }
  return absl::OkStatus();
}

absl::Status RunInputLocal(ShareFrame& f, mpc::InputLocalOp op) {
  Ring x = Integers(f.scope().Local(op.getInput()));
  Ring zero(x.size());
  f.Set(op.getResult(), {std::move(x), std::move(zero)});
  return absl::OkStatus();
}

absl::Status RunReveal(ShareFrame& f, mpc::RevealOp op) {
  const Components& x = f.Get(op.getInput());
  f.scope().Set(op.getResult(), Decode(op, Reconstruct(x), x.width));
  return absl::OkStatus();
}

// Each sends its share under its mask component; m is the sum of the two messages.
absl::Status RunReshare(ShareFrame& f, mpc::ReshareOp op) {
  MPCC_ASSIGN_OR_RETURN(auto streams, f.Streams(op, op.getInputs().size()));
  for (auto [input, result, stream] : llvm::zip(op.getInputs(), op.getResults(), streams)) {
    const Components& x = f.Get(input);
    std::vector<Ring> mask = f.Mask(stream, llvm::cast<mpc::ShareType>(result.getType()));
    Ring m = Add(Add(x.parts[0], mask[0]), Add(x.parts[1], mask[1]));
    f.Set(result, {std::move(m), mask[0], mask[1]});
  }
  return absl::OkStatus();
}

absl::Status RunOpenFree(ShareFrame& f, mpc::OpenFreeOp op) {
  const std::vector<Ring>& x = f.Get(op.getInput()).parts;
  f.Set(op.getResult(), {Sub(x[0], x[1]), Map(x[2], [](uint64_t l2) { return -l2; })});
  return absl::OkStatus();
}

}  // namespace

std::span<const ShareRow> ShareConversions() {
  static constexpr ShareRow kRows[] = {
      ShareRowOf<mpc::EncodeOp, RunEncode>(),         ShareRowOf<mpc::InputOp, RunInput>(),
      ShareRowOf<mpc::InputLocalOp, RunInputLocal>(), ShareRowOf<mpc::RevealOp, RunReveal>(),
      ShareRowOf<mpc::ReshareOp, RunReshare>(),       ShareRowOf<mpc::OpenFreeOp, RunOpenFree>(),
  };
  return kRows;
}

}  // namespace mpcc::reference
