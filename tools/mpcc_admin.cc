// SPDX-License-Identifier: Apache-2.0
// mpcc-admin: what a party does beside being one, where there is no compiler.
#include <CLI/CLI.hpp>

#include "tools/guarded_main.h"
#include "tools/manners.h"
#include "tools/mpcc_doctor.h"
#include "tools/mpcc_inspect.h"
#include "tools/mpcc_keygen.h"
#include "tools/mpcc_report.h"

namespace mpcc {
namespace {

int Main(int argc, char** argv) {
  CLI::App app("mpcc-admin looks at plans and machines of parties, and makes keys", "mpcc-admin");
  AddManners(app, "mpcc-admin");
  app.require_subcommand(1);
  int exit_code = 0;
  AddInspectCommand(app, exit_code);
  AddReportCommand(app, exit_code);
  AddKeygenCommand(app, exit_code);
  AddDoctorCommand(app, exit_code);
  CLI11_PARSE(app, argc, argv);
  return exit_code;
}

}  // namespace
}  // namespace mpcc

int main(int argc, char** argv) { return mpcc::GuardedMain("mpcc-admin", argc, argv, mpcc::Main); }
