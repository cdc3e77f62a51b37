// SPDX-License-Identifier: Apache-2.0
#include "frontend/roles.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "fmt/format.h"
#include "frontend/carriers.h"
#include "frontend/node_context.h"
#include "ir/nn/nn.h"
#include "ir/nn/types.h"
#include "runtime/base/input_role.h"

namespace mpcc {
namespace {

constexpr int64_t kMostTypes = 4;

// What a function does with one argument.
struct Uses {
  mlir::BlockArgument argument;
  std::string name;        // lower case
  mlir::Value table{};     // that it picks rows of, the largest
  int64_t rows = 0;        // of it
  bool otherwise = false;  // used for anything else too
  bool added = false;      // as it is, to a value
};

void AddUse(mlir::OpOperand& use, Uses& uses) {
  auto gather = llvm::dyn_cast<nn::GatherOp>(use.getOwner());
  if (gather && use.get() == gather.getIds()) {
    const int64_t rows = ShapeOf(gather.getTable()).front();
    if (rows > uses.rows) uses.rows = rows, uses.table = Root(gather.getTable());
    return;
  }
  auto binary = llvm::dyn_cast<nn::BinaryOp>(use.getOwner());
  uses.added |= binary && binary.getKind() == nn::BinaryKind::add;
  uses.otherwise = true;
}

Uses UsesOf(mlir::func::FuncOp function, mlir::BlockArgument argument) {
  auto name = function.getArgAttrOfType<mlir::StringAttr>(argument.getArgNumber(), nn::kNameAttr);
  Uses uses{argument, name ? name.getValue().lower() : ""};
  for (mlir::OpOperand* use : Readers(argument)) AddUse(*use, uses);
  return uses;
}

bool Holds(const Uses& uses, const char* part) { return uses.name.find(part) != std::string::npos; }
bool NamedTypes(const Uses& uses) { return Holds(uses, "type") || Holds(uses, "segment"); }
bool NamedPositions(const Uses& uses) { return Holds(uses, "pos"); }

bool IsInteger(const Uses& uses) { return ElementOf(uses.argument).isInteger(64); }

class RoleFinder {
 public:
  RoleFinder(mlir::func::FuncOp function, Problems& problems)
      : function_(function), problems_(problems) {
    for (mlir::BlockArgument argument : function.getArguments())
      inputs_.push_back(UsesOf(function, argument));
  }

  void Run() {
    const Uses* ids = FindIds();
    if (ids) {
      Set(*ids, InputRole::kIds);
      tokens_ = nn::ElementCount(ShapeOf(ids->argument));
      CheckOneSequence(*ids);
    }
    for (const Uses& uses : inputs_)
      if (&uses != ids) SetOther(uses, ids);
  }

 private:
  const Uses* FindIds() const {
    const Uses* best = nullptr;
    const auto rank = [](const Uses& uses) {
      return std::pair(!NamedTypes(uses) && !NamedPositions(uses), uses.rows);
    };
    for (const Uses& uses : inputs_)
      if (uses.rows > 0 && IsInteger(uses) && (!best || rank(uses) > rank(*best))) best = &uses;
    return best;
  }

  void SetOther(const Uses& uses, const Uses* ids) {
    if (uses.rows > 0) return SetIndex(uses, ids);
    if (!uses.otherwise) return SetUnused(uses);
    if (!ids || !OneANumber(uses)) return;
    if (IsInteger(uses) && NamedTypes(uses)) return Set(uses, InputRole::kTypes);
    const bool real = ElementOf(uses.argument).isF32();
    Set(uses, real && uses.added ? InputRole::kBias : InputRole::kMask);
  }

  void SetIndex(const Uses& uses, const Uses* ids) {
    if (!ids) return;  // rows that no list of integers picks
    if (uses.otherwise || uses.table == ids->table) return RefuseIndex(uses);
    const bool types = uses.rows < tokens_ || (uses.rows <= kMostTypes && !NamedPositions(uses)) ||
                       NamedTypes(uses);
    Set(uses, types ? InputRole::kTypes : InputRole::kPositions);
  }

  void SetUnused(const Uses& uses) {
    if (!IsInteger(uses)) return;
    Set(uses, Holds(uses, "mask")    ? InputRole::kMask
              : NamedPositions(uses) ? InputRole::kPositions
                                     : InputRole::kTypes);
  }

  // Extents are 1 or the number of tokens.
  bool OneANumber(const Uses& uses) const {
    const Shape shape = ShapeOf(uses.argument);
    const auto fits = [&](int64_t extent) { return extent == 1 || extent == tokens_; };
    return std::all_of(shape.begin(), shape.end(), fits) && !shape.empty() &&
           shape.back() == tokens_;
  }

  void Set(const Uses& uses, InputRole role) {
    function_.setArgAttr(uses.argument.getArgNumber(), nn::kRoleAttr,
                         mlir::StringAttr::get(function_.getContext(), InfoOf(role).name));
  }

  std::string NameOf(const Uses& uses) {
    auto name =
        function_.getArgAttrOfType<mlir::StringAttr>(uses.argument.getArgNumber(), nn::kNameAttr);
    return name ? name.str() : fmt::format("#{}", uses.argument.getArgNumber());
  }

  void RefuseIndex(const Uses& uses) {
    problems_.push_back({NameOf(uses), "input", "a second input of token ids",
                         "one list of token ids, with mask, types and positions",
                         "export the encoder alone"});
  }

  void CheckOneSequence(const Uses& ids) {
    const Shape shape = ShapeOf(ids.argument);
    const auto long_extents =
        std::count_if(shape.begin(), shape.end(), [](int64_t extent) { return extent > 1; });
    if (long_extents <= 1) return;
    problems_.push_back({NameOf(ids), "input",
                         fmt::format("token ids of shape {}", ShapeText(shape)),
                         "one sequence: [1, tokens]",
                         "export with a dynamic batch or a batch of 1; rows of a batch are "
                         "inferences of their own"});
  }

  mlir::func::FuncOp function_;
  Problems& problems_;
  std::vector<Uses> inputs_;
  int64_t tokens_ = 0;
};

}  // namespace

void AssignRoles(mlir::func::FuncOp function, Problems& problems) {
  RoleFinder(function, problems).Run();
}

}  // namespace mpcc
