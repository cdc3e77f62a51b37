// SPDX-License-Identifier: Apache-2.0
// Named tensors as dictionaries of numpy arrays.
#ifndef MPCC_TOOLS_PYTHON_BINDINGS_TENSORS_H_
#define MPCC_TOOLS_PYTHON_BINDINGS_TENSORS_H_

#include "mpcc/tensor.h"
#include "tools/python/bindings/status.h"

namespace mpcc::python {

// Arrays of int64 or float32, contiguous. InvalidArgument names one of another kind.
NamedTensors TensorsOf(const nb::dict& arrays);

// Arrays of float32 or int64 that own their elements.
nb::dict ArraysOf(NamedTensors&& tensors);

}  // namespace mpcc::python

#endif  // MPCC_TOOLS_PYTHON_BINDINGS_TENSORS_H_
