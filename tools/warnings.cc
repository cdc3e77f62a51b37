// SPDX-License-Identifier: Apache-2.0
#include "tools/warnings.h"

#include <fmt/format.h>

#include "frontend/check.h"
#include "ir/nn/types.h"
#include "tools/model_options.h"

namespace mpcc {

WarningPrinter::WarningPrinter(mlir::MLIRContext& context, bool verbose)
    : handler_(&context, [this, verbose](mlir::Diagnostic& diagnostic) {
        if (diagnostic.getSeverity() != mlir::DiagnosticSeverity::Warning) return mlir::failure();
        const Problem problem = ProblemOf(diagnostic);
        if (!told_.insert(ToString(problem)).second) return mlir::success();
        PrintProblems({problem}, "warning");
        for (mlir::Diagnostic& note : diagnostic.getNotes())
          if (verbose)
            fmt::print(stderr, "  note: '{}': {}\n", nn::NodeName(note.getLocation()), note.str());
        return mlir::success();
      }) {}

}  // namespace mpcc
