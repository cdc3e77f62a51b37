// SPDX-License-Identifier: Apache-2.0
#include "tools/pass_progress.h"

#include <memory>

#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassInstrumentation.h"

namespace mpcc {
namespace {

class PassTeller : public mlir::PassInstrumentation {
 public:
  explicit PassTeller(ProgressLine& line) : line_(line) {}
  void runBeforePass(mlir::Pass* pass, mlir::Operation*) override {
    if (!pass->getArgument().empty()) line_.Say(pass->getArgument().str());
  }

 private:
  ProgressLine& line_;
};

}  // namespace

void SayPasses(mlir::PassManager& passes, ProgressLine& line) {
  passes.addInstrumentation(std::make_unique<PassTeller>(line));
}

}  // namespace mpcc
