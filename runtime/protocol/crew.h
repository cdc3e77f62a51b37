// SPDX-License-Identifier: Apache-2.0
// Threads that share the parts of a step. Where a vector is divided depends on shapes alone, and
// every part is computed from its own piece of every stream: results and messages are the same for
// any number of threads.
#ifndef MPCC_RUNTIME_PROTOCOL_CREW_H_
#define MPCC_RUNTIME_PROTOCOL_CREW_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <optional>
#include <vector>

#include "mpcc/party.h"
#include "runtime/base/workers.h"
#include "runtime/crypto/prg.h"
#include "runtime/protocol/arena.h"

namespace mpcc::protocol {

// For one run at a time: generators and scratch memory of the threads beside the run's own.
class Crew {
 public:
  struct Member {
    std::optional<Prg> k01, k02;
    Arena arena;
  };

  // `workers` may serve others too. Parts in tests: as of Arena.
  explicit Crew(std::shared_ptr<Workers> workers, const Arena& like = Arena())
      : workers_(std::move(workers)) {
    for (int i = 1; i < workers_->threads(); ++i)
      members_.push_back(std::make_unique<Member>(Member{{}, {}, Arena(like.part())}));
  }

  // The keys of a run; null for one that the party does not have.
  void TakeKeys(const Prg* k01, const Prg* k02) {
    for (auto& member : members_) {
      if (k01) member->k01.emplace(k01->Clone());
      if (k02) member->k02.emplace(k02->Clone());
    }
  }

  // After a step.
  void ResetArenas() {
    for (auto& member : members_) member->arena.Reset();
  }
  uint64_t held_bytes() const {
    uint64_t bytes = 0;
    for (const auto& member : members_) bytes += member->arena.held_bytes();
    return bytes;
  }

  Workers& workers() { return *workers_; }
  // REQUIRES: 1 <= thread < threads.
  Member& member(int thread) { return *members_[thread - 1]; }

 private:
  std::shared_ptr<Workers> workers_;
  std::vector<std::unique_ptr<Member>> members_;
};

// What an evaluating party needs for every operation. P1's generator is K01, P2's is K02.
struct EvalContext {
  PartyId self;
  Prg& prg;
  Arena& arena;
  Crew* crew = nullptr;  // null: alone

  bool IsP1() const { return self == PartyId::kP1; }
  // Whether corrections pass through this party: P1 draws its shares.
  bool HasCorrections() const { return !IsP1(); }
  // For kernels that divide their work themselves; null: alone.
  Workers* workers() const { return crew ? &crew->workers() : nullptr; }
  // What a thread of the crew works with, alone.
  EvalContext Of(int thread) const {
    if (thread == 0) return {self, prg, arena};
    Crew::Member& member = crew->member(thread);
    return {self, IsP1() ? *member.k01 : *member.k02, member.arena};
  }
};

// What P0 needs for every operation.
struct DealContext {
  Prg& k01;
  Prg& k02;
  Arena& arena;
  Crew* crew = nullptr;

  bool HasCorrections() const { return true; }
  Workers* workers() const { return crew ? &crew->workers() : nullptr; }
  DealContext Of(int thread) const {
    if (thread == 0) return {k01, k02, arena};
    Crew::Member& member = crew->member(thread);
    return {*member.k01, *member.k02, member.arena};
  }
};

// Calls fn(context, first, count) for parts of n elements, `part` in each but the last, with a
// context and a scope of its arena for each; in order where there is no crew.
template <typename Context, typename Fn>
void ForParts(const Context& context, uint64_t n, uint64_t part, Fn fn) {
  const auto one = [&](int thread, uint64_t i) {
    Context own = context.Of(thread);
    const Arena::Scope scope(own.arena);
    fn(own, i * part, std::min(part, n - i * part));
  };
  const uint64_t parts = (n + part - 1) / part;
  if (context.crew) return context.crew->workers().Each(parts, one);
  for (uint64_t i = 0; i < parts; ++i) one(0, i);
}
template <typename Context, typename Fn>
void ForParts(const Context& context, uint64_t n, Fn fn) {
  ForParts(context, n, context.arena.part(), fn);
}

// The same where each element has `bits` of a dealt vector, whose correction is a stream that one
// thread reads or writes: `source`, a Dealt or a DealTarget, is asked for some parts at once, and
// fn(context, source, first, count) finds there what is its own. Parts begin on a byte and hold
// some 64 KiB of the vector, unless that is less than an element. `from`: the first element.
template <typename Context, typename Source, typename Fn>
void ForDealtParts(const Context& context, const Source& source, uint64_t n, uint64_t bits, Fn fn,
                   uint64_t from = 0) {
  constexpr uint64_t kPartBytes = 64 << 10;
  constexpr uint64_t kPartsAtOnce = 4;  // of each thread
  const uint64_t least = 8 / std::gcd(bits, uint64_t{8});
  const uint64_t some = std::min(context.arena.part(), kPartBytes * 8 / bits);
  const uint64_t part = std::max(least, some / least * least);
  const bool streams = context.HasCorrections() && source.corrections;
  const uint64_t at_once = !streams       ? n
                           : context.crew ? part * kPartsAtOnce * context.crew->workers().threads()
                                          : part;
  for (uint64_t begin = 0; begin < n; begin += at_once) {
    const uint64_t size = std::min(at_once, n - begin);
    const Source window =
        streams ? source.Window((from + begin) * bits / 8, (size * bits + 7) / 8) : source;
    ForParts(context, size, part, [&](Context& own, uint64_t first, uint64_t count) {
      fn(own, window, from + begin + first, count);
    });
  }
}

}  // namespace mpcc::protocol

#endif  // MPCC_RUNTIME_PROTOCOL_CREW_H_
