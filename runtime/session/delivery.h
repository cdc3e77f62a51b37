// SPDX-License-Identifier: Apache-2.0
// An inference's material on its way to P2's run.
#ifndef MPCC_RUNTIME_SESSION_DELIVERY_H_
#define MPCC_RUNTIME_SESSION_DELIVERY_H_

#include <cstdint>
#include <thread>

#include "runtime/material/material_store.h"
#include "runtime/session/piece_queue.h"

namespace mpcc::session {

// What the material is for.
struct DealtInference {
  uint32_t program;
  uint64_t number;
  uint64_t left;  // inferences after this one, or kNoLimit
};

struct Delivery {
  Delivery(const DealtInference& inference, uint64_t bytes, uint64_t window,
           std::vector<SecureBuffer> spares = {})
      : of(inference), pieces(bytes, window, std::move(spares)) {}
  virtual ~Delivery() = default;

  const DealtInference of;
  PieceQueue pieces;
};

// Read from a file by a thread of its own, at most `window` pieces ahead.
class StoredDelivery : public Delivery {
 public:
  StoredDelivery(const DealtInference& inference, uint64_t bytes, uint64_t window,
                 MaterialFileReader file);
  ~StoredDelivery() override;  // stops reading

 private:
  absl::Status Read();

  MaterialFileReader file_;
  std::thread thread_;
};

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_DELIVERY_H_
