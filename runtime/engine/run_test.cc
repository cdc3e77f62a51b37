// SPDX-License-Identifier: Apache-2.0
#include "runtime/engine/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <thread>

#include "mpcc/memory_channel.h"
#include "runtime/crypto/sha256.h"
#include "runtime/engine/test_program.h"
#include "runtime/engine/weights.h"
#include "runtime/net/wrapping_channel.h"
#include "runtime/plan/program_cost.h"

namespace mpcc::engine {
namespace {

using ::testing::HasSubstr;

Prg Key(uint8_t number) {
  uint8_t key[16] = {number, 77};
  return Prg(key);
}

// Hashes what passes, as P1 sees it.
class HashingChannel : public WrappingChannel {
 public:
  HashingChannel(std::unique_ptr<Channel> channel, Sha256& hash)
      : WrappingChannel(std::move(channel)), hash_(hash) {}

 private:
  absl::Status Transfer(std::span<const uint8_t> send, std::span<uint8_t> recv) override {
    hash_.Update(send);
    const absl::Status status = recv.empty()   ? inner().Send(send)
                                : send.empty() ? inner().Recv(recv)
                                               : inner().Exchange(send, recv);
    hash_.Update(recv);
    return status;
  }

  Sha256& hash_;
};

// Three parties in this process, set up from fixed keys.
class Parties {
 public:
  explicit Parties(const TestPlans& plans, int threads = 1) {
    const auto workers = std::make_shared<Workers>(threads);
    std::shared_ptr<const LoadedPlan> loaded[3];
    for (int party = 0; party < 3; ++party) {
      auto plan = plans.Load(party);
      EXPECT_TRUE(plan.ok()) << "party " << party << ": " << plan.status();
      loaded[party] = *plan;
    }
    Prg setup = Key(1);
    MemoryPieces pieces;
    EXPECT_TRUE(DealWeights(*loaded[0], setup, pieces).ok());
    const SecureBuffer corrections = pieces.Whole();
    p0 = std::make_unique<DealRun>(*PreparedPlan::ForModelOwner(loaded[0]), 0, workers);
    p1 = std::make_unique<DataOwnerRun>(*PreparedPlan::ForDataOwner(loaded[1], std::move(setup)), 0,
                                        workers);
    p2 = std::make_unique<AssistantRun>(*PreparedPlan::ForAssistant(loaded[2], corrections.span()),
                                        0, workers);
  }

  // One inference; `number` stands for the keys.
  NamedTensors Infer(uint8_t number, const NamedTensors& inputs) {
    MemoryPieces corrections;
    auto deal = p0->Deal(Key(10 + number), Key(100 + number), corrections, piece_bytes);
    EXPECT_TRUE(deal.ok()) << deal.status();
    transcript.Update(std::as_const(corrections).Whole().span());
    auto [end1, c2] = MakeMemoryChannelPair();
    std::unique_ptr<Channel> c1 = std::make_unique<HashingChannel>(std::move(end1), transcript);
    std::thread assistant(
        [&, c2 = std::move(c2)] { stats2 = p2->Assist(Key(100 + number), *c2, corrections); });
    if (const absl::Status begun = p1->Begin(inputs); begun.ok())
      stats1 = p1->Finish(Key(10 + number), *c1);
    else
      stats1 = begun;
    c1.reset();
    assistant.join();
    return p1->outputs();
  }

