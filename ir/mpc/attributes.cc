// SPDX-License-Identifier: Apache-2.0
#include "ir/mpc/attributes.h"

#include "ir/mpc/mpc.h"
#include "ir/mpc/mpc_enums.cc.inc"
#include "llvm/ADT/TypeSwitch.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#define GET_ATTRDEF_CLASSES
#include "ir/mpc/mpc_attributes.cc.inc"

namespace mpcc::mpc {

void MpcDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "ir/mpc/mpc_attributes.cc.inc"
      >();
}

CostAttr CostAttr::of(mlir::MLIRContext* context, const Cost& cost) {
  return get(context, cost.rounds, cost.messages_p1_to_p2, cost.messages_p2_to_p1,
             cost.bytes_p1_to_p2, cost.bytes_p2_to_p1, cost.material_bytes, cost.setup_bytes);
}

Cost CostAttr::value() const {
  return {getRounds(),      getMessagesP1ToP2(), getMessagesP2ToP1(), getBytesP1ToP2(),
          getBytesP2ToP1(), getMaterialBytes(),  getSetupBytes()};
}

}  // namespace mpcc::mpc
