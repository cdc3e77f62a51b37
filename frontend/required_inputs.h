// SPDX-License-Identifier: Apache-2.0
#ifndef MPCC_FRONTEND_REQUIRED_INPUTS_H_
#define MPCC_FRONTEND_REQUIRED_INPUTS_H_

#include <string>

namespace mpcc {

// How many inputs of an operator must be there for its importer to run.
int RequiredInputs(const std::string& op);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_REQUIRED_INPUTS_H_
