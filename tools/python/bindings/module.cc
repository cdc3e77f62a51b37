// SPDX-License-Identifier: Apache-2.0
#include "tools/python/bindings/module.h"

#include "mpcc/version.h"

namespace mpcc::python {

LogSink SinkOf(const nb::object& function) {
  if (function.is_none()) return {};
  // The last copy may go away on a thread that does not hold Python's lock.
  const std::shared_ptr<nb::object> shared(new nb::object(function), [](nb::object* object) {
    const nb::gil_scoped_acquire acquire;
    delete object;
  });
  return [shared](LogLevel level, std::string_view line) {
    const nb::gil_scoped_acquire acquire;
    try {
      (*shared)(level == LogLevel::kInfo ? "info" : "warning", nb::str(line.data(), line.size()));
    } catch (nb::python_error& error) {
      error.discard_as_unraisable("mpcc's log");
    }
  };
}

}  // namespace mpcc::python

NB_MODULE(_runtime, module) {
  module.doc() = "The runtime of mpcc: plans, channels and the three parties.";
  module.attr("VERSION") = mpcc::kVersion;
  nanobind::set_leak_warnings(false);
  mpcc::python::AddPlan(module);
  mpcc::python::AddNetwork(module);
  mpcc::python::AddParties(module);
}
