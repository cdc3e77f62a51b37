// SPDX-License-Identifier: Apache-2.0
// Which operands of products get a quantizer, and which weights become integers: decided by the
// graph alone.
#ifndef MPCC_FRONTEND_QUANTIZE_SITES_H_
#define MPCC_FRONTEND_QUANTIZE_SITES_H_

#include <map>
#include <string>
#include <vector>

#include "frontend/rewrite/graph_rewriter.h"

namespace mpcc::quantize {

enum class Kind {
  kInput,        // of a linear layer: unsigned with a zero point
  kProbability,  // behind a softmax: unsigned in [0, 1]
  kHead,         // queries, keys, values: signed around 0
};

// An activation that a quantizer is to read.
struct Site {
  std::string tensor;
  Kind kind = Kind::kInput;
  // The axis of its channels from the end: 1, or 2 for keys, [.., channel, token].
  int channel_axis = 1;
  std::vector<std::string> readers;  // products that take it, by node name
  // Whether the private program finds a place for factors of its columns (docs/lowering.md): not
  // where they would go into a product of two computed values, or across a rearrangement that takes
  // columns apart.
  bool takes_factors = true;
  int bits = 8;
};

// A linear layer: a product with a constant matrix.
struct Linear {
  std::string node, input;    // names of the node and of the activation
  std::string weight;         // the weight's root (WeightKey)
  bool is_quantized = false;  // the weight is integers in the file
};

// A product of two computed values that are to be quantized.
struct Attention {
  std::string node, lhs, rhs;
  bool is_context = false;  // probabilities times values; else queries times keys
};

struct Sites {
  std::map<std::string, Site> sites;  // by tensor
  std::vector<Linear> linears;        // in the graph's order
  std::vector<Attention> attentions;
};

// Rows of a tensor: its elements divided by its last extent; 0 if unknown.
using Rows = std::function<int64_t(const std::string& tensor)>;

// Every product that depends on a linear layer or is one, except: those with quantized operands
// already; products of two values that the data owner can compute; and float layers of one row (the
// head of a classifier), which stay real. The activation of a matrix that is integers is always a
// site.
Sites FindSites(const GraphRewriter& graph, const Rows& rows);

// What names the constant matrix at an input: the initializer behind Identity and Transpose, and
// whether it is transposed. Layers that share weights have one key.
std::string WeightKey(const GraphRewriter& graph, const std::string& tensor);

}  // namespace mpcc::quantize

#endif  // MPCC_FRONTEND_QUANTIZE_SITES_H_
