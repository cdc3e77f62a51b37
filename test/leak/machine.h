// SPDX-License-Identifier: Apache-2.0
// A straight line of small steps, run for every value of the random bits that they draw.
#ifndef MPCC_TEST_LEAK_MACHINE_H_
#define MPCC_TEST_LEAK_MACHINE_H_

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace mpcc::leak {

inline constexpr size_t kMaxElements = 16;

// Elements modulo 2^8; a step reduces what it computes to its ring.
using Elements = std::array<uint8_t, kMaxElements>;

// One value at its parties: (a1, a2), (m, L1, L2), a mask (0, L1, L2), or one part for plaintext
// and private integers. The last part is what the online half says the value is.
using Parts = std::array<Elements, 4>;
inline constexpr int kMeant = 3;

inline uint64_t BitsBelow(int bit) { return bit > 63 ? ~uint64_t{0} : (uint64_t{1} << bit) - 1; }
inline uint8_t RingMask(int width) { return static_cast<uint8_t>((1u << width) - 1); }

inline uint64_t Mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15u + 0xD1B54A32D192ED03u;
  return hash ^ hash >> 29;
}

// What is computed in one run.
struct Machine {
  uint64_t seed = 0, input = 0, model = 0;  // bits
  std::vector<Parts> values;
  std::array<uint64_t, 3> seen{};  // hashes of what the parties see
  Elements results{};              // that are meant, one after the other
  bool wrong = false;              // in some run they were not what is revealed
  // Of a view that is conditioned on a part of the viewer's own randomness: which sample of that
  // part, and which bits of the seed belong to it.
  int viewer = 0;
  uint64_t sample = 0, given = 0;

  void See(size_t who, const Elements& elements, size_t count) {
    for (size_t i = 0; i < count; ++i) seen[who] = Mix(seen[who], elements[i]);
  }
  // The sample of a vector of the viewer's.
  Elements Given(size_t vector, size_t count, int width) const {
    Elements out{};
    for (size_t i = 0; i < count; ++i) out[i] = Mix(Mix(sample, vector), i) >> 40 & RingMask(width);
    return out;
  }
};

// A vector drawn from a stream: where each of its bits stands among the seed's.
struct Draw {
  std::vector<uint8_t> bits;
  int width = 0;

  Elements Of(uint64_t seed) const {
    Elements out{};
    if (bits.empty()) return out;
    if (bits.back() - bits.front() + 1u == bits.size()) {  // one run of bits
      seed >>= bits.front();
      for (size_t i = 0; i * width < bits.size(); ++i)
        out[i] = seed >> (i * width) & RingMask(width);
      return out;
    }
    for (size_t b = 0; b < bits.size(); ++b)
      out[b / width] |= static_cast<uint8_t>((seed >> bits[b] & 1) << b % width);
    return out;
  }
};

// Program (-1: the set-up), party that has the key with P0, number modulo 2^32.
using StreamKey = std::tuple<int, int, uint32_t>;

inline StreamKey KeyOf(int party, int program, int64_t number) {
  return {program, party, static_cast<uint32_t>(number)};
}

// The seed's bits by key and stream number; two draws of one stream share bits.
class Streams {
 public:
  // Of P0 with P1 (party 1) or with P2, in a program; set-up keys are those of program -1.
  Draw Of(int party, int program, int64_t number, size_t count, int width) {
    auto& bits = bits_[KeyOf(party, program, number)];
    while (bits.size() < count * width) {
      bits.push_back(static_cast<uint8_t>(next_));
      if (next_ < 64) known_to_[party] |= uint64_t{1} << next_;
      ++next_;
    }
    return {{bits.begin(), bits.begin() + static_cast<int64_t>(count) * width}, width};
  }

  // What streams are drawn for: one more vector that is dealt, or something else.
  void UseForVector(const StreamKey& key) { ++vectors_[key]; }
  void UseOtherwise(const StreamKey& key) { otherwise_.insert(key); }
  // Those of one dealt vector each, and of nothing else.
  std::set<StreamKey> OfOneVector() const {
    std::set<StreamKey> keys;
    for (const auto& [key, vectors] : vectors_)
      if (vectors == 1 && !otherwise_.contains(key)) keys.insert(key);
    return keys;
  }

  int count() const { return next_; }
  // The bits that a party can draw itself.
  uint64_t KnownTo(int party) const { return known_to_[party]; }

 private:
  std::map<StreamKey, std::vector<uint8_t>> bits_;
  std::map<StreamKey, int> vectors_;
  std::set<StreamKey> otherwise_;
  std::array<uint64_t, 3> known_to_{};
  int next_ = 0;
};

struct Step {
  int drawn;  // bits of the seed that are drawn once it is done
  std::function<void(Machine&)> run;
};

// Calls at_end(machine) for every seed that has `sampled` where bits are given, with steps done as
// early as their bits are drawn.
template <typename AtEnd>
void RunAllSeeds(const std::vector<Step>& steps, size_t next, int drawn, Machine& machine,
                 uint64_t sampled, const AtEnd& at_end) {
  if (next == steps.size()) return at_end(machine);
  const Step& step = steps[next];
  const uint64_t seed = machine.seed;
  const auto seen = machine.seen;
  const uint64_t drawn_here = BitsBelow(step.drawn) & ~BitsBelow(drawn);
  const uint64_t free = drawn_here & ~machine.given;
  uint64_t fresh = 0;
  do {
    machine.seed = seed | fresh | (sampled & drawn_here & machine.given);
    machine.seen = seen;
    step.run(machine);
    RunAllSeeds(steps, next + 1, step.drawn, machine, sampled, at_end);
    fresh = (fresh - free) & free;  // the next subset
  } while (fresh != 0);
  machine.seed = seed;
  machine.seen = seen;
}

}  // namespace mpcc::leak

#endif  // MPCC_TEST_LEAK_MACHINE_H_
