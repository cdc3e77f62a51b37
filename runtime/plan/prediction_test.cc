// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/prediction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/plan/test_plans.h"

namespace mpcc {
namespace {

using ::testing::Contains;
using ::testing::DoubleEq;
using ::testing::Pair;

// input 2x3, a weight of 3x5, its result opened and revealed: three rounds.
TestPlans Product() {
  TestPlans p(4);
  const auto local = [](plan::ElementType type, uint32_t width, std::vector<uint32_t> shape) {
    return TestPlans::Out{plan::LOCAL, width, std::move(shape), type};
  };
  const TestValue x =
      p.Emit1(plan::LOCAL_ARGUMENT, {}, local(plan::F32, 0, {2, 3}), {.ints = {0, 0}, .name = "x"});
  const TestValue ring =
      p.Emit1(plan::LOCAL_ENCODE, {x}, local(plan::RING, 8, {2, 3}), {.ints = {4}});
  const TestValue shared = p.Emit1(plan::INPUT, {ring}, {plan::RSS, 8, {2, 3}}, {.streams = 1});
  const uint32_t weight = p.Weight(8, {3, 5}, std::vector<uint64_t>(15, 1));
  const TestValue y = p.Emit1(plan::LINEAR, {shared}, {plan::ADD, 8, {2, 5}},
                              {.streams = 1, .constants = {{{0}, {}, {}}}, .shared = {weight}});
  const TestValue open = p.Emit1(plan::RESHARE, {y}, {plan::RSS, 8, {2, 5}}, {.streams = 1});
  const TestValue again = p.Emit1(plan::OPEN_FREE, {open}, {plan::ADD, 8, {2, 5}}, {});
  const TestValue out = p.Emit1(plan::REVEAL, {again}, local(plan::RING, 8, {2, 5}), {});
  p.Emit(plan::LOCAL_OUTPUT, {out}, {}, {.ints = {0}, .name = "y"});
  p.Finish();
  return p;
}

class PredictionTest : public testing::Test {
 protected:
  const plan::Plan& plan(int party) { return loaded(party)->plan(); }
  const plan::Program& program(int party) { return plan(party).programs(0); }

  PredictedTime Predict(int party, const NetworkProfile& network, const MachineProfile& machine) {
    PredictedTime total;
    for (const PredictedTime& layer : PredictLayers(plan(party), program(party), network, machine))
      total += layer;
    return total;
  }

 private:
  std::shared_ptr<const LoadedPlan> loaded(int party) {
    if (!loaded_[party]) loaded_[party] = plans_.Load(party).value();
    return loaded_[party];
  }

  TestPlans plans_ = Product();
  std::array<std::shared_ptr<const LoadedPlan>, 3> loaded_;
};

// 6 + 10 bytes to P2, 10 + 10 to P1, 16 of material: 10 bytes, rounded up to 8.
constexpr NetworkProfile kSlow{
    .round_trip_seconds = 0.2, .online_bits_per_second = 8, .offline_bits_per_second = 16};

TEST_F(PredictionTest, ANetworkAloneTakesRoundsAndTheWayWithMoreBytes) {
  for (int party : {0, 1, 2}) {
    const PredictedTime time = Predict(party, kSlow, {});
    EXPECT_DOUBLE_EQ(time.exchange_seconds, party == 0 ? 0 : 3 * 0.1 + 20);
    EXPECT_DOUBLE_EQ(time.offline_seconds, 16.0 * 8 / 16);
    EXPECT_EQ(time.compute_seconds, 0);
  }
}

TEST_F(PredictionTest, AMachineIsTheLimitOfAFastNetwork) {
  const MachineProfile machine{.seconds_per_exchange = 7, .deal_seconds_per_byte = 2};
  const PredictedTime time = Predict(2, NetworkProfile(), machine);
  EXPECT_DOUBLE_EQ(time.exchange_seconds, 21);
  EXPECT_DOUBLE_EQ(time.offline_seconds, 32);
}

TEST_F(PredictionTest, WorkIsMultiplicationsOrBytes) {
  const auto work = WorkByOpcode(plan(2), program(2));
  EXPECT_THAT(work, Contains(Pair("linear", DoubleEq(2 * 5 * 3))));
  EXPECT_THAT(work, Contains(Pair("open_free", DoubleEq(20 + 10))));
  EXPECT_THAT(work, Contains(Pair("reshare", DoubleEq(10 + 20)))) << "masked and packed";
}

// What was measured with a program is what is predicted for it.
TEST_F(PredictionTest, AMachineMeasuredWithAProgramPredictsIt) {
  const MeasuredRun run{.exchange_seconds = 6,
                        .deal_seconds = 4,
                        .seconds_by_opcode = {{"linear", 0.5}, {"reshare", 0.25}, {"lut", 9}}};
  const MachineProfile machine = MeasuredMachine(plan(2), program(2), run);
  const PredictedTime time = Predict(2, NetworkProfile(), machine);
  EXPECT_DOUBLE_EQ(time.compute_seconds, 0.75);
  EXPECT_DOUBLE_EQ(time.exchange_seconds, 6);
  EXPECT_DOUBLE_EQ(time.online_seconds(), 6.75);
  EXPECT_DOUBLE_EQ(time.offline_seconds, 4);
}

}  // namespace
}  // namespace mpcc
