// SPDX-License-Identifier: Apache-2.0
// Whether a revealed element moves when P1's input does, found by trying.
#ifndef MPCC_PASSES_LEAK_REVEALED_TAIL_H_
#define MPCC_PASSES_LEAK_REVEALED_TAIL_H_

#include "ir/mpc/mpc.h"
#include "passes/leak/input_dependence.h"

namespace mpcc {

// False if an element of what `op` reveals is the same for a thousand random values of all that
// stands before its tail: sums, products, bits and moves of elements, back to tables, products with
// matrices and inputs. c + x - x depends on x by its formula, and no x moves it. Private factors in
// the tail are random too, now these, now those, so that the answer follows from the program's
// structure; where an element does not depend on the input before the tail, its value stays.
// REQUIRES: the tail is of concrete operations.
bool MovesWithInput(mpc::RevealOp op, const InputDependence& dependence);

}  // namespace mpcc

#endif  // MPCC_PASSES_LEAK_REVEALED_TAIL_H_
