// SPDX-License-Identifier: Apache-2.0
// From nn to mpc. Lowering is driven by demand: the consumer of a real value says in which ring and
// unit it wants it, so that private scales become exact integer multipliers (docs/lowering.md).
#ifndef MPCC_PASSES_LOWER_LOWERING_H_
#define MPCC_PASSES_LOWER_LOWERING_H_

#include <limits>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "ir/nn/nn.h"
#include "llvm/ADT/SetVector.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/lower/choices.h"
#include "passes/lower/emitter.h"
#include "passes/lower/tables.h"
#include "passes/policy/policy.h"
#include "passes/policy/softmax_widths.h"
#include "passes/policy/widths.h"

namespace mpcc {

// A shared tensor of signed integers X that stand for the reals X * unit. Only P0 knows the unit.
struct Fixed {
  mlir::Value value;
  double unit = 1;
};

// What a consumer asks for: an additive share of `width` bits. With `exact` the unit must be met
// (to within 2^-8 of a rounding step); otherwise the producer may return a coarser one.
// `columns`, if any, multiplies each element by the factor of its last index; producers fold it
// into their own constants.
struct Want {
  int width;
  double unit;
  bool exact = false;
  const std::vector<double>* columns = nullptr;

  double Column(size_t j) const { return columns ? (*columns)[j % columns->size()] : 1.0; }
  // The largest magnitude of a factor.
  double LargestColumn() const {
    double largest = columns ? 0.0 : 1.0;
    for (size_t j = 0; columns && j < columns->size(); ++j)
      largest = std::max(largest, std::abs((*columns)[j]));
    return largest;
  }
};

// What a place has for a value whose range is a guess.
struct Room {
  static constexpr double kUnlimited = std::numeric_limits<double>::infinity();

  double headroom = 1;           // it reaches so many times further than a range
  double most = kUnlimited;      // what a guess has more than other ranges gives way to this
  double spread = 1;             // so many times wider than a guess it may become for a bound
  double provable = kUnlimited;  // the largest bound that it takes
};

class Lowering {
 public:
  using Value = mlir::Value;
  template <typename T>
  using Or = mlir::FailureOr<T>;

  // With `strict_ranges` a range that was measured on random inputs is an error.
  Lowering(mlir::func::FuncOp function, const LoweringPolicy& policy, bool strict_ranges = false);

  // Rewrites the function. Failures have been reported on the op at fault.
  mlir::LogicalResult Run();

 private:
  // A real value in the ring and unit wanted.
  Or<Fixed> LowerReal(Value real, Want want);
  Or<Fixed> LowerRealUncached(Value real, Want want);
  Or<Fixed> LowerInput(Value real, Want want);
  Or<Fixed> LowerLinear(nn::LinearOp op, Want want);
  Or<Fixed> LowerMatMul(nn::MatMulOp op, Want want);
  Or<Fixed> LowerBinary(nn::BinaryOp op, Want want);
  Or<Fixed> LowerColumnScale(Value real, Value factors, bool divides, Want want);
  Or<Fixed> LowerMasked(nn::BinaryOp op, Value real, Value truth, Want want);
  // A quantized value that is read as a real again: the rounding between is left out, unless the
  // step is so coarse that all becomes 0.
  Or<Fixed> LowerRequantized(nn::QuantizeOp op, Want want);
  Or<Fixed> LowerSum(nn::BinaryOp op, Want want);
  Or<Fixed> LowerAddConstant(nn::BinaryOp op, Value real, nn::ConstantOp constant, Want want);
  Or<Fixed> LowerLayerNorm(nn::LayerNormOp op, Want want);
  Or<Fixed> LowerMeanPool(nn::MeanPoolOp op, Want want);
  Or<Fixed> LowerRealFunction(mlir::Operation* op, Want want);
  Or<Fixed> LowerConcat(nn::ConcatOp op, Want want);
  Value Sum(Value a, Value b);
  // Refuses a consumer that reads more bits than `ring`, in which a value is computed.
  mlir::LogicalResult FitsRing(mlir::Location loc, Want want, int ring);
  Or<Fixed> LowerStructural(mlir::Operation* op, Want want);
  // A result, revealed to P1.
  Or<Value> LowerOutput(Value real);
  Or<Value> LowerL2Normalize(nn::L2NormalizeOp op);

  // One operand of a product, with the construction that was chosen for it.
  struct Site {
    Value real;  // in front of its quantizer
    Quantizer quantizer;
    int ring;
    std::optional<double> unit;  // that its reader asks for
    Choice choice;
  };
  struct SiteRow {
    const Construction* chosen;
    Or<Fixed> (Lowering::*lower)(const Site& site);
  };
  static const SiteRow kSites[];
  static const SiteRow* RowOf(Choice choice);
  // Reports a choice that the operand at a site does not have: `what` is found.
  static mlir::LogicalResult NoFit(const Site& site, llvm::StringRef what);

