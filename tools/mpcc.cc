// SPDX-License-Identifier: Apache-2.0
// mpcc: the compiler's command line.
#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "tools/mpcc_check.h"
#include "tools/mpcc_compile.h"
#include "tools/mpcc_inspect.h"
#include "tools/mpcc_interpret.h"
#include "tools/mpcc_keygen.h"

int main(int argc, char** argv) {
  CLI::App app("mpcc compiles a quantized encoder in ONNX into plans for three parties", "mpcc");
  app.require_subcommand(1);
  int exit_code = 0;
  mpcc::AddCompileCommand(app, exit_code);
  mpcc::AddCheckCommand(app, exit_code);
  mpcc::AddInterpretCommand(app, exit_code);
  mpcc::AddInspectCommand(app, exit_code);
  mpcc::AddKeygenCommand(app, exit_code);
  CLI11_PARSE(app, argc, argv);
  return exit_code;
}
