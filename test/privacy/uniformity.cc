// SPDX-License-Identifier: Apache-2.0
#include "test/privacy/uniformity.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <numeric>
#include <string_view>
#include <unordered_map>

namespace mpcc::privacy {
namespace {

// Deviations of a standard normal that a fair test hardly meets: once in 5e8, and in 4e11.
constexpr double kFar = 6, kFarOfPairs = 7;

double Deviation(double ones, double tosses) { return (2 * ones - tosses) / std::sqrt(tosses); }

// A chi-square of so many degrees of freedom, nearly normal where they are many.
double DeviationOfChi(double chi, double degrees) {
  const double third = 2 / (9 * degrees);
  return (std::cbrt(chi / degrees) - (1 - third)) / std::sqrt(third);
}

// Looks at views in one way after another.
class Search {
 public:
  explicit Search(const Views& views) : views_(views), words_(views.count() / 64) {
    uint64_t first = 0;
    for (const Part& part : views.parts()) {
      places_[part.operation].emplace_back(first, part.bits);
      origins_.insert(origins_.end(), part.bits, part.origin);
      first += part.bits;
    }
  }

  std::vector<std::string> Run() {
    for (const auto& [operation, places] : places_) {
      Bits(operation, places);
      Bytes(operation, places);
    }
    for (const Origin left_out : {Origin::kOpened, Origin::kMessage}) {
      EqualBits(left_out);
      Pairs(SomeBits(left_out));
    }
    return std::move(found_);
  }

 private:
  using Places = std::vector<std::pair<uint64_t, uint64_t>>;  // first bit, bits

  uint64_t Ones(uint64_t bit) const {
    const uint64_t* column = views_.Column(bit);
    return std::transform_reduce(column, column + words_, uint64_t{0}, std::plus<>(),
                                 [](uint64_t word) { return uint64_t(std::popcount(word)); });
  }
  // Views in which two bits are equal.
  uint64_t Equal(uint64_t a, uint64_t b) const {
    const uint64_t *x = views_.Column(a), *y = views_.Column(b);
    return std::transform_reduce(
        x, x + words_, y, uint64_t{0}, std::plus<>(),
        [](uint64_t p, uint64_t q) { return uint64_t(std::popcount(~(p ^ q))); });
  }

  void Judge(double deviation, const std::string& what, double far = kFar) {
    if (std::abs(deviation) > far)
      found_.push_back(fmt::format("{}: {:.1f} deviations", what, deviation));
  }

  // Each bit, all bits of an operation together, and neighbours.
  void Bits(const std::string& operation, const Places& places) {
    double all = 0, tosses = 0, together = 0, pairs = 0;
    const auto views = static_cast<double>(views_.count());
    for (const auto& [first, count] : places)
      for (uint64_t bit = first; bit < first + count; ++bit) {
        const auto ones = static_cast<double>(Ones(bit));
        Judge(Deviation(ones, views), fmt::format("bit {} of {}", bit, operation));
        all += ones, tosses += views;
        if (bit == first) continue;
        together += static_cast<double>(Equal(bit - 1, bit)), pairs += views;
      }
    if (tosses > 0) Judge(Deviation(all, tosses), "all bits of " + operation);
    if (pairs > 0) Judge(Deviation(together, pairs), "neighbours of " + operation);
  }

  // How often each byte occurs, wherever whole bytes lie.
  void Bytes(const std::string& operation, const Places& places) {
    std::array<uint64_t, 256> seen{};
    for (const auto& [first, count] : places)
      for (uint64_t bit = first; bit + 8 <= first + count; bit += 8)
        for (uint64_t view = 0; view < views_.count(); ++view) ++seen[ByteAt(bit, view)];
    const auto all = static_cast<double>(std::accumulate(seen.begin(), seen.end(), uint64_t{0}));
    if (all == 0) return;
    double chi = 0;
    for (uint64_t count : seen) {
      const double off = static_cast<double>(count) - all / 256;
      chi += off * off / (all / 256);
    }
    Judge(DeviationOfChi(chi, 255), "bytes of " + operation);
  }
  uint8_t ByteAt(uint64_t bit, uint64_t view) const {
    uint8_t byte = 0;
    for (uint64_t i = 0; i < 8; ++i)
      byte |= (views_.Column(bit + i)[view / 64] >> (view % 64) & 1) << i;
    return byte;
  }

  // Bits that are equal, or opposite, in every view.
  void EqualBits(Origin left_out) {
    std::unordered_map<std::string, uint64_t> first_with;
    for (uint64_t bit = 0; bit < views_.bits(); ++bit) {
      if (origins_[bit] == left_out) continue;
      std::vector<uint64_t> column(views_.Column(bit), views_.Column(bit) + words_);
      if (column[0] & 1)
        for (uint64_t& word : column) word = ~word;
      const std::string key(reinterpret_cast<const char*>(column.data()), 8 * words_);
      const auto [at, is_new] = first_with.try_emplace(key, bit);
      if (!is_new) found_.push_back(fmt::format("bits {} and {} tell each other", at->second, bit));
    }
  }

  // Of each origin all, or a thousand at equal distances.
  std::vector<uint64_t> SomeBits(Origin left_out) const {
    std::vector<uint64_t> bits;
    for (const Origin origin : {Origin::kDealt, Origin::kMessage, Origin::kOpened}) {
      if (origin == left_out) continue;
      const uint64_t step = 1 + std::ranges::count(origins_, origin) / 1000;
      for (uint64_t bit = 0, seen = 0; bit < views_.bits(); ++bit)
        if (origins_[bit] == origin && seen++ % step == 0) bits.push_back(bit);
    }
    return bits;
  }

  void Pairs(const std::vector<uint64_t>& bits) {
    const auto views = static_cast<double>(views_.count());
    for (size_t a = 0; a < bits.size(); ++a)
      for (size_t b = a + 1; b < bits.size(); ++b)
        Judge(Deviation(static_cast<double>(Equal(bits[a], bits[b])), views),
              fmt::format("bits {} and {}", bits[a], bits[b]), kFarOfPairs);
  }

  const Views& views_;
  const uint64_t words_;
  std::map<std::string, Places> places_;
  std::vector<Origin> origins_;  // by bit
  std::vector<std::string> found_;
};

}  // namespace

Views::Views(std::vector<Part> parts, uint64_t count)
    : parts_(std::move(parts)), words_(count / 64) {
  for (const Part& part : parts_) bits_ += part.bits;
  columns_.resize(bits_ * words_);
}

void Views::Set(uint64_t view, const std::vector<uint8_t>& row) {
  for (uint64_t bit = 0; bit < bits_; ++bit)
    columns_[bit * words_ + view / 64] |= uint64_t(row[bit / 8] >> bit % 8 & 1) << (view % 64);
}

std::vector<std::string> Suspicions(const Views& views) { return Search(views).Run(); }

}  // namespace mpcc::privacy
