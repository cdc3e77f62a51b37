// SPDX-License-Identifier: Apache-2.0
// Between absl::Status and Python's exceptions, and between the runtime's threads and Python's
// lock.
#ifndef MPCC_TOOLS_PYTHON_BINDINGS_STATUS_H_
#define MPCC_TOOLS_PYTHON_BINDINGS_STATUS_H_

#include <nanobind/nanobind.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace mpcc::python {

namespace nb = nanobind;

// Throws the exception that mpcc.errors has for the status, with its text. Needs Python's lock.
void Check(const absl::Status& status);

template <typename T>
T ValueOf(absl::StatusOr<T> value) {
  Check(value.status());
  return *std::move(value);
}

// What `compute` returns, computed while other threads of Python run.
template <typename Compute>
auto Unlocked(Compute&& compute) {
  const nb::gil_scoped_release release;
  return compute();
}

}  // namespace mpcc::python

#endif  // MPCC_TOOLS_PYTHON_BINDINGS_STATUS_H_
