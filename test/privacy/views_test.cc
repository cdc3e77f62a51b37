// SPDX-License-Identifier: Apache-2.0
// What P1 and P2 receive is uniform and independent, whatever input and model are and whatever
// they do themselves; and what a deviating P1 gains.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <thread>

#include "mpcc/memory_channel.h"
#include "runtime/base/status_matchers.h"
#include "runtime/engine/test_program.h"
#include "runtime/engine/weights.h"
#include "test/privacy/view_maker.h"

namespace mpcc::privacy {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr uint64_t kViews = 1024, kFewer = 512;

NamedTensors Ids(std::vector<int64_t> ids) {
  return {{"input_ids", {{static_cast<uint32_t>(ids.size())}, std::move(ids)}}};
}
const NamedTensors kInputs[] = {Ids({0, 0}), Ids({4, 3})};

// Every opcode; another model has other constants of P0's, at random.
Plans EveryOpcode(int model) {
  const TestPlans plans = engine::EveryOpcodeProgram();
  Plans loaded;
  for (int party = 0; party < 3; ++party) loaded[party] = *plans.Load(party);
  if (model == 0) return loaded;
  std::mt19937_64 random(model);
  std::vector<uint8_t> section(plans.constants(0).begin(), plans.constants(0).end());
  for (const plan::Constant& constant : loaded[0]->plan().constants())
    for (uint64_t i = 0; i < constant.bytes(); i += 2) {  // all of 16 bits
      EXPECT_EQ(constant.width(), 16u);
      const auto number = static_cast<uint16_t>(random());
      std::memcpy(&section[constant.offset() + i], &number, sizeof(number));
    }
  loaded[0] = *LoadedPlan::FromMemory(loaded[0]->plan(), section);
  return loaded;
}

Views ViewsOf(ViewMaker& maker, const NamedTensors& inputs, uint64_t count = kViews) {
  Views views(maker.parts(), count);
  for (uint64_t sample = 0; sample < count; ++sample) {
    const auto view = maker.View(sample, inputs);
    EXPECT_TRUE(view.ok()) << view.status();
    if (!view.ok()) break;
    views.Set(sample, *view);
  }
  return views;
}

class HonestViews : public ::testing::TestWithParam<std::tuple<int, int, int>> {};

TEST_P(HonestViews, AreUniformAndIndependent) {
  const auto [viewer, input, model] = GetParam();
  ViewMaker maker(EveryOpcode(model), viewer);
  EXPECT_THAT(Suspicions(ViewsOf(maker, kInputs[input])), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(ViewerInputModel, HonestViews,
                         ::testing::Combine(::testing::Values(1, 2), ::testing::Values(0, 1),
                                            ::testing::Values(0, 1)));

// What P1 receives beside openings is the result less its own share: with P1's view fixed, it is
// the same whatever P2's randomness.
TEST(HonestViews, TellTheDataOwnerTheResultAlone) {
  ViewMaker maker(EveryOpcode(0), 1);
  for (uint64_t sample = 0; sample < 50; ++sample) {
    MPCC_ASSERT_OK(maker.View(sample, kInputs[1]).status());
    for (const auto& [name, values] : engine::EveryOpcodeAnswer({4, 3}))
      EXPECT_THAT(std::get<std::vector<float>>(maker.outputs().at(name).values),
                  ::testing::Pointwise(::testing::FloatNear(1e-5), values));
  }
}

class DeviatingViews : public ::testing::TestWithParam<std::tuple<int, Deviation>> {};

TEST_P(DeviatingViews, AreUniformAndIndependentToo) {
  const auto [viewer, deviation] = GetParam();
  const int i = static_cast<int>(deviation) % 2;
  ViewMaker maker(EveryOpcode(i), viewer, deviation);
  EXPECT_THAT(Suspicions(ViewsOf(maker, kInputs[i], kFewer)), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(ViewerDeviation, DeviatingViews,
                         ::testing::Combine(::testing::Values(1, 2),
                                            ::testing::Values(Deviation::kShift, Deviation::kEcho,
                                                              Deviation::kSwap,
                                                              Deviation::kGarbage)));

// Two inferences: the views under one number and those under two.
std::vector<std::string> SuspicionsOfTwo(int viewer, bool one_number) {
  ViewMaker maker(EveryOpcode(0), viewer);
  std::vector<Part> parts;
  for (int inference = 0; inference < 2; ++inference)
    parts.insert(parts.end(), maker.parts().begin(), maker.parts().end());
  Views views(parts, kFewer);
  for (uint64_t sample = 0; sample < kFewer; ++sample) {
    const auto first = maker.View(2 * sample, kInputs[0]);
    const auto second = maker.View(2 * sample + (one_number ? 0 : 1), kInputs[1]);
    uint64_t bits = 0;
    for (const Part& part : maker.parts()) bits += part.bits;
    std::vector<uint8_t> row = *first;
    row.resize((2 * bits + 7) / 8);
    for (uint64_t i = 0; i < bits; ++i)
      row[(bits + i) / 8] |= ((*second)[i / 8] >> i % 8 & 1) << (bits + i) % 8;
    views.Set(sample, row);
  }
  return Suspicions(views);
}

TEST(PlantedLeak, ANumberUsedTwiceIsFound) {
  for (const int viewer : {1, 2}) {
    EXPECT_THAT(SuspicionsOfTwo(viewer, false), IsEmpty());
    EXPECT_THAT(SuspicionsOfTwo(viewer, true), Contains(HasSubstr("tell each other")));
  }
}

// As uniformity.h says.
TEST(PlantedLeak, ALeanOfOneBitIsFound) {
  const auto found = [](auto plant) {
    Views views({{"first", 64}, {"second", 192}}, kViews);
    std::mt19937_64 random(5);
    for (uint64_t i = 0; i < kViews; ++i) {
      std::vector<uint8_t> row(32);
      for (uint8_t& byte : row) byte = static_cast<uint8_t>(random());
      plant(row, random);
      views.Set(i, row);
    }
    return Suspicions(views);
  };
  EXPECT_THAT(found([](auto&, auto&) {}), IsEmpty());
  EXPECT_THAT(found([](auto& row, auto& random) { row[9] |= random() % 5 == 0 ? 4 : 0; }),
              Contains(HasSubstr("bit 74 of second")));
  EXPECT_THAT(found([](auto& row, auto&) { row[20] = row[3]; }),
              Contains(HasSubstr("bits 24 and 160 tell each other")));
  EXPECT_THAT(found([](auto& row, auto& random) {
                if (random() % 2 == 0) row[5] = row[2];
              }),
              Contains(HasSubstr("bits 16 and 40")));
  EXPECT_THAT(found([](auto& row, auto& random) {
                for (uint8_t& byte : row) byte |= random() % 5 == 0 ? 1 << random() % 8 : 0;
              }),
              Contains(HasSubstr("all bits of second")));
  EXPECT_THAT(found([](auto& row, auto&) {
                for (size_t i = 8; i < row.size(); ++i)
                  if (row[i] == 17 || row[i] == 20 || row[i] == 23) row[i] = 18;
              }),
              Contains(HasSubstr("bytes of second")));
}

// x W1, opened, times W2, revealed.
struct TwoLayers {
  static constexpr int kHidden = 3, kOut = 4;
  std::vector<uint64_t> second = {1, 2, 3, 4, 50, 60, 70, 80, 900, 1000, 1100, 1200};
  Plans plans;

  TwoLayers() {
    TestPlans p;
    const TestPlans::Out real{plan::LOCAL, 0, {1, 2}, plan::F32}, ring{plan::LOCAL, 16, {1, 2}};
    const TestValue x = p.Emit1(plan::LOCAL_ARGUMENT, {}, real, {.ints = {0, 0}, .name = "x"});
    const TestValue in =
        p.Emit1(plan::INPUT, {p.Emit1(plan::LOCAL_ENCODE, {x}, ring, {.ints = {0}})},
                {plan::RSS, 16, {1, 2}}, {.streams = 1});
    const TestValue hidden = Linear(p, in, {2, kHidden}, {7, 8, 9, 10, 11, 12});
    const TestValue open =
        p.Emit1(plan::RESHARE, {hidden}, {plan::RSS, 16, {1, kHidden}}, {.streams = 1});
    const TestValue y = p.Emit1(plan::REVEAL, {Linear(p, open, {kHidden, kOut}, second)},
                                {plan::LOCAL, 16, {1, kOut}}, {});
    p.Emit(plan::LOCAL_OUTPUT, {y}, {}, {.ints = {0}, .name = "y"});
    p.Finish();
    for (int party = 0; party < 3; ++party) plans[party] = *p.Load(party);
  }

  static TestValue Linear(TestPlans& p, const TestValue& in, const std::vector<uint32_t>& shape,
                          const std::vector<uint64_t>& values) {
    const uint32_t weight = p.Weight(16, shape, values);
    return p.Emit1(plan::LINEAR, {in}, {plan::ADD, 16, {1, shape[1]}},
                   {.streams = 1, .constants = {{{weight}, {}, {}}}, .shared = {weight}});
  }
};

// P1 adds 1 to one hidden number that is opened, at P2 and at itself.
class ShiftingOwner : public Channel {
 public:
  ShiftingOwner(std::unique_ptr<Channel> channel, int element)
      : Channel("P2"), channel_(std::move(channel)), element_(element) {}

 private:
  absl::Status Transfer(std::span<const uint8_t> send, std::span<uint8_t> recv) override {
    std::vector<uint8_t> sent(send.begin(), send.end());
    const bool opening = !send.empty() && !recv.empty();
    if (opening) AddOne(sent);
    const absl::Status status = channel_->Exchange(sent, recv);
    if (opening) AddOne(recv);
    return status;
  }
  absl::Status SendKeepAlive() override { return channel_->KeepAlive(); }
  void AddOne(std::span<uint8_t> numbers) const {
    uint16_t number;
    std::memcpy(&number, &numbers[2 * element_], sizeof(number));
    ++number;
    std::memcpy(&numbers[2 * element_], &number, sizeof(number));
  }

  std::unique_ptr<Channel> channel_;
  int element_;
};

// This is what docs/threat-model.md says that P1 gains.
TEST(DeviatingDataOwner, SeesAColumnOfWeightsForEachOpeningThatItShifts) {
  const TwoLayers model;
  const NamedTensors inputs = {{"x", {{1, 2}, std::vector<float>{3, 5}}}};
  const auto ask = [&](int element) {
    const uint8_t one[16] = {1}, two[16] = {2}, three[16] = {3};
    Prg setup(one);
    MemoryPieces weights, dealt;
    EXPECT_TRUE(engine::DealWeights(*model.plans[0], setup, weights).ok());
    const SecureBuffer corrections = weights.Whole();
    engine::DealRun dealer(*engine::PreparedPlan::ForModelOwner(model.plans[0]), 0);
    EXPECT_TRUE(dealer.Deal(Prg(two), Prg(three), dealt).ok());
    engine::DataOwnerRun owner(*engine::PreparedPlan::ForDataOwner(model.plans[1], Prg(one)), 0);
    engine::AssistantRun assistant(
        *engine::PreparedPlan::ForAssistant(model.plans[2], corrections.span()), 0);
    MPCC_EXPECT_OK(owner.Begin(inputs));
    auto [end1, end2] = MakeMemoryChannelPair();
    std::jthread thread([&, end = std::move(end2)] {
      MPCC_EXPECT_OK(assistant.Assist(Prg(three), *end, dealt).status());
    });
    std::unique_ptr<Channel> end = std::move(end1);
    if (element >= 0) end = std::make_unique<ShiftingOwner>(std::move(end), element);
    MPCC_EXPECT_OK(owner.Finish(Prg(two), *end).status());
    return std::get<std::vector<float>>(owner.outputs().at("y").values);
  };
  const std::vector<float> honest = ask(-1);
  for (int element = 0; element < TwoLayers::kHidden; ++element) {
    const std::vector<float> shifted = ask(element);
    for (int j = 0; j < TwoLayers::kOut; ++j)
      EXPECT_EQ(shifted[j] - honest[j],
                static_cast<float>(model.second[element * TwoLayers::kOut + j]));
  }
}

}  // namespace
}  // namespace mpcc::privacy
