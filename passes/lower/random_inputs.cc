// SPDX-License-Identifier: Apache-2.0
#include "passes/lower/random_inputs.h"

#include <algorithm>
#include <numeric>
#include <random>

#include "ir/nn/nn.h"
#include "ir/nn/roles.h"
#include "ir/nn/types.h"
#include "runtime/base/input_role.h"

namespace mpcc {
namespace {

using mlir::func::FuncOp;

mlir::RankedTensorType TypeOf(mlir::Value value) {
  return llvm::cast<mlir::RankedTensorType>(value.getType());
}

// Rows of the table that a value indexes, by itself or moved, or 0.
int64_t TableRows(mlir::Value value) {
  for (mlir::Operation* user : value.getUsers()) {
    if (auto gather = llvm::dyn_cast<nn::GatherOp>(user); gather && gather.getIds() == value)
      return TypeOf(gather.getTable()).getDimSize(0);
    if (llvm::isa<nn::ReshapeOp, nn::TransposeOp, nn::SliceOp, nn::BroadcastOp>(user))
      if (const int64_t rows = TableRows(user->getResult(0))) return rows;
  }
  return 0;
}

struct IdRange {
  int64_t first, last;
};
constexpr IdRange kUsualEnds[] = {{101, 102}, {0, 2}};

// One text: what all inputs of a sample have in common.
struct Text {
  double share;  // of the positions that it takes
  size_t ends;   // of kUsualEnds
  bool two_segments;

  int64_t Length(int64_t most) const {
    return std::clamp<int64_t>(std::llrint(share * static_cast<double>(most)), 1, most);
  }
};

Text TextOf(unsigned number, std::mt19937_64& random) {
  std::uniform_real_distribution<double> share;
  return {number == 0 ? 1.0 : share(random), number % std::size(kUsualEnds), number % 4 >= 2};
}

using Ints = nn::Tensor::Ints;

// Every function fills one row of `row` elements, of which the text has `tokens`.
void FillIds(int64_t* row, int64_t tokens, int64_t rows, const Text& text,
             std::mt19937_64& random) {
  std::uniform_int_distribution<int64_t> id(0, rows - 1);
  std::generate_n(row, tokens, [&] { return id(random); });
  const IdRange ends = kUsualEnds[text.ends];
  if (ends.first < rows) row[0] = ends.first;
  if (ends.last < rows && tokens > 1) row[tokens - 1] = ends.last;
}

void FillPositions(int64_t* row, int64_t count, int64_t rows) {
  for (int64_t i = 0; i < count; ++i) row[i] = rows > 0 ? std::min(i, rows - 1) : i;
}

Ints IntegersFor(FuncOp function, unsigned index, const Text& text, std::mt19937_64& random) {
  mlir::Value argument = function.getArgument(index);
  const auto type = TypeOf(argument);
  const std::string role = nn::RoleOf(function, index);
  const int64_t count = type.getNumElements(), rows = TableRows(argument);
  const int64_t width = type.getRank() > 0 ? type.getShape().back() : 1;
  auto pad = function.getArgAttrOfType<mlir::IntegerAttr>(index, nn::kPadAttr);
  const bool ids = role == nn::kIdsRole || (role.empty() && rows > 0);
  Ints values(count, ids && pad ? pad.getInt() : 0);
  for (int64_t at = 0; at < count; at += width) {
    const int64_t tokens = text.Length(width);
    if (ids && rows > 0) FillIds(&values[at], tokens, rows, text, random);
    if (role == nn::kPositionsRole) FillPositions(&values[at], width, rows);
    if (role == nn::kTypesRole && text.two_segments && rows != 1)
      std::fill_n(&values[at + tokens / 2], tokens - tokens / 2, 1);
    if (role == nn::kMaskRole || role == nn::kBiasRole || (role.empty() && rows == 0))
      std::fill_n(&values[at], tokens, 1);
  }
  return values;
}

}  // namespace

std::vector<nn::Tensor> RandomInputs(FuncOp function, unsigned number, unsigned seed) {
  std::seed_seq seeds{seed, number};
  std::mt19937_64 random(seeds);
  Text text = TextOf(number, random);
  if (function->hasAttr(nn::kExactLengthAttr)) text.share = 1;
  std::vector<nn::Tensor> inputs;
  for (mlir::BlockArgument argument : function.getArguments()) {
    const auto type = TypeOf(argument);
    nn::Tensor tensor{type.getShape().vec(), {}};
    Ints ints = IntegersFor(function, argument.getArgNumber(), text, random);
    const std::string role = nn::RoleOf(function, argument.getArgNumber());
    if (role == nn::kBiasRole)
      for (int64_t& x : ints) x = x ? 0 : kDropped;
    if (!type.getElementType().isF32()) {
      tensor.data = std::move(ints);
    } else if (role == nn::kMaskRole || role == nn::kBiasRole) {
      tensor.data = nn::Tensor::Floats(ints.begin(), ints.end());
    } else {
      nn::Tensor::Floats values(type.getNumElements());
      std::normal_distribution<float> normal;
      std::generate(values.begin(), values.end(), [&] { return normal(random); });
      tensor.data = std::move(values);
    }
    inputs.push_back(std::move(tensor));
  }
  return inputs;
}

}  // namespace mpcc
