// SPDX-License-Identifier: Apache-2.0
// What one party sees of an inference, with its own randomness fixed and fresh randomness of the
// pair that it does not belong to.
#ifndef MPCC_TEST_PRIVACY_VIEW_MAKER_H_
#define MPCC_TEST_PRIVACY_VIEW_MAKER_H_

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "mpcc/tensor.h"
#include "runtime/engine/run.h"
#include "test/privacy/uniformity.h"

namespace mpcc::privacy {

enum class Deviation {
  kNone,
  kShift,    // the viewer adds to every byte that it sends
  kEcho,     // the viewer sends what it received last
  kSwap,     // P2 takes the material back to front
  kGarbage,  // P0 deals one byte again and again
};

using Plans = std::array<std::shared_ptr<const LoadedPlan>, 3>;

// Of the first program. The view of P1 (1): P2's halves of openings, and what they open. That of P2
// (2): weight corrections, corrections under the names of the operations that take them, P1's
// messages, and what is opened. What P0 deals while it deviates is left out, and so is P2's share
// of a result: with P1's own share it is the result.
class ViewMaker {
 public:
  ViewMaker(Plans plans, int viewer, Deviation deviation = Deviation::kNone);

  const std::vector<Part>& parts() const { return parts_; }

  // The view of an inference under randomness `sample` of the others.
  absl::StatusOr<std::vector<uint8_t>> View(uint64_t sample, const NamedTensors& inputs);
  // The results of the last one.
  const NamedTensors& outputs() const { return outputs_; }

 private:
  class Bits;
  class Recorder;

  bool Receives(const plan::Step& step) const;
  void DescribeParts();
  absl::StatusOr<std::vector<uint8_t>> Deal(uint64_t sample, Bits& view);
  absl::Status Evaluate(uint64_t sample, const NamedTensors& inputs,
                        std::span<const uint8_t> material, Recorder* recorder[2]);
  void Received(const std::vector<std::vector<uint8_t>>& messages, Bits& view) const;

  Prg Key(int pair, uint8_t purpose, uint64_t sample) const;
  const plan::Program& program() const { return plans_[viewer_]->plan().programs(0); }

  Plans plans_;
  int viewer_;
  Deviation deviation_;
  std::vector<Part> parts_;
  std::vector<uint8_t> weights_;
  std::array<engine::PreparedPlan::Ptr, 3> prepared_;
  std::vector<std::vector<uint8_t>> opened_;  // bits of each wire, unpacked from lanes
  NamedTensors outputs_;
};

}  // namespace mpcc::privacy

#endif  // MPCC_TEST_PRIVACY_VIEW_MAKER_H_
