// SPDX-License-Identifier: Apache-2.0
// The one form of messages about models that mpcc cannot take; `mpcc check` splits it again.
#ifndef MPCC_PASSES_ANALYSIS_REFUSAL_H_
#define MPCC_PASSES_ANALYSIS_REFUSAL_H_

#include <string>

#include "mlir/IR/Diagnostics.h"

namespace mpcc {

inline std::string Refusal(const std::string& found, const std::string& accepted,
                           const std::string& remedy) {
  return found + "; accepted: " + accepted + "; remedy: " + remedy;
}

inline mlir::InFlightDiagnostic Refuse(mlir::Location loc, const std::string& found,
                                       const std::string& accepted, const std::string& remedy) {
  return mlir::emitError(loc) << Refusal(found, accepted, remedy);
}

}  // namespace mpcc

#endif  // MPCC_PASSES_ANALYSIS_REFUSAL_H_
