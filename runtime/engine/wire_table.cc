// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/wire_table.h"

namespace mpcc {

WireTable::WireTable(const plan::Program& program) {
  for (uint64_t bytes : program.slot_bytes())
    slots_.emplace_back(AlignUp(bytes) + SecureBuffer::kAlignment);
  for (const plan::Wire& wire : program.wires()) {
    uint8_t* first = slots_[wire.slot()].data();
    components_.push_back(
        {first, Components(wire.kind()) == 2 ? first + ComponentBytes(wire) : nullptr});
  }
}

}  // namespace mpcc