  // An operand of a product, in the product's ring; in `unit` if that is given.
  Or<Fixed> LowerOperand(mlir::Operation* reader, const Reading& reading,
                         std::optional<double> unit = std::nullopt);
  Or<Fixed> LowerOperand(Value operand, int ring, Choice choice, std::optional<double> unit);
  Or<Fixed> LowerSite(Value real, Site site);
  // One warning, or error, for all ranges read that were measured on random inputs.
  mlir::LogicalResult ReportGuesses();
  // Notes on the operation behind `x` that it computes `real`, if that is numbered: for a place
  // that reads magnitudes up to `holds` right, or yields multiples of `step`
  // (passes/lower/marks.h).
  void Mark(Value real, const Fixed& x, llvm::StringRef place, double holds, double step = 0);
  // Warns where ranges know of values beyond `reach`: they wrap in the index of a site that the
  // quantizer of the file would saturate.
  void WarnBeyond(Value real, const Quantizer& q, double reach);
  Or<Fixed> LowerByLift(const Site& site);
  Value RoundAway(Value x, int fraction);
  // `steps` of the site's quantizer as a wire in the unit asked for, by a private multiplier.
  Or<Fixed> ScaleSteps(Value steps, const Site& site);
  Or<Fixed> LowerByTable(const Site& site);
  // f of the operand by one table of `index` bits into `width` bits; without `unit` its largest
  // value fills the width.
  Or<Fixed> EmitFunction(mlir::Operation* op, int index, int width, std::optional<double> unit,
                         const std::vector<double>* columns);
  Or<Fixed> LowerFunction(const Site& site);
  // A table from `index` to the integers of the site's quantizer.
  Fixed EmitRequantization(const Fixed& index, const Site& site);
  Or<Fixed> LowerProbabilities(const Site& site);
  Or<Fixed> LowerProbabilitiesByPaper(const Site& site);
  // 2^((x - reference) octaves_per_step + scale_log2) in the fixed point of `e`.
  Value Exponential(Value x, const SoftmaxWidths& w, const ExponentWidths& e,
                    double octaves_per_step, double reference, double scale_log2 = 0);
  Value LogOfSum(Value sum, WindowWidths windows, const SoftmaxWidths& w, const ExponentWidths& e,
                 double octaves_per_step, double reference);
  Fixed QuantizeProbabilities(const std::function<Value(double)>& exponential, const Site& site);
  // P1's share of what is added to the index of masked positions: -`value` where masked.
  Value MaskShare(nn::SoftmaxOp op, int width, int64_t value_log2);
  // P1's share of a mask in the steps of the exponent's index.
  Value AdditiveMaskShare(nn::SoftmaxOp op, const SoftmaxWidths& w);

  // f(x) for unsigned x in the whole ring of `x`, read through overlapping windows: one opening.
  Value Windows(Value x, WindowWidths widths, int width, const TableFunction& f);

  struct Normalized {
    Value centered, rsqrt;  // n (h - mean) and 2^precision / (n std), both liftable factors
    int precision;
  };
  Or<Normalized> Normalize(nn::LayerNormOp op);

  // Questions.
  bool IsDataVisible(Value value);
  // The range without margin, if there is one.
  std::optional<double> KnownRangeOf(Value real);
  // The range with its margin, times what the place reaches beyond it. A guess whose bound the
  // place takes gives way to that; of others it is noted that they were read.
  Or<double> RangeOf(Value real, const Room& room = {});
  Room RoomOfMean(const Want& want, double limit);
  // Notes a guess that may reach beyond `holds` at a quantizer whose scale is guessed too.
  void NoteBeyond(Value real, double holds);
  Or<int> RingOf(mlir::Operation* op);
  Or<Quantizer> QuantizerOf(Value operand);
  void At(mlir::Operation* op) { emit_.SetLocation(op->getLoc()); }

  mlir::func::FuncOp function_;
  LoweringPolicy policy_;
  bool strict_ranges_;
  mlir::OpBuilder builder_;
  Emitter emit_;
  llvm::DenseMap<Value, bool> visible_;
  llvm::DenseMap<Value, Value> inputs_;
  llvm::DenseMap<mlir::Operation*, Normalized> normalized_;
  std::map<std::tuple<void*, int, double>, Fixed> reals_;
  std::map<std::tuple<void*, int, double>, Fixed> operands_;
  std::map<std::tuple<void*, int, int64_t>, Value> masks_;
  llvm::DenseSet<mlir::Operation*> warned_;
  llvm::SmallSetVector<mlir::Operation*, 16> guesses_;  // whose guessed range was read
};

// The real values of a constant, row-major, and the step of which all are integer multiples when
// one scale serves the whole tensor.
struct RealConstant {
  std::vector<double> values;
  std::vector<int64_t> shape;
  std::optional<double> step;
};
mlir::FailureOr<RealConstant> ReadConstant(mlir::Value value);

// round(values / unit)
std::vector<int64_t> InUnits(const std::vector<double>& values, double unit);

// True for reshape, transpose and slice: ops that only move elements.
bool IsStructural(mlir::Operation* op);

// The largest sequence of structural ops above `value`, outermost last, and what they start from.
struct Chain {
  mlir::Value base;
  std::vector<mlir::Operation*> ops;
};
Chain StructuralChain(mlir::Value value);
// Applies the structural nn op to a share.
mlir::Value ApplyStructural(Emitter& emit, mlir::Operation* op, mlir::Value share);

// True for the ops whose result is a function of one real, element by element.
bool IsFunction(mlir::Operation* op);
// The float meaning of such an op; a failure has been reported.
mlir::FailureOr<RealFunction> FunctionOf(mlir::Operation* op);

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_LOWERING_H_
