// SPDX-License-Identifier: Apache-2.0
// The demands on every value, from the results backwards: the consumer of a real value says in
// which ring and unit it wants it, so that private scales become exact integer multipliers
// (docs/lowering.md). Creates no operation.
#ifndef MPCC_PASSES_LOWER_DEMANDS_H_
#define MPCC_PASSES_LOWER_DEMANDS_H_

#include <deque>
#include <limits>
#include <map>
#include <set>
#include <tuple>

#include "ir/nn/pools.h"
#include "ir/nn/rows.h"
#include "ir/nn/visibility.h"
#include "llvm/ADT/SetVector.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/analysis/sign.h"
#include "passes/analysis/truth.h"
#include "passes/lower/choices.h"
#include "passes/lower/demand.h"
#include "passes/lower/interpolation.h"
#include "passes/lower/results.h"

namespace mpcc {

// What a place has for a value that may exceed its range.
struct Room {
  static constexpr double kUnlimited = std::numeric_limits<double>::infinity();

  double headroom = 1;           // it reaches so many times further than a range
  double most = kUnlimited;      // what a guess has more than other ranges gives way to this
  double spread = 1;             // so many times wider than its range it may become for a bound
  double provable = kUnlimited;  // the largest bound that it takes
  // It lifts what it reads, which beyond its end gives what masks decide: known ranges give way to
  // bounds as guesses do.
  bool lifts = false;
};

class Demands {
 public:
  using Value = mlir::Value;
  template <typename T>
  using Or = mlir::FailureOr<T>;

  // A place that reads a numbered value, for 'mpcc verify' (passes/lower/marks.h).
  struct Mark {
    Given given;
    llvm::StringRef place;
    double holds;
    double step = 0;
    double offset = 0;  // that is added to it
    mlir::IntegerAttr value{};
  };

  // With `strict_ranges` a range that was measured on random inputs is an error.
  Demands(mlir::func::FuncOp function, const LoweringPolicy& policy, bool strict_ranges);

  // Decides about all results. Failures have been reported on the op at fault, guesses in one
  // warning.
  mlir::LogicalResult Run();

  // The demand behind a result; null where P1 sees it anyway.
  const Demand* Result(unsigned index) const { return results_[index]; }
  // In the order in which an operation should come after those that it reads.
  const std::deque<Demand>& all() const { return demands_; }
  const std::vector<Mark>& marks() const { return marks_; }

 private:
  // A real value in the ring and unit wanted.
  Or<Given> Real(Value real, Want want);
  Or<Given> RealUncached(Value real, Want want);
  Or<Given> Input(Value real, Want want);
  Or<Given> Linear(nn::LinearOp op, Want want);
  Or<Given> MatMul(nn::MatMulOp op, Want want);
  Or<Given> Binary(nn::BinaryOp op, Want want);
  Or<Given> ColumnScale(Value real, Value factors, bool divides, Want want);
  Or<Given> Masked(nn::BinaryOp op, Value real, Value truth, Want want);
  // A quantized value that is read as a real again, by the quantizer's steps; of a wide quantizer
  // the rounding is left out, unless the step is so coarse that all becomes 0.
  Or<Given> Requantized(nn::QuantizeOp op, Want want);
  Or<Given> Rounded(nn::QuantizeOp op, Want want);
  mlir::LogicalResult IsPrecise(nn::QuantizeOp op, const Want& want, const Quantizer& q);
  Or<Given> Sum(nn::BinaryOp op, Want want);
  Or<Given> PlusConstant(nn::BinaryOp op, Value real, nn::ConstantOp constant, Want want);
  // A row that is read in its own unit, or in that which takes its range.
  Or<Given> Row(Value row, int width, double unit);
  // `count` times a mean square of a row, with `added` to that, as an integer of `bits`.
  struct Squares {
    double count, added;
    int bits;
  };
  // What `op` normalizes, in a unit in which its squares fit too.
  Or<Given> RowOfRange(mlir::Operation* op, int width, const Squares& squares);
  void WarnOfFewSteps(mlir::Operation* op, double steps);
  void WarnOfLeastNorm(nn::L2NormalizeOp op);
  // What one operation makes of a row, for a reader that may scale it by column.
  Or<Given> OfRow(Form form, mlir::Operation* op, Given row, const Want& want);
  Or<Given> Normalized(nn::LayerNormOp op, const Want& want);
  Or<Given> LayerNorm(nn::LayerNormOp op, Want want);
  // What an operation is warned of once, whatever the number of its readers.
  enum class Warning {
    kBeyond,
    kBeyondRow,
    kCoarse,
    kFewDigits,
    kFewSteps,
    kFewUnits,
    kLeastNorm,
    kLowRows,
    kNoNumber,
    kSmall
  };
  bool IsNews(mlir::Operation* op, Warning warning) { return warned_.emplace(op, warning).second; }
  // Warns where a row's largest score was below the levels.
  void WarnOfLowRows(nn::SoftmaxOp op, const SoftmaxWidths& w, double range);
  // Warns where a result reads gamma in a few units of the ring at most: rounding it changes that.
  void WarnOfFewUnits(nn::LayerNormOp op, const Given& given, const Given& row);
  // A row of whole steps of a quantizer, in a ring that holds its squares.
  Or<Given> StepsOfRow(Value row);
  Or<Given> Variance(nn::VarianceOp op, Want want);
  Or<Given> Standardize(nn::StandardizeOp op, Want want);
  // Warns where rows whose variance is rounded to so many steps go beyond what is read of them.
  void WarnBeyondRow(nn::StandardizeOp op, std::optional<int64_t> step);
  Or<Given> MeanPool(const nn::Pool& pool, Want want);
  Or<Given> Concat(nn::ConcatOp op, Want want);
  Or<Given> Structural(mlir::Operation* op, Want want);
  // A result, revealed to P1.
  Or<Given> Output(Value real, const ResultReading& reading);
  // Warns where a result, as far as its range is known, is no more than a few of its last digits.
  void WarnOfFewDigits(Value real, const ResultReading& reading);
  Or<Given> UnitVector(nn::L2NormalizeOp op, const ResultReading& reading);

