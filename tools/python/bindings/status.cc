// SPDX-License-Identifier: Apache-2.0
#include "tools/python/bindings/status.h"

#include <string>

namespace mpcc::python {

void Check(const absl::Status& status) {
  if (status.ok()) return;
  const nb::object error = nb::module_::import_("mpcc.errors")
                               .attr("of_status")(absl::StatusCodeToString(status.code()).c_str(),
                                                  std::string(status.message()).c_str());
  PyErr_SetObject(error.type().ptr(), error.ptr());
  throw nb::python_error();
}

}  // namespace mpcc::python
