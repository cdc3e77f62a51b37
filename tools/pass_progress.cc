// SPDX-License-Identifier: Apache-2.0
#include "tools/pass_progress.h"

#include <fmt/format.h>

#include <memory>

#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "tools/progress_line.h"

namespace mpcc {
namespace {

class PassTeller : public mlir::PassInstrumentation {
 public:
  void runBeforePass(mlir::Pass* pass, mlir::Operation*) override {
    if (!pass->getArgument().empty()) ProgressLine::SayInnermost(pass->getArgument().str());
  }
};

}  // namespace

void SayPasses(mlir::PassManager& passes) {
  passes.addInstrumentation(std::make_unique<PassTeller>());
}

void SayRandomInputs(size_t done, size_t all) {
  ProgressLine::SayInnermost(fmt::format("calibrate-ranges, {} of {} random inputs", done, all));
}

}  // namespace mpcc