  // One operand of a product, or a quantized value that is read as a real, with the construction
  // that was chosen for it.
  struct Site {
    Value real;  // in front of its quantizer
    Quantizer quantizer;
    int ring;
    std::optional<double> unit;  // that its reader asks for
    Choice choice;
    const Want* want = nullptr;  // of the reader of a real
  };
  struct SiteRow {
    const Construction* chosen;
    Or<Given> (Demands::*decide)(const Site& site);
  };
  static const SiteRow kSites[];
  static const SiteRow* RowOf(Choice choice);
  // Reports a choice that the operand at a site does not have: `what` is found.
  static mlir::LogicalResult NoFit(const Site& site, llvm::StringRef what);

  // An operand of a product, in the product's ring; in `unit` if that is given.
  Or<Given> Operand(mlir::Operation* reader, const Reading& reading,
                    std::optional<double> unit = std::nullopt);
  Or<Given> Operand(Value operand, int ring, Choice choice, std::optional<double> unit);
  Or<Given> AtSite(Value real, Site site);
  Or<Given> ByTable(const Site& site);
  Or<Given> ByFunctionTable(const Site& site);
  Or<Given> ByFunctionBits(const Site& site);
  Or<Given> ByFunctionLines(const Site& site);
  Or<Given> BySaturation(const Site& site);
  // `what` as it is made for a saturation, which reads it in whole steps.
  Or<Given> Saturated(const Site& site, const StepDetails& steps, Given what);
  Or<Given> BySoftmax(const Site& site);
  Or<Given> ByPaperSoftmax(const Site& site);
  Given IndexTo(const Given& index, mlir::Location loc, const Site& site);
  // The steps of a site's quantizer in the ring, by a demand of this form.
  Or<Given> InSteps(Demand demand, const Site& site, StepDetails steps);
  // Warns where `f` is no number for values that the range of the operand allows: tables have 0
  // there.
  void WarnNotANumber(mlir::Operation* op, const RealFunction& f);
  // Where points of the function's table that stand beside one another are many of the quantizer's
  // steps apart: what the function does between them is lost.
  void WarnCoarse(mlir::Operation* op, const RealFunction& f, const Given& index, int bits,
                  const Quantizer& q, llvm::ArrayRef<double> columns);
  // f of the operand by one table, of the index.
  Or<Given> Function(mlir::Operation* op, const Given& index, const Want& want);
  // f of the operand by lines, in the unit wanted.
  Or<Given> Lines(mlir::Operation* op, int bits, const Want& want);
  Or<std::vector<int64_t>> FactorsOfLines(mlir::Operation* op, const Want& want, double unit);
  Or<double> FunctionUnit(mlir::Operation* op, int index);
  // The index of a function, whose range it covers.
  Or<Given> FunctionIndex(mlir::Operation* op, int index);

  Given Decide(Demand demand, double unit);
  // In the ring of `demand`, of which the top bits are read in the unit and with the offset wanted.
  Given DecideFor(const Want& want, Demand demand);
  Given Moved(llvm::ArrayRef<mlir::Operation*> ops, Given given);
  void Note(Value real, Mark mark);  // which has the value's number then

  // Refuses a consumer that reads more bits than `ring`, in which a value is computed.
  mlir::LogicalResult FitsRing(mlir::Location loc, Want want, int ring);
  // One warning, or error, for all ranges read that were measured on random inputs.
  mlir::LogicalResult ReportGuesses();
  // Warns where ranges know of values beyond `reach`: they wrap in the index of a site that the
  // quantizer of the file would saturate.
  void WarnBeyond(Value real, const Quantizer& q, double reach);
  // Notes a guess that may reach beyond `holds` at a quantizer whose scale is guessed too.
  void NoteBeyond(Value real, double holds);
  // The range without margin, if there is one.
  std::optional<double> KnownRangeOf(Value real);
  // The range with its margin, times what the place reaches beyond it. A guess whose bound the
  // place takes gives way to that, and where it lifts any range; of other guesses it is noted that
  // they were read.
  Or<double> RangeOf(Value real, const Room& room = {});
  Room RoomOfMean(const Want& want, double limit);
  // Of a row that is lifted from so many bits.
  Room RoomOfRow(int width) const;
  Or<int> RingOf(mlir::Operation* op);
  Or<Quantizer> QuantizerOf(Value operand);

  mlir::func::FuncOp function_;
  LoweringPolicy policy_;
  Interpolations interpolations_{policy_};
  bool strict_ranges_;
  nn::VisibilityAnalysis visibility_;
  TruthAnalysis truths_;
  SignAnalysis signs_;
  std::deque<Demand> demands_;
  std::vector<const Demand*> results_;
  std::vector<Mark> marks_;
  llvm::DenseMap<Value, Given> inputs_;
  std::map<std::pair<mlir::Operation*, int>, Given> normalized_;  // in a ring
  llvm::DenseMap<Value, Given> step_rows_;
  std::map<std::tuple<void*, int, double, std::optional<double>, bool>, Given> reals_;
  std::map<std::tuple<void*, int, double>, Given> operands_;
  std::set<std::pair<mlir::Operation*, Warning>> warned_;
  llvm::SmallSetVector<mlir::Operation*, 16> guesses_;  // whose guessed range was read
};

}  // namespace mpcc

#endif  // MPCC_PASSES_LOWER_DEMANDS_H_
