// SPDX-License-Identifier: Apache-2.0
// What a network with chosen constructions tells its owner.
#ifndef MPCC_TOOLS_COLLECT_NOTES_H_
#define MPCC_TOOLS_COLLECT_NOTES_H_

#include <nlohmann/json.hpp>
#include <vector>

#include "mlir/IR/BuiltinOps.h"
#include "tools/alternatives.h"

namespace mpcc {

// Of each operation with a range, a scale or a construction (stage "choices") one object: program's
// sequence_length, layer, node, op, and what there is of range, range_is_guessed, scale,
// constructions.
nlohmann::json SitesOf(mlir::ModuleOp module);

nlohmann::json AlternativesToJson(const std::vector<Alternative>& alternatives);

}  // namespace mpcc

#endif  // MPCC_TOOLS_COLLECT_NOTES_H_