  std::unique_ptr<DealRun> p0;
  std::unique_ptr<DataOwnerRun> p1;
  std::unique_ptr<AssistantRun> p2;
  absl::StatusOr<RunStats> stats1, stats2;
  uint64_t piece_bytes = kPieceBytes;
  Sha256 transcript;  // of material, and of what P1 sends and receives
};

NamedTensors Ids(std::vector<int64_t> ids) {
  return {{"input_ids", {{static_cast<uint32_t>(ids.size())}, std::move(ids)}}};
}

TEST(Run, EveryOpcodeOccursInTheTestProgram) {
  TestPlans plans = EveryOpcodeProgram();
  std::set<int> seen;
  for (int party = 0; party < 3; ++party)
    for (const plan::Step& step : plans.plan(party).programs(0).steps()) seen.insert(step.opcode());
  for (const OpcodeInfo& info : AllOpcodes()) {
    EXPECT_TRUE(seen.contains(info.opcode)) << info.name;
    for (PartyId party : kAllParties) {
      const bool here = info.at[PartyIndex(party)].inputs != kNotHere;
      EXPECT_TRUE(!here || FindStepRow(party, info.opcode))
          << info.name << " at " << PartyName(party);
    }
  }
}

TEST(Run, ThreePartiesComputeTheModelsAnswer) {
  Parties parties(EveryOpcodeProgram());
  for (uint8_t number = 0; number < 20; ++number) {
    const std::vector<int64_t> ids = {number % 5, (number / 5 + 2) % 5};
    const NamedTensors outputs = parties.Infer(number, Ids(ids));
    ASSERT_TRUE(parties.stats1.ok()) << parties.stats1.status();
    ASSERT_TRUE(parties.stats2.ok()) << parties.stats2.status();
    const auto answer = EveryOpcodeAnswer(ids);
    ASSERT_EQ(outputs.size(), answer.size());
    for (const auto& [name, values] : answer) {
      const auto& got = std::get<std::vector<float>>(outputs.at(name).values);
      EXPECT_THAT(got, ::testing::Pointwise(::testing::FloatNear(1e-5), values)) << name;
    }
  }
}

TEST(Run, PiecesOfAnySizeAreTheSameMaterial) {
  Parties parties(EveryOpcodeProgram());
  MemoryPieces whole;
  ASSERT_TRUE(parties.p0->Deal(Key(11), Key(101), whole).ok());
  ASSERT_EQ(whole.pieces().size(), 1u);
  const NamedTensors answer = parties.Infer(1, Ids({1, 4}));
  for (uint64_t bytes : {1, 3, 8, 37, 200, 4096}) {
    MemoryPieces pieces;
    ASSERT_TRUE(parties.p0->Deal(Key(11), Key(101), pieces, bytes).ok());
    EXPECT_EQ(pieces.pieces()[0].size(), std::min(bytes, parties.p0->program().material_size()));
    EXPECT_TRUE(std::ranges::equal(pieces.Whole().span(), whole.Whole().span())) << bytes;
    parties.piece_bytes = bytes;
    const NamedTensors again = parties.Infer(1, Ids({1, 4}));
    ASSERT_TRUE(parties.stats2.ok()) << parties.stats2.status();
    for (const auto& [name, tensor] : answer)
      EXPECT_TRUE(tensor.values == again.at(name).values) << name << ", pieces of " << bytes;
  }
}

TEST(Run, TheNumberOfThreadsChangesNoByte) {
  constexpr uint32_t kMany = 100'000;
  const NamedTensors many = {{"x", {{kMany}, std::vector<float>(kMany, 3)}}};
  const std::pair<TestPlans, NamedTensors> cases[] = {
      {EveryOpcodeProgram(), Ids({1, 4})}, {TableProgram(kMany), many}, {BitsProgram(kMany), many}};
  for (const auto& [plans, inputs] : cases) {
    std::optional<Sha256Digest> alone;
    for (int threads : {1, 2, 3, 7}) {
      Parties parties(plans, threads);
      parties.Infer(1, inputs);
      ASSERT_TRUE(parties.stats1.ok() && parties.stats2.ok()) << parties.stats1.status();
      const Sha256Digest digest = parties.transcript.Finish();
      if (!alone) alone = digest;
      EXPECT_EQ(digest, *alone) << threads << " threads";
    }
  }
}

TEST(Run, ThreadsComputeTheModelsAnswer) {
  for (int threads : {2, 7}) {
    Parties parties(BitsProgram(70'000), threads);
    std::vector<float> x(70'000);
    for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 128);
    const NamedTensors outputs = parties.Infer(1, {{"x", {{70'000}, x}}});
    const auto& y = std::get<std::vector<float>>(outputs.at("y").values);
    ASSERT_EQ(y.size(), x.size());
    for (size_t i = 0; i < y.size(); ++i)
      ASSERT_EQ(y[i], i % 128 % 2 == 0 ? 0 : i % 16 == 5 ? 1 : 4) << i;
  }
}

// P1 puts in "x", of 0 and -1, and bits that are a constant of its plan; reshaped twice, their sum
// and 1 is its answer.
TestPlans ConstantBits(const std::vector<uint64_t>& bits) {
  TestPlans plans;
  const auto n = static_cast<uint32_t>(bits.size());
  const auto out = [](plan::WireKind kind, std::vector<uint32_t> shape) {
    return TestPlans::Out{kind, 1, std::move(shape)};
  };
  const uint32_t constant = plans.RingConstant(1, 1, {n}, bits);
  const TestValue k = plans.Emit1(plan::LOCAL_CONSTANT, {}, out(plan::LOCAL, {n}),
                                  {.constants = {{{}, {constant}, {}}}});
  const TestValue x = plans.Emit1(plan::LOCAL_ARGUMENT, {}, {plan::LOCAL, 0, {n}, plan::F32},
                                  {.ints = {0, 0}, .name = "x"});
  const TestValue encoded =
      plans.Emit1(plan::LOCAL_ENCODE, {x}, out(plan::LOCAL, {n}), {.ints = {0}});
  const auto in = plans.Emit(plan::INPUT, {k, encoded}, {out(plan::RSS, {n}), out(plan::RSS, {n})},
                             {.streams = 2});
  const TestValue sum = plans.Emit1(plan::ADD_SHARES, in, out(plan::RSS, {n}), {});
  const TestValue rows = plans.Emit1(plan::RESHAPE, {sum}, out(plan::RSS, {3, n / 3}), {});
  const TestValue flat = plans.Emit1(plan::RESHAPE, {rows}, out(plan::RSS, {n}), {});
  const TestValue one = plans.Emit1(plan::ADD_PUBLIC, {flat}, out(plan::RSS, {n}), {.ints = {1}});
  const TestValue open = plans.Emit1(plan::OPEN_FREE, {one}, out(plan::ADD, {n}), {});
  const TestValue y = plans.Emit1(plan::REVEAL, {open}, out(plan::LOCAL, {n}), {});
  plans.Emit(plan::LOCAL_OUTPUT, {y}, {}, {.ints = {0}, .name = "y"});
  plans.Finish();
  return plans;
}

// Results of RESHAPE and ADD_PUBLIC in the slots of their operands.
void RunInPlace(plan::Program& program) {
  for (const plan::Step& step : program.steps()) {
    if (step.opcode() != plan::RESHAPE && step.opcode() != plan::ADD_PUBLIC) continue;
    plan::Wire& result = *program.mutable_wires(static_cast<int>(step.outputs(0)));
    program.set_slot_bytes(static_cast<int>(result.slot()), 0);
    result.set_slot(program.wires(static_cast<int>(step.inputs(0))).slot());
  }
}

TEST(Run, BitsOfAConstantAreAnInputAndChangeInPlace) {
  std::vector<uint64_t> bits(33);
  std::vector<float> x(bits.size());
  for (size_t i = 0; i < bits.size(); ++i) {
    bits[i] = i % 5 % 2;
    x[i] = i % 3 ? 0 : -1;
  }
  for (const bool in_place : {false, true}) {
    TestPlans plans = ConstantBits(bits);
    if (in_place)
      for (int party = 0; party < 3; ++party) RunInPlace(*plans.plan(party).mutable_programs(0));
    Parties parties(plans);
    const NamedTensors outputs = parties.Infer(1, {{"x", {{33}, x}}});
    ASSERT_TRUE(parties.stats1.ok() && parties.stats2.ok()) << parties.stats1.status();
    const auto& y = std::get<std::vector<float>>(outputs.at("y").values);
    ASSERT_EQ(y.size(), bits.size());
    for (size_t i = 0; i < y.size(); ++i)
      EXPECT_EQ(y[i], (bits[i] != 0) == (x[i] != 0) ? -1 : 0) << i;
  }
}

// Counted, not measured: what a run holds beside its wires does not grow with its material.
TEST(Run, HoldsAPieceOfMaterialAndNoMore) {
  for (uint32_t elements : {24'000, 200'000}) {
    const TestPlans plans = TableProgram(elements);
    Parties parties(plans);
    MemoryPieces material;
    const auto dealt = parties.p0->Deal(Key(11), Key(101), material);
    ASSERT_TRUE(dealt.ok()) << dealt.status();
    parties.Infer(1, {{"x", {{elements}, std::vector<float>(elements, 1)}}});
    ASSERT_TRUE(parties.stats1.ok() && parties.stats2.ok());
    const absl::StatusOr<RunStats>* const stats[] = {&dealt, &parties.stats1, &parties.stats2};
    const engine::Run* const runs[] = {parties.p0.get(), parties.p1.get(), parties.p2.get()};
    for (int party = 0; party < 3; ++party) {
      uint64_t wires = 0;
      for (uint64_t bytes : runs[party]->program().slot_bytes()) wires += bytes + 128;
      EXPECT_GE((*stats[party])->held_bytes, wires / 2) << "party " << party;
      EXPECT_LE((*stats[party])->held_bytes, wires + (5 << 19)) << "party " << party;
    }
  }
}

// Ends after some bytes.
class CutSource : public PieceSource {
 public:
  explicit CutSource(std::span<const uint8_t> bytes) : bytes_(bytes) {}
  absl::StatusOr<std::span<const uint8_t>> Next() override {
    if (bytes_.empty()) return absl::UnavailableError("P0 closed the connection");
    return std::exchange(bytes_, {});
  }

 private:
  std::span<const uint8_t> bytes_;
};

TEST(Run, MaterialThatEndsTooSoonEndsTheRunBeforeTheNextMessage) {
  TestPlans plans = EveryOpcodeProgram();
  Parties parties(plans);
  MemoryPieces pieces;
  ASSERT_TRUE(parties.p0->Deal(Key(11), Key(101), pieces).ok());
  const SecureBuffer whole = pieces.Whole();
  for (const plan::Correction& correction : plans.plan(2).programs(0).corrections()) {
    auto [c1, c2] = MakeMemoryChannelPair();
    CutSource cut(whole.span().first(correction.offset()));
    std::thread assistant(
        [&, c2 = std::move(c2)] { parties.stats2 = parties.p2->Assist(Key(101), *c2, cut); });
    ASSERT_TRUE(parties.p1->Begin(Ids({1, 4})).ok());
    parties.stats1 = parties.p1->Finish(Key(11), *c1);
    assistant.join();
    EXPECT_THAT(std::string(parties.stats2.status().message()),
                HasSubstr("P0 closed the connection"));
    EXPECT_EQ(parties.stats1.status().code(), absl::StatusCode::kUnavailable);
  }
}

TEST(Run, MeasuresWhatThePlanPredicts) {
  TestPlans plans = EveryOpcodeProgram();
  Parties parties(plans);
  parties.Infer(1, Ids({1, 2}));
  ASSERT_TRUE(parties.stats1.ok() && parties.stats2.ok());
  const plan::Program& program = plans.plan(2).programs(0);
  Cost predicted = CostFromProto(program.cost());
  predicted.setup_bytes = 0;
  EXPECT_EQ(parties.stats2->total, predicted);
  EXPECT_EQ(predicted.material_bytes,
            CostFromProto(plans.plan(0).programs(0).cost()).material_bytes);
  predicted.material_bytes = 0;
  EXPECT_EQ(parties.stats1->total, predicted);
  EXPECT_GT(predicted.rounds, 5u);
}

TEST(Run, AnIdOutsideTheTableIsRefusedBeforeAnyMessage) {
  Parties parties(EveryOpcodeProgram());
  parties.Infer(1, Ids({1, 5}));
  EXPECT_EQ(parties.stats1.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(parties.stats1.status().message()),
              HasSubstr("id 5 is outside a table of 5 rows"));
  EXPECT_EQ(parties.stats2.status().code(), absl::StatusCode::kUnavailable);
}

TEST(Run, AMissingOrMisshapenInputIsNamed) {
  Parties parties(EveryOpcodeProgram());
  parties.Infer(1, {});
  EXPECT_THAT(std::string(parties.stats1.status().message()),
              HasSubstr("input \"input_ids\" is missing"));
  parties.Infer(2, Ids({1, 2, 3}));
  EXPECT_THAT(std::string(parties.stats1.status().message()), HasSubstr("3 I64 values, 2"));
}

TEST(Run, InputsThatAreNoNumbersAreNamedAndOthersSaturate) {
  TestPlans plans;
  const TestPlans::Out real{plan::LOCAL, 0, {3}, plan::F32}, ring{plan::LOCAL, 8, {3}};
  const TestValue x = plans.Emit1(plan::LOCAL_ARGUMENT, {}, real, {.ints = {0, 0}, .name = "mask"});
  const TestValue encoded = plans.Emit1(plan::LOCAL_ENCODE, {x}, ring, {.ints = {2}});
  const TestValue shared = plans.Emit1(plan::INPUT_LOCAL, {encoded}, {plan::ADD, 8, {3}}, {});
  const TestValue open = plans.Emit1(plan::REVEAL, {shared}, ring, {});
  plans.Emit(plan::LOCAL_OUTPUT, {open}, {}, {.ints = {2}, .name = "y"});
  plans.Finish();
  Parties parties(plans);
  const auto outputs =
      parties.Infer(1, {{"mask", {{3}, std::vector<float>{-3.4e38f, INFINITY, 0.25f}}}});
  EXPECT_THAT(std::get<std::vector<float>>(outputs.at("y").values),
              ::testing::ElementsAre(-32, 31.75, 0.25));
  parties.Infer(2, {{"mask", {{3}, std::vector<float>{0, NAN, 0}}}});
  EXPECT_THAT(std::string(parties.stats1.status().message()),
              HasSubstr("input \"mask\" is not a number at element 1"));
}

// A wire of one party as the observer sees it.
struct Seen {
  int width;
  std::vector<uint64_t> first, second;
};

std::vector<uint64_t> Elements(std::span<const uint8_t> lanes, int width) {
  const size_t lane = LaneBytes(width);
  std::vector<uint64_t> elements(lanes.size() / lane);
  for (size_t i = 0; i < elements.size(); ++i)
    std::memcpy(&elements[i], lanes.data() + i * lane, lane);
  return elements;
}

// Appends the wires of one kind in the order in which they are written. That order is the same at
// all parties; the numbers of the wires are not.
WireObserver Collect(plan::WireKind kind, std::vector<Seen>* seen) {
  return [=](uint32_t, const plan::Wire& wire, auto first, auto second) {
    const int width = static_cast<int>(wire.width());
    if (wire.kind() == kind)
      seen->push_back({width, Elements(first, width), Elements(second, width)});
  };
}

TEST(Run, TheObserverSeesComponentsThatAgree) {
  Parties parties(EveryOpcodeProgram());
  std::vector<Seen> masks, p1, p2;
  parties.p0->SetObserver(Collect(plan::MASK, &masks));
  parties.p1->SetObserver(Collect(plan::RSS, &p1));
  parties.p2->SetObserver(Collect(plan::RSS, &p2));
  parties.Infer(3, Ids({1, 2}));
  ASSERT_GT(p1.size(), 5u);
  ASSERT_EQ(p1.size(), p2.size());
  ASSERT_EQ(p1.size(), masks.size());
  for (size_t wire = 0; wire < p1.size(); ++wire) {
    EXPECT_EQ(p1[wire].first, p2[wire].first) << "wire " << wire;
    EXPECT_EQ(p1[wire].second, masks[wire].first) << "wire " << wire;
    EXPECT_EQ(p2[wire].second, masks[wire].second) << "wire " << wire;
  }
  std::vector<uint64_t> input;  // x = m - L1 - L2
  for (size_t i = 0; i < p1[0].first.size(); ++i)
    input.push_back(Reduce(p1[0].first[i] - p1[0].second[i] - p2[0].second[i], p1[0].width));
  EXPECT_THAT(input, ::testing::ElementsAre(4, 5, 6, 7, 8, 9)) << "rows 1 and 2 of the table";
}

}  // namespace
}  // namespace mpcc::engine
