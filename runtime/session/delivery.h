// SPDX-License-Identifier: Apache-2.0
// An inference's material on its way to P2's run.
#ifndef MPCC_RUNTIME_SESSION_DELIVERY_H_
#define MPCC_RUNTIME_SESSION_DELIVERY_H_

#include <cstdint>
#include <thread>

#include "runtime/material/material_store.h"
#include "runtime/session/piece_queue.h"

namespace mpcc::session {

struct Delivery {
  Delivery(uint32_t of_program, uint64_t of_number, uint64_t bytes, uint64_t window,
           uint64_t left_after_it, std::vector<SecureBuffer> spares = {})
      : program(of_program),
        number(of_number),
        left(left_after_it),
        pieces(bytes, window, std::move(spares)) {}
  virtual ~Delivery() = default;

  const uint32_t program;
  const uint64_t number;
  const uint64_t left;  // inferences after this one, or kNoLimit
  PieceQueue pieces;
};

// Read from a file by a thread of its own, at most `window` pieces ahead.
class StoredDelivery : public Delivery {
 public:
  StoredDelivery(uint32_t program, uint64_t bytes, uint64_t window, StoredMaterial material,
                 uint64_t left);
  ~StoredDelivery() override;  // stops reading

 private:
  absl::Status Read();

  MaterialFileReader file_;
  std::thread thread_;
};

}  // namespace mpcc::session

#endif  // MPCC_RUNTIME_SESSION_DELIVERY_H_
