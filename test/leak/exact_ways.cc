// SPDX-License-Identifier: Apache-2.0
#include "test/leak/exact_ways.h"

#include <bit>
#include <optional>

#include "ir/mpc/exact_read.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mpcc::leak {
namespace {

unsigned WidthOf(mlir::Value value) {
  return llvm::cast<mpc::ShareType>(value.getType()).getWidth();
}

int BitsOf(size_t values) { return std::countr_zero(values); }

class Expansion {
 public:
  explicit Expansion(Way way) : way_(way) {}

  mlir::Value Of(mpc::PublicLutOp op) const {
    const int bits = BitsOf(op.getValues().size());
    return Reader(op, bits).Apply(op.getInput(), {bits, op.getValues().vec()}, WidthOf(op),
                                  op.getFactor());
  }
  mlir::Value Of(mpc::PrivateLutOp op) const {
    const auto table = llvm::cast<mpc::ShareType>(op.getTables()[0].getType());
    const int bits = BitsOf(table.getShape()[1]);
    return Reader(op, bits).Apply(
        op.getInput(),
        mpc::PrivateReading{bits, llvm::to_vector(op.getTables()),
                            static_cast<int64_t>(op.getLeast()), WidthOf(op), op.getFactor()});
  }
  mlir::Value Of(mpc::SaturateOp op) const {
    const int bits = static_cast<int>(op.getBits());
    const mpc::Saturation saturation{bits, static_cast<int64_t>(op.getLeast()),
                                     static_cast<int64_t>(op.getMost())};
    mpc::ExactReader reader = Reader(op, bits);
    const auto read =
        way_ == Way::kByFalls ? &mpc::ExactReader::SaturateByFalls : &mpc::ExactReader::Saturate;
    return (reader.*read)(op.getInput(), saturation, WidthOf(op), op.getFactor());
  }
  mlir::Value Of(mpc::StaircaseOp op) const {
    const mpc::Staircase stairs{op.getStarts().vec(), op.getValues().vec(),
                                static_cast<int64_t>(op.getOrigin()), op.getStarts().back(),
                                WidthOf(op)};
    return Reader(op, static_cast<int>(WidthOf(op.getInput())))
        .Staircases(op.getInput(), static_cast<int>(op.getDigit()), stairs)
        .front();
  }

 private:
  // All bits below those that are read are one digit.
  mpc::ExactReader Reader(mlir::Operation* op, int bits) const {
    builder_.emplace(op);
    mpc::BorrowPolicy policy;
    if (const int64_t low = WidthOf(op->getOperand(0)) - bits; low > 0) policy.digits = {low};
    policy.by_bits = way_ == Way::kByBits;
    policy.cuts_top = way_ == Way::kCutTop;
    return {*builder_, op->getLoc(), policy};
  }

  Way way_;
  mutable std::optional<mlir::OpBuilder> builder_;
};

}  // namespace

void Expand(mlir::ModuleOp module, Way way) {
  if (way == Way::kCheapest) return;
  const Expansion expansion(way);
  module.walk([&](mlir::Operation* op) {
    llvm::TypeSwitch<mlir::Operation*>(op)
        .Case<mpc::PublicLutOp, mpc::PrivateLutOp, mpc::SaturateOp, mpc::StaircaseOp>(
            [&](auto read) {
              read.replaceAllUsesWith(expansion.Of(read));
              read.erase();
            });
  });
}

}  // namespace mpcc::leak
