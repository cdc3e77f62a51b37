// SPDX-License-Identifier: Apache-2.0
// The frontend's interface to the rest of the compiler; no ONNX type crosses it.
#ifndef MPCC_FRONTEND_FRONTEND_H_
#define MPCC_FRONTEND_FRONTEND_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "frontend/problem.h"
#include "frontend/result_digits.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"

namespace onnx {
class ModelProto;
}

namespace mpcc {

// What becomes of the vectors of tokens that a network ends in, before they are revealed.
enum class Pooling {
  kNone,   // all are revealed
  kMean,   // one vector, the mean over the tokens that are no padding
  kRoot,   // their sum, divided by the root of how many they are
  kFirst,  // the vector of the first token
};

// What of a file is meant: the shapes of inputs that are dynamic in it, and the results.
struct ImportOptions {
  std::map<std::string, std::vector<int64_t>> shapes;  // by input name; replaces the file's shape
  std::optional<int64_t> seq_len = {};  // of dynamic sequence dimensions (fix_shapes.h)
  std::optional<int64_t> pad_id = {};   // of token ids; the graph's own if not given (padding.h)
  // The model, if it has been read and changed; else the file is read.
  std::shared_ptr<const onnx::ModelProto> read = {};
  // The quantizers of `read` got their scales on random inputs (nn.guessed_scales).
  bool guessed_scales = false;
  std::vector<std::string> results = {};  // outputs of the file that are revealed; {}: all
  std::optional<Pooling> pooling = {};    // nothing: as kNone, and nobody asked for it
  bool normalize = false;                 // results are brought to length 1
  ResultDigits digits = {};               // to which they are revealed
};

// Parses "input_ids=1x128"; nothing if the text is not of this form.
std::optional<std::pair<std::string, std::vector<int64_t>>> ParseShape(const std::string& text);

// The value of each tensor of the file that results depend on, by its name. Tensors that were
// evaluated to constants are left out. Valid until a pass runs.
using ImportedTensors = std::map<std::string, mlir::Value>;

// Imports an ONNX file as one function @main of nn ops, one to one, with constant subgraphs
// evaluated. Arguments carry nn.owner and nn.name, results nn.name. Null, with every problem found,
// if the model cannot be taken. Fills `tensors` if it is not null.
mlir::OwningOpRef<mlir::ModuleOp> ImportOnnxFile(mlir::MLIRContext& context,
                                                 const std::string& path,
                                                 const ImportOptions& options, Problems& problems,
                                                 ImportedTensors* tensors = nullptr);

}  // namespace mpcc

#endif  // MPCC_FRONTEND_FRONTEND_H_
