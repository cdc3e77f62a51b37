// SPDX-License-Identifier: Apache-2.0
// replay-model MODEL.onnx SEQ_LEN [paper]: compiles a model, runs it with three parties in this
// process and compares every wire with the interpreter, on two random inputs.
#include <cstdlib>
#include <iostream>
#include <string>

#include "frontend/frontend.h"
#include "frontend/problem.h"
#include "test/e2e/replay.h"

namespace mpcc {
namespace {

int Fail(const std::string& message) {
  std::cerr << "replay-model: " << message << "\n";
  return 1;
}

int Main(const std::string& path, int64_t seq_len, bool paper) {
  mlir::MLIRContext context;
  LoadDialects(context);
  Problems problems;
  ImportOptions import;
  import.seq_len = seq_len;
  import.digits.usual = kUsualDigits;
  auto module = ImportOnnxFile(context, path, import, problems);
  if (!module) return Fail(path + " was not imported");
  if (auto status = CompileModule(*module, Stage::kNn, paper); !status.ok())
    return Fail(std::string(status.message()));
  for (uint64_t seed : {1, 2}) {
    auto report = Replay(*module, {.seed = seed});
    if (!report.ok()) return Fail(std::string(report.status().message()));
    std::cout << "seed " << seed << ": " << report->share_wires << " shared and "
              << report->local_wires << " plaintext wires equal, " << report->cost.rounds
              << " rounds as predicted\n";
  }
  return 0;
}

}  // namespace
}  // namespace mpcc

int main(int argc, char** argv) {
  if (argc < 3) return mpcc::Fail("usage: replay-model MODEL.onnx SEQ_LEN [paper]");
  return mpcc::Main(argv[1], std::atoll(argv[2]), argc > 3 && std::string(argv[3]) == "paper");
}
