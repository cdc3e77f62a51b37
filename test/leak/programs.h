// SPDX-License-Identifier: Apache-2.0
// The programs of a module as steps of a machine, by the formulas of docs/protocol.md.
#ifndef MPCC_TEST_LEAK_PROGRAMS_H_
#define MPCC_TEST_LEAK_PROGRAMS_H_

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ir/mpc/mpc.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "test/leak/machine.h"

namespace mpcc::leak {

using mlir::func::FuncOp;

// On constants that are the model: equal numbers are one constant.
inline constexpr llvm::StringLiteral kModelPart = "mpc.model_part";
// On those whose elements have less bits than their ring: how many.
inline constexpr llvm::StringLiteral kModelBits = "mpc.model_bits";
// On the others: what all elements are.
inline constexpr llvm::StringLiteral kFixed = "mpc.fixed";

// What no plan can be written of, or what the oracle does not know.
inline absl::Status Invalid(const char* what) { return absl::InvalidArgumentError(what); }

// A value of the IR in the machine.
struct Wire {
  size_t at = 0;
  size_t count = 0;
  int width = 0;
  llvm::SmallVector<int64_t> shape;

  uint8_t mask() const { return RingMask(width); }
};

// Bits of the input or of the model: where the elements of an argument or constant begin.
struct Part {
  int begin;
  size_t count;
  int width;

  Elements Of(uint64_t bits) const {
    Elements out{};
    for (size_t i = 0; i < count; ++i) out[i] = bits >> (begin + i * width) & RingMask(width);
    return out;
  }
};

// A vector's correction, as P0 writes it and P2 reads it; P0's draw of P1's half stands beside it.
struct Correction {
  size_t at;
  size_t count;
  int width;
  StreamKey key;
};

// P1's half of a dealt vector: drawn by P1, or P0's draw.
struct Half {
  Draw draw;
  std::optional<size_t> at;

  Elements Of(const Machine& m) const { return at ? m.values[*at][1] : draw.Of(m.seed); }
};

// Turns the programs of a module into steps, P0's each before the online step that waits for it.
class Programs {
 public:
  // Vectors of the streams `given` are not drawn. The machine says what half of them the viewer
  // has, and P0 makes the other one of it: of a vector that is one half uniform and the other one
  // less that, both ways to make them are the same.
  explicit Programs(std::set<StreamKey> given = {}) : given_(std::move(given)) {}

  absl::Status Add(mlir::ModuleOp module);

  const std::vector<Step>& steps() const { return steps_; }
  size_t values() const { return values_; }
  // Elements of all results that the model names.
  size_t results() const { return results_; }
  int input_bits() const { return input_bits_; }
  int model_bits() const { return model_bits_; }
  const Streams& streams() const { return streams_; }

 private:
  using Fn = std::function<void(Machine&)>;

  void Do(Fn run) { steps_.push_back({streams_.count(), std::move(run)}); }

  Wire NewWire(mlir::Type type);
  Wire Define(mlir::Value value) { return wires_[value] = NewWire(value.getType()); }
  Wire Of(mlir::Value value) const { return wires_.lookup(value); }

  absl::Status CheckSizes(FuncOp function) const;

  absl::Status AddProgram(FuncOp online, FuncOp offline);

  // ---- constants

  // What a constant, or a placeholder that keeps its attributes, holds.
  std::function<Elements(const Machine&)> ReadConstant(mlir::Operation* op, const Wire& wire);
  void AddConstant(mpc::ConstantOp op, bool seen_online);
  void AddPlaceholder(mpc::SealedOp op);

  // ---- local operations, at all who hold parts

  // each(parts of the operands, element of the result) for every part, if all parts act alike.
  absl::Status AddLocal(mlir::Operation* op);

  static bool IsMixed(mlir::Operation* op);

  // Elements that move, and sums of rows.
  absl::Status AddMoved(mlir::Operation* op);
  absl::Status AddJoin(mpc::JoinOp op);

  // ---- P0

  absl::Status AddOffline(mlir::Operation* op);

  // L1 + L2 of a mask.
  static Elements Whole(const Machine& m, const Wire& wire);

