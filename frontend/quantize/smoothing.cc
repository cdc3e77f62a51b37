// SPDX-License-Identifier: Apache-2.0
#include "frontend/quantize/smoothing.h"

#include <cmath>
#include <numeric>
#include <set>

namespace mpcc::quantize {
namespace {

constexpr float kShare = 0.8f;  // of an outlier that moves into the weights
constexpr float kLeastActivation = 1e-3f, kLeastWeight = 1e-5f;

// Activations and weights that one s ties together.
struct Group {
  std::set<std::string> tensors, weights;
  bool takes_part = true;
};

// Joins the groups that hold the tensor or the weight of a layer.
void Join(std::vector<Group>& groups, const Linear& linear) {
  Group joined{{linear.input}, {linear.weight}};
  std::erase_if(groups, [&](const Group& group) {
    if (!group.tensors.count(linear.input) && !group.weights.count(linear.weight)) return false;
    joined.tensors.insert(group.tensors.begin(), group.tensors.end());
    joined.weights.insert(group.weights.begin(), group.weights.end());
    joined.takes_part &= group.takes_part;
    return true;
  });
  groups.push_back(std::move(joined));
}

void Raise(std::vector<float>& all, const std::vector<float>& own) {
  all.resize(std::max(all.size(), own.size()), 0.0f);
  for (size_t i = 0; i < own.size(); ++i) all[i] = std::max(all[i], own[i]);
}

// s of a group; nothing if its parts do not fit each other.
std::vector<float> FactorsOf(const Group& group, const Values& values, const Weights& weights) {
  std::vector<float> x, w;
  for (const std::string& tensor : group.tensors) {
    auto found = values.find(tensor);
    if (found == values.end() || (!x.empty() && found->second.peaks.size() != x.size())) return {};
    Raise(x, found->second.peaks);
  }
  for (const std::string& key : group.weights) {
    auto found = weights.find(key);
    if (found == weights.end() || found->second.inputs() != static_cast<int64_t>(x.size()))
      return {};
    Raise(w, found->second.PeaksOfInputs());
  }
  std::vector<float> s(x.size());
  double logs = 0;
  for (size_t i = 0; i < s.size(); ++i) {
    s[i] = std::pow(std::max(x[i], kLeastActivation), kShare) /
           std::pow(std::max(w[i], kLeastWeight), 1 - kShare);
    logs += std::log(s[i]);
  }
  const auto middle = static_cast<float>(std::exp(logs / static_cast<double>(s.size())));
  for (float& factor : s) factor /= middle;
  return s;
}

}  // namespace

Smoothing Smooth(const Sites& sites, const Values& values, Weights& weights) {
  std::vector<Group> groups;
  for (const Linear& linear : sites.linears) {
    Join(groups, linear);
    const Site& site = sites.sites.at(linear.input);
    groups.back().takes_part &=
        !linear.is_quantized && site.takes_factors && site.kind == Kind::kInput;
  }
  for (Group& group : groups)
    for (const Attention& attention : sites.attentions)
      if (group.tensors.count(attention.lhs) || group.tensors.count(attention.rhs))
        group.takes_part = false;
  Smoothing smoothing;
  for (const Group& group : groups) {
    std::vector<float> s =
        group.takes_part ? FactorsOf(group, values, weights) : std::vector<float>();
    if (s.empty()) continue;
    for (const std::string& key : group.weights) weights.at(key).ScaleInputs(s);
    for (float& factor : s) factor = 1 / factor;
    for (const std::string& tensor : group.tensors) smoothing[tensor] = s;
  }
  return smoothing;
}

}  // namespace mpcc::quantize
