// SPDX-License-Identifier: Apache-2.0
// What the operations of the dialect say of themselves fits together. A failure names the
// operation.
#include "ir/mpc/protocol.h"

#include <gtest/gtest.h>

#include <map>

#include "ir/mpc/mpc.h"
#include "mlir/IR/MLIRContext.h"

namespace mpcc::mpc {
namespace {

class ProtocolFacts : public testing::Test {
 protected:
  ProtocolFacts() { context_.loadDialect<MpcDialect>(); }

  template <typename Check>
  void ForEachOperation(Check check) {
    for (mlir::RegisteredOperationName name : context_.getRegisteredOperations()) {
      if (name.getDialectNamespace() != MpcDialect::getDialectNamespace()) continue;
      SCOPED_TRACE(name.getStringRef().str());
      const auto* protocol = name.getInterface<ProtocolOp>();
      ASSERT_NE(protocol, nullptr);
      check(name, *protocol);
    }
  }

  mlir::MLIRContext context_;
};

using Protocol = ProtocolOp::Concept;

TEST_F(ProtocolFacts, WhatDrawsMasksOrTakesDealtVectorsHasStreams) {
  ForEachOperation([](mlir::RegisteredOperationName name, const Protocol& protocol) {
    const Role role = protocol.getRole();
    const bool in_its_role = role == Role::kDrawsMasks || role == Role::kDeals;
    EXPECT_TRUE(role == Role::kAtP0 || name.hasInterface<StreamsOp>() == in_its_role);
  });
}

TEST_F(ProtocolFacts, ExchangesAndDealtOperationsAloneCost) {
  ForEachOperation([](mlir::RegisteredOperationName, const Protocol& protocol) {
    const Role role = protocol.getRole();
    const std::optional<Operation> operation = protocol.getCostOperation();
    ASSERT_TRUE(operation || (role != Role::kDrawsMasks && role != Role::kDeals));
    if (!operation) return;
    const bool exchange = CostOf(*operation).rounds > 0;
    EXPECT_EQ(exchange, role == Role::kDrawsMasks || role == Role::kOnline);
    EXPECT_EQ(!exchange, role == Role::kDeals);
  });
}

TEST_F(ProtocolFacts, EveryRowOfTheCostTableIsOneOperation) {
  std::map<Operation, int> operations;
  ForEachOperation([&](mlir::RegisteredOperationName, const Protocol& protocol) {
    if (protocol.getCostOperation()) ++operations[*protocol.getCostOperation()];
  });
  for (const CostRow& row : kCostRows) EXPECT_EQ(operations[row.operation], 1) << row.name;
}

TEST_F(ProtocolFacts, WhatIsDealtForReadsMaskedValues) {
  ForEachOperation([](mlir::RegisteredOperationName, const Protocol& protocol) {
    const Role role = protocol.getRole();
    EXPECT_EQ(protocol.needsReplicated() && role != Role::kAbstract, role == Role::kDeals);
    EXPECT_TRUE(!protocol.isInvertible() || role == Role::kLocal);
  });
}

}  // namespace
}  // namespace mpcc::mpc
