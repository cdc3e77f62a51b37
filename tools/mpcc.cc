// SPDX-License-Identifier: Apache-2.0
// mpcc: the compiler's command line.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "tools/guarded_main.h"
#include "tools/manners.h"
#include "tools/mpcc_calibrate.h"
#include "tools/mpcc_check.h"
#include "tools/mpcc_compile.h"
#include "tools/mpcc_doctor.h"
#include "tools/mpcc_inspect.h"
#include "tools/mpcc_interpret.h"
#include "tools/mpcc_keygen.h"
#include "tools/mpcc_policy.h"
#include "tools/mpcc_quantize.h"
#include "tools/mpcc_report.h"
#include "tools/mpcc_verify.h"

namespace mpcc {
namespace {

int Main(int argc, char** argv) {
  CLI::App app("mpcc compiles a quantized encoder in ONNX into plans for three parties", "mpcc");
  AddManners(app, "mpcc");
  app.require_subcommand(1);
  int exit_code = 0;
  AddCompileCommand(app, exit_code);
  AddCheckCommand(app, exit_code);
  AddQuantizeCommand(app, exit_code);
  AddCalibrateCommand(app, exit_code);
  AddVerifyCommand(app, exit_code);
  AddInterpretCommand(app, exit_code);
  AddInspectCommand(app, exit_code);
  AddReportCommand(app, exit_code);
  AddKeygenCommand(app, exit_code);
  AddDoctorCommand(app, exit_code);
  AddPolicyCommand(app, exit_code);
  CLI11_PARSE(app, argc, argv);
  return exit_code;
}

}  // namespace
}  // namespace mpcc

int main(int argc, char** argv) { return mpcc::GuardedMain("mpcc", argc, argv, mpcc::Main); }
