// SPDX-License-Identifier: Apache-2.0
#include "passes/leak/disclosures.h"

#include "ir/mpc/mpc.h"
#include "ir/mpc/verify_util.h"
#include "ir/nn/nn.h"
#include "llvm/Support/raw_ostream.h"
#include "passes/leak/leak_marks.h"

namespace mpcc {
namespace {

// Vectors that go over the wire, and their elements.
struct Tally {
  int64_t vectors = 0;
  int64_t elements = 0;

  void Add(mlir::Value value) {
    ++vectors;
    if (auto share = llvm::dyn_cast<mpc::ShareType>(value.getType()))
      elements += share.numElements();
    else
      elements += llvm::cast<mlir::ShapedType>(value.getType()).getNumElements();
  }
};

template <typename Op>
Tally TallyResults(mlir::func::FuncOp function) {
  Tally tally;
  function.walk([&](Op op) {
    for (mlir::Value result : op->getResults()) tally.Add(result);
  });
  return tally;
}

std::string Sentence(llvm::StringRef who, const Tally& tally, llvm::StringRef what) {
  std::string text;
  llvm::raw_string_ostream(text) << who << ": " << tally.vectors << " " << what << ", "
                                 << tally.elements << " elements";
  return text;
}

// An operation with a result for each operand hands the noise on one by one.
bool CarriesRoundingNoise(mlir::Value value) {
  auto op = value.getDefiningOp<mpc::ProtocolOp>();
  if (!op || op.getNoise() == mpc::Noise::kNone) return false;
  if (op.getNoise() == mpc::Noise::kFresh) return true;
  if (op->getNumOperands() != op->getNumResults())
    return llvm::any_of(op->getOperands(), CarriesRoundingNoise);
  return CarriesRoundingNoise(op->getOperand(llvm::cast<mlir::OpResult>(value).getResultNumber()));
}

std::string ResultSentence(mpc::RevealOp op) {
  mpc::ShareType type = mpc::Share(op.getInput());
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << "P1: the result of shape " << mpc::ShapeText(type.getShape()) << ", all "
         << type.getWidth() << " bits of its ring";
  if (CarriesRoundingNoise(op.getInput())) stream << ", rounded at random with coins that P1 knows";
  return text;
}

void AppendPlaintext(mlir::func::FuncOp function, std::vector<std::string>& lines) {
  Tally constants = TallyResults<nn::ConstantOp>(function);
  Tally scales = TallyResults<nn::QuantizeOp>(function);
  if (constants.vectors) lines.push_back(Sentence("P1", constants, "public constants"));
  if (scales.vectors) lines.push_back(Sentence("P1", scales, "scales of quantizations it does"));
}

}  // namespace

std::vector<std::string> Disclosures(mlir::func::FuncOp function) {
  std::vector<std::string> lines = {"everybody: shapes, ring widths and sizes of tables",
                                    "P0: with serve the time and the bucket of each inference, "
                                    "as P2 asks for its material; otherwise nothing"};
  Tally openings = TallyResults<mpc::ReshareOp>(function);
  Tally inputs = TallyResults<mpc::InputOp>(function);
  if (openings.vectors)
    lines.push_back(Sentence("P1 and P2", openings, "openings, each under a fresh uniform mask"));
  if (inputs.vectors)
    lines.push_back(Sentence("P2", inputs, "inputs of P1, each under a fresh uniform mask"));
  AppendPlaintext(function, lines);
  function.walk([&](mpc::RevealOp op) { lines.push_back(ResultSentence(op)); });
  for (const std::string& kind : DeclaredLeaks(function))
    lines.push_back("everybody: declared leakage '" + kind + "'");
  return lines;
}

}  // namespace mpcc
