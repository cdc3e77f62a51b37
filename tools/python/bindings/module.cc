// SPDX-License-Identifier: Apache-2.0
#include "tools/python/bindings/module.h"

#include "mpcc/version.h"

namespace mpcc::python {

namespace {

// The last copy may go away on a thread that does not hold Python's lock.
std::shared_ptr<nb::object> Shared(const nb::object& function) {
  return {new nb::object(function), [](nb::object* object) {
            const nb::gil_scoped_acquire acquire;
            delete object;
          }};
}

nb::str Text(std::string_view text) { return nb::str(text.data(), text.size()); }

// From any thread. What the function raises is told and forgotten.
template <typename... Arguments>
void Call(const nb::object& function, const char* name, const Arguments&... arguments) {
  try {
    function(arguments...);
  } catch (nb::python_error& error) {
    error.discard_as_unraisable(name);
  }
}

}  // namespace

LogSink SinkOf(const nb::object& function) {
  if (function.is_none()) return {};
  return [shared = Shared(function)](LogLevel level, std::string_view line) {
    const nb::gil_scoped_acquire acquire;
    Call(*shared, "mpcc's log", level == LogLevel::kInfo ? "info" : "warning", Text(line));
  };
}

ProgressSink ProgressOf(const nb::object& function) {
  if (function.is_none()) return {};
  return [shared = Shared(function)](const Progress& progress) {
    const nb::gil_scoped_acquire acquire;
    Call(*shared, "mpcc's progress", Text(progress.what), progress.done, progress.all,
         Text(progress.unit));
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