  Half HalfOf(int program, int64_t stream, const Correction& correction);

  // The correction of one vector under a key of P1.
  Correction Correct(int program, int64_t stream, size_t count, int width,
                     std::function<Elements(const Machine&)> value);

  void Deal(int64_t stream, size_t count, int width, std::function<Elements(const Machine&)> value);

  absl::Status AddDeal(mpc::DealOp deal);

  absl::Status DealLinear(mpc::DealOp deal, const std::vector<Wire>& in, size_t count, int width);

  // Which constant a private value is, whatever function it stands in.
  int64_t ContentOf(mlir::Value value);

  absl::Status DealLut(int64_t stream, const std::vector<Wire>& in, int64_t shift, size_t count,
                       int width);

  absl::Status DealProduct(mpc::DealOp deal, const std::vector<Wire>& in, size_t count, int width);

  absl::Status DealMatMul(mpc::DealOp deal, const Wire& a, const Wire& b);
  absl::Status DealLut2(mpc::DealOp deal, const std::vector<Wire>& in, size_t count, int width);
  absl::Status DealWrap(mpc::DealOp deal, const Wire& x, int width);

  absl::Status DealHighBits(mpc::DealOp deal, const Wire& x, int width);
  absl::Status DealReadBits(mpc::DealOp deal, const Wire& x);
  absl::Status DealFromBits(mpc::DealOp deal, const std::vector<Wire>& in, size_t count, int width);

  // ---- P1 and P2

  absl::Status AddOnline(mlir::Operation* op);

  // A message without a stream is not masked.
  Draw MaskOf(int party, llvm::ArrayRef<int64_t> streams, size_t index, const Wire& wire);

  absl::Status AddOpening(mlir::Operation* op, bool is_input);

  // A private operand is that of the deal which the operation waits for.
  Wire Private(mlir::Value operand, unsigned index) const;
  absl::Status AddReveal(mpc::RevealOp op);
  void AddResults(mlir::Operation* end);

  // Both shares of the next dealt vector that the online half reads.
  struct DealtVector {
    Half c1;
    size_t c2;
  };
  absl::StatusOr<DealtVector> NextVector(int64_t stream, size_t count, int width);

  absl::Status AddDealt(mlir::Operation* op);

  absl::Status AddLinear(mpc::LinearOp op, int64_t stream);

  absl::Status AddLut(mlir::Operation* op, int64_t stream, size_t planes);

  absl::Status AddDot(mpc::DotOp op, int64_t stream);

  absl::Status AddProduct(mpc::ProductOp op, llvm::ArrayRef<int64_t> streams);

  absl::Status AddMatMul(mpc::MatMulOp op, int64_t stream);
  absl::Status AddLut2(mpc::Lut2Op op, int64_t stream);
  absl::Status AddWrap(mpc::WrapOp op, llvm::ArrayRef<int64_t> streams);

  absl::Status AddHighBits(mpc::HighBitsOp op, int64_t stream);
  absl::Status AddReadBits(mpc::ReadBitsOp op, llvm::ArrayRef<int64_t> streams);
  absl::Status AddFromBits(mpc::FromBitsOp op, llvm::ArrayRef<int64_t> streams);

  std::set<StreamKey> given_;
  std::vector<Step> steps_;
  Streams streams_;
  size_t values_ = 0;
  int program_ = 0;
  int input_bits_ = 0, model_bits_ = 0;
  size_t results_ = 0;
  llvm::DenseMap<mlir::Value, Wire> wires_;
  llvm::DenseSet<mlir::Operation*> done_;
  std::map<int64_t, Part> model_parts_;
  std::set<std::pair<int64_t, int64_t>> weights_dealt_;  // number, constant
  std::map<int64_t, Correction> weight_shares_;          // by number: what P2 computes with
  std::vector<mpc::DealOp> deals_;
  size_t next_deal_ = 0;
  std::vector<Correction> corrections_;
  size_t next_correction_ = 0;
};

}  // namespace mpcc::leak

#endif  // MPCC_TEST_LEAK_PROGRAMS_H_
