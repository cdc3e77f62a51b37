// SPDX-License-Identifier: Apache-2.0
// What can be seen of an ONNX file before it is imported.
#ifndef MPCC_FRONTEND_FILE_FACTS_H_
#define MPCC_FRONTEND_FILE_FACTS_H_

#include <optional>
#include <string>
#include <vector>

namespace mpcc {

struct OutputFacts {
  std::string name;
  std::optional<int> rank;  // nothing if the file does not say
};

struct FileFacts {
  std::vector<OutputFacts> outputs;
  bool quantized = false;  // it has quantizers, static or dynamic, or products of integers
};

// Nothing if the file is no ONNX model; the import says why.
std::optional<FileFacts> FactsOf(const std::string& path);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_FILE_FACTS_H_
