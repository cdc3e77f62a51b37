// SPDX-License-Identifier: Apache-2.0
// The constructions that a place of a network can be lowered to, and the choice between them. All
// that is looked at is public: the choice is in every party's plan.
#ifndef MPCC_PASSES_POLICY_CONSTRUCTIONS_H_
#define MPCC_PASSES_POLICY_CONSTRUCTIONS_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "passes/policy/policy.h"

namespace mpcc {

enum class SiteKind {
  kValue,          // an operand of a product
  kFunction,       // the same, a function of one real
  kProbabilities,  // the same, a softmax
  kRow,            // what a layer normalization reads
  kVector,         // what is brought to length 1
  kMean            // terms of a mean over tokens
};

// What the types around a place say.
struct SiteFacts {
  SiteKind kind = SiteKind::kValue;
  // Of an operand: bits of its quantizer (of a row, those of what reads it normalized), what it
  // takes on the wire, whether it is never negative.
  int bits = 0, magnitude = 0;
  bool is_unsigned = false;
  int64_t elements = 1;
  int64_t row = 1;
  int ring = 0;  // in which it is read
  // Of a public function that lines give: log2 of their number, else 0, and bits of its operand.
  int cells = 0, operand = 0;
  bool unit_asked = false;  // its reader wants it in one unit
  // Of a function: bits that hold its operand, 0 if that is a real. Of a value: bits that hold it,
  // where more than its quantizer says.
  int index = 0;
};

// Bits and counts that a construction is made with, by name. One is kIndexWidth: the bits in which
// it asks for what it reads.
using ChosenWidths = std::vector<std::pair<std::string_view, int>>;
inline constexpr std::string_view kIndexWidth = "index";
int IndexOf(const ChosenWidths& widths);

// Time of a construction that no other one competes with: nobody asks for it.
inline double Untold(const SiteFacts&, const LoweringPolicy&) { return 0; }

struct Construction {
  const char* name;
  bool exact;  // whether it asks for what it reads in one unit
  bool (*applies)(const SiteFacts& site, const LoweringPolicy& policy);
  // On the policy's network; the openings that its reader makes anyway are left out.
  double (*seconds)(const SiteFacts& site, const LoweringPolicy& policy);
  ChosenWidths (*widths)(const SiteFacts& site, const LoweringPolicy& policy);
};

// The paper's tables of requantization, of values and of functions.
extern const Construction kTable, kFunctionTable;
// In the quantizer's steps, held between its ends; bits of what it stores, of a function.
// Or the function by lines, held between the ends.
extern const Construction kSaturation, kFunctionBits, kFunctionLines;
extern const Construction kSoftmax, kSoftmaxByPaper;
extern const Construction kNormWindows, kVectorWindows, kMean, kExactMean;

// All of them; of equally fast ones the first is taken.
std::span<const Construction* const> Constructions();

// The fastest that applies. One applies to every place.
const Construction& ChooseConstruction(const SiteFacts& site, const LoweringPolicy& policy);

}  // namespace mpcc

#endif  // MPCC_PASSES_POLICY_CONSTRUCTIONS_H_
