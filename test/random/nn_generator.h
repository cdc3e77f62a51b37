// SPDX-License-Identifier: Apache-2.0
// Small quantized encoders made at random, as text of the canonical nn form (ir/nn/nn.td):
// embedding, attention, feed-forward and plain layers with residuals and normalization, and a head.
#ifndef MPCC_TEST_RANDOM_NN_GENERATOR_H_
#define MPCC_TEST_RANDOM_NN_GENERATOR_H_

#include <cstdint>
#include <string>

namespace mpcc {

// The architecture; what is not here (weights, scales) comes from `weight_seed`.
struct NetworkShape {
  int tokens = 4;
  int heads = 2;
  int head_width = 4;
  int vocabulary = 10;
  int weight_bits = 8;        // 1 to 8; 1 means two values
  int activation_bits = 8;    // 2 to 8
  bool masked = true;         // the data owner gives an attention mask
  bool rounded = false;       // normalizations stand between quantizers, also of the variance
  std::string blocks = "af";  // a: attention, f: feed-forward, d: dense layer
  std::string head = "c";     // c: class scores of the first token, t: the same after tanh,
                              // p: mean of length one, n: first token of length one

  int width() const { return heads * head_width; }
};

// Any shape of a few hundred parameters.
NetworkShape RandomNetworkShape(uint64_t seed);

// One line that tells the shape, for messages.
std::string Describe(const NetworkShape& shape);

// A module with @main. Arguments: "input_ids", and "attention_mask" when masked or pooled.
std::string GenerateNetwork(const NetworkShape& shape, uint64_t weight_seed);

}  // namespace mpcc

#endif  // MPCC_TEST_RANDOM_NN_GENERATOR_H_
