// SPDX-License-Identifier: Apache-2.0
#include "frontend/quantize/scales.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

namespace mpcc::quantize {
namespace {

constexpr size_t kBody = 60000, kTail = 200;
constexpr int kSteps = 24;            // sizes tried for each end
constexpr double kLeastAffine = 0.2;  // of the whole range
constexpr int kSymmetricSteps = 80;
constexpr double kLeastSymmetric = 0.1;

struct Weighted {
  std::vector<double> values;
  std::vector<double> weights;
};

// Sorted values, thinned where there are many; the extremes, which decide the clipping, all stay.
Weighted Thin(std::vector<float> sample) {
  std::sort(sample.begin(), sample.end());
  Weighted out;
  if (sample.size() <= kBody + 2 * kTail) {
    out.values.assign(sample.begin(), sample.end());
    out.weights.assign(sample.size(), 1);
    return out;
  }
  const size_t inner = sample.size() - 2 * kTail;
  auto add = [&](size_t i, double weight) {
    out.values.push_back(sample[i]);
    out.weights.push_back(weight);
  };
  for (size_t i = 0; i < kTail; ++i) add(i, 1);
  for (size_t i = 0; i < kBody; ++i) add(kTail + i * inner / kBody, double(inner) / double(kBody));
  for (size_t i = sample.size() - kTail; i < sample.size(); ++i) add(i, 1);
  return out;
}

double Loss(const Weighted& sample, double scale, double zero, double low, double high) {
  double loss = 0;
  for (size_t i = 0; i < sample.values.size(); ++i) {
    const double q = std::clamp(std::nearbyint(sample.values[i] / scale) + zero, low, high);
    const double error = (q - zero) * scale - sample.values[i];
    loss += sample.weights[i] * error * error;
  }
  return loss;
}

// `count` factors from `least` to 1 in equal ratios.
std::vector<double> Factors(double least, int count) {
  std::vector<double> factors(count);
  for (int i = 0; i < count; ++i) factors[i] = std::pow(least, 1 - double(i) / (count - 1));
  return factors;
}

// To four decimal digits, so that the last bits of a sum do not show in a file.
float Rounded(double scale) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.3e", scale);
  return std::strtof(text, nullptr);
}

template <typename F>
double Best(const std::vector<double>& factors, const F& loss) {
  double best = 1, least = std::numeric_limits<double>::infinity();
  for (double factor : factors) {
    const double found = loss(factor);
    if (found < least) least = found, best = factor;
  }
  return best;
}

}  // namespace

Scale AffineScale(std::vector<float> sample, int bits) {
  if (sample.empty()) return {};
  const int64_t most = (int64_t{1} << bits) - 1;
  const Weighted thin = Thin(std::move(sample));
  const double low = std::min(thin.values.front(), 0.0), high = std::max(thin.values.back(), 0.0);
  if (high - low <= 0) return {};
  auto loss = [&](double down, double up) {
    const double scale = (high * up - low * down) / double(most);
    return Loss(thin, scale, std::nearbyint(-low * down / scale), 0, double(most));
  };
  const auto factors = Factors(kLeastAffine, kSteps);
  const double up = Best(factors, [&](double f) { return loss(1, f); });
  const double down = Best(factors, [&](double f) { return loss(f, up); });
  const float scale = Rounded((high * up - low * down) / double(most));
  return {scale, std::clamp<int64_t>(std::llrint(-low * down / scale), 0, most)};
}

Scale SymmetricScale(std::vector<float> sample, int bits) {
  if (sample.empty()) return {};
  const double most = double((int64_t{1} << (bits - 1)) - 1);
  const Weighted thin = Thin(std::move(sample));
  const double peak = std::max(std::abs(thin.values.front()), std::abs(thin.values.back()));
  if (peak <= 0) return {};
  const double factor = Best(Factors(kLeastSymmetric, kSymmetricSteps), [&](double f) {
    return Loss(thin, peak / most * f, 0, -most - 1, most);
  });
  return {Rounded(peak / most * factor), 0};
}

}  // namespace mpcc::quantize
