// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include "absl/strings/ascii.h"
#include "runtime/net/test_directory.h"
#include "runtime/plan/opcodes.h"
#include "runtime/plan/plan_file.h"
#include "runtime/plan/plan_validator.h"
#include "runtime/plan/shape_rules.h"
#include "runtime/plan/test_plans.h"

namespace mpcc {
namespace {

using ::testing::HasSubstr;

// ids -> encode -> input -> linear -> reshare -> lut -> reveal -> output.
TestPlans SmallProgram() {
  TestPlans p(4);
  const auto local = [](uint32_t width, std::vector<uint32_t> shape,
                        plan::ElementType type = plan::RING) {
    return TestPlans::Out{plan::LOCAL, width, std::move(shape), type};
  };
  const TestValue x =
      p.Emit1(plan::LOCAL_ARGUMENT, {}, local(0, {2, 3}, plan::F32), {.ints = {0, 0}, .name = "x"});
  const TestValue ring = p.Emit1(plan::LOCAL_ENCODE, {x}, local(8, {2, 3}), {.ints = {4}});
  const TestValue shared = p.Emit1(plan::INPUT, {ring}, {plan::RSS, 8, {2, 3}}, {.streams = 1});
  const uint32_t weight = p.Weight(8, {3, 5}, std::vector<uint64_t>(15, 1));
  const TestValue y = p.Emit1(plan::LINEAR, {shared}, {plan::ADD, 8, {2, 5}},
                              {.streams = 1, .constants = {{{0}, {}, {}}}, .shared = {weight}});
  const TestValue open = p.Emit1(plan::RESHARE, {y}, {plan::RSS, 8, {2, 5}}, {.streams = 1});
  const uint32_t table = p.RingConstant(0, 12, {1, 16}, std::vector<uint64_t>(16, 7));
  const TestValue z = p.Emit1(plan::LUT, {open}, {plan::ADD, 12, {2, 5}},
                              {.ints = {4, 4}, .streams = 1, .constants = {{{table}, {}, {}}}});
  const TestValue out = p.Emit1(plan::REVEAL, {z}, local(12, {2, 5}), {});
  p.Emit(plan::LOCAL_OUTPUT, {out}, {}, {.ints = {0}, .name = "y"});
  p.Finish();
  return p;
}

TEST(Opcodes, EveryNumberOfTheFormatHasItsRow) {
  const auto* numbers = plan::Opcode_descriptor();
  const size_t count = numbers->value_count() - 1;  // behind OPCODE_UNSPECIFIED
  for (size_t i = 0; i < count; ++i) {
    const auto* number = numbers->value(static_cast<int>(i) + 1);
    ASSERT_LT(i, AllOpcodes().size()) << number->name() << " has no row";
    ASSERT_EQ(AllOpcodes()[i].opcode, number->number()) << number->name() << " has no row here";
    EXPECT_EQ(absl::AsciiStrToUpper(AllOpcodes()[i].name), number->name());
  }
  EXPECT_EQ(AllOpcodes().size(), count);
}

TEST(Opcodes, EveryOneHasAShapeRuleAndEveryDealtOneAResult) {
  for (const OpcodeInfo& info : AllOpcodes()) {
    EXPECT_TRUE(HasShapeRule(info.opcode)) << info.name;
    EXPECT_EQ(HasDealtResult(info.opcode), info.family == OpcodeFamily::kDealt) << info.name;
  }
}

TEST(Opcodes, EveryExchangeAndDealtOneHasARowOfTheCostTable) {
  for (const OpcodeInfo& info : AllOpcodes()) {
    const bool exchange = info.family == OpcodeFamily::kExchange;
    ASSERT_EQ(info.cost.has_value(), exchange || info.family == OpcodeFamily::kDealt) << info.name;
    EXPECT_TRUE(!info.cost || (CostOf(*info.cost).rounds > 0) == exchange) << info.name;
  }
}

TEST(Plan, ASmallProgramIsValidAtEveryParty) {
  const TestPlans plans = SmallProgram();
  for (int party = 0; party < 3; ++party) {
    const auto plan = plans.Load(party);
    EXPECT_TRUE(plan.ok()) << plan.status();
  }
}

plan::Wire WireOf(plan::WireKind kind, uint32_t width, std::vector<int64_t> shape) {
  plan::Wire wire;
  wire.set_kind(kind);
  wire.set_type(plan::RING);
  wire.set_width(width);
  wire.mutable_shape()->Assign(shape.begin(), shape.end());
  return wire;
}

TEST(Layout, WiresOfOneBitLiePacked) {
  EXPECT_EQ(VectorBytes(WireOf(plan::ADD, 1, {3, 341})), 128u);
  EXPECT_EQ(WireBytes(WireOf(plan::RSS, 1, {3, 341})), 256u);
  EXPECT_EQ(WireBytes(WireOf(plan::RSS, 1, {3, 342})), 384u);
  EXPECT_EQ(VectorBytes(WireOf(plan::ADD, 2, {3, 341})), 1023u);
}

TEST(Layout, SlotsOfConstantsAloneTakeNoMemory) {
  plan::Program program;
  const auto add = [&](plan::Opcode opcode, uint32_t slot) {
    auto* step = program.add_steps();
    step->set_opcode(opcode);
    step->add_outputs(static_cast<uint32_t>(program.wires_size()));
    auto* wire = program.add_wires();
    *wire = WireOf(plan::LOCAL, 8, {100});
    wire->set_slot(slot);
  };
  for (int slot = 0; slot < 3; ++slot) program.add_slot_bytes(128);
  add(plan::LOCAL_CONSTANT, 0);
  add(plan::LOCAL_CONSTANT, 1);
  add(plan::LOCAL_ARGUMENT, 1);
  add(plan::LOCAL_ARGUMENT, 2);
  EXPECT_THAT(SlotMemory(program), testing::ElementsAre(0, 128, 128));
}

TEST(Plan, CostsFollowFromTheSteps) {
  TestPlans plans = SmallProgram();
  const plan::Cost& cost = plans.plan(1).programs(0).cost();
  EXPECT_EQ(cost.rounds(), 3u);
  EXPECT_EQ(cost.bytes_p1_to_p2(), 6u + 10u);
  EXPECT_EQ(cost.bytes_p2_to_p1(), 10u + 15u);
  EXPECT_EQ(cost.material_bytes(), 16u + 240u);
  EXPECT_EQ(cost.setup_bytes(), 16u);
  EXPECT_EQ(plans.plan(0).programs(0).cost().material_bytes(), 256u);
}

// Breaks one thing in the plan of a party; the message must say which.
struct Damage {
  const char* name;
  int party;
  std::function<void(plan::Plan&)> apply;
  const char* message;
};

plan::Program& Only(plan::Plan& plan) { return *plan.mutable_programs(0); }

class DamagedPlan : public ::testing::TestWithParam<Damage> {};

TEST_P(DamagedPlan, IsRefusedWithItsPlaceAndReason) {
  TestPlans plans = SmallProgram();
  GetParam().apply(plans.plan(GetParam().party));
  const auto plan = plans.Load(GetParam().party);
  ASSERT_EQ(plan.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(plan.status().message()), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    All, DamagedPlan,
    ::testing::Values(
        Damage{"Party", 1, [](plan::Plan& p) { p.set_party(3); }, "party 3 does not exist"},
        Damage{"SetId", 1, [](plan::Plan& p) { p.set_set_id("x"); }, "plan-set id has 1 bytes"},
        Damage{"Tokenizer", 2, [](plan::Plan& p) { p.set_tokenizer("{}"); },
               "the plan of party 2 has a tokenizer"},
        Damage{"ConstantOutside", 0,
               [](plan::Plan& p) { p.mutable_constants(0)->set_offset(1 << 20); },
               "outside the constant section"},
        Damage{"ConstantUnaligned", 0, [](plan::Plan& p) { p.mutable_constants(0)->set_offset(8); },
               "not a multiple of 64"},
        Damage{"ConstantSize", 0, [](plan::Plan& p) { p.mutable_constants(0)->set_bytes(3); },
               "its shape needs 15"},
        Damage{"ConstantWidth", 0,
               [](plan::Plan& p) {
                 p.mutable_constants(1)->set_width(9);
                 p.mutable_constants(0)->set_width(0);
               },
               "constant 0: width 0"},
        Damage{"SharedShape", 0,
               [](plan::Plan& p) { p.mutable_shared_constants(0)->set_shape(0, 4); },
               "shared constant 0"},
        Damage{"UnknownOpcode", 1,
               [](plan::Plan& p) {
                 Only(p).mutable_steps(2)->set_opcode(static_cast<plan::Opcode>(99));
               },
               "opcode 99 is unknown"},
        Damage{"WrongParty", 2,
               [](plan::Plan& p) { Only(p).mutable_steps(1)->set_opcode(plan::DRAW_MASK); },
               "step 1 (draw_mask): it does not run at party 2"},
        Damage{"MissingInput", 1, [](plan::Plan& p) { Only(p).mutable_steps(3)->clear_inputs(); },
               "step 3 (linear): it has 0 inputs"},
        Damage{"UnknownWire", 1, [](plan::Plan& p) { Only(p).mutable_steps(3)->set_inputs(0, 77); },
               "wire 77 does not exist"},
        Damage{"UsedEarly", 1, [](plan::Plan& p) { Only(p).mutable_steps(1)->set_inputs(0, 3); },
               "wire 3 is used before it is defined"},
        Damage{"DefinedTwice", 1,
               [](plan::Plan& p) { Only(p).mutable_steps(4)->set_outputs(0, 2); }, "step 4"},
        Damage{"SharedSlot", 1, [](plan::Plan& p) { Only(p).mutable_wires(3)->set_slot(2); },
               "shares slot 2 with a wire that is used until step 3"},
        Damage{"SmallSlot", 1, [](plan::Plan& p) { Only(p).set_slot_bytes(2, 64); },
               "wire 2: it needs 128 bytes, slot 2 has 64"},
        Damage{"LargeSlot", 1, [](plan::Plan& p) { Only(p).set_slot_bytes(2, UINT64_MAX); },
               "slot 2 has 18446744073709551615 bytes, its wires need 128"},
        Damage{"Shape", 1, [](plan::Plan& p) { Only(p).mutable_wires(2)->set_shape(1, 4); },
               "step 2 (input)"},
        Damage{"ZeroExtent", 1, [](plan::Plan& p) { Only(p).mutable_wires(2)->set_shape(1, 0); },
               "an extent is zero"},
        Damage{"HugeExtents", 1,
               [](plan::Plan& p) {
                 Only(p).mutable_wires(2)->set_shape(0, UINT32_MAX),
                     Only(p).mutable_wires(2)->set_shape(1, UINT32_MAX);
               },
               "too many elements"},
        Damage{"IndexBits", 1, [](plan::Plan& p) { Only(p).mutable_steps(5)->set_ints(0, 5); },
               "5 index bits above bit 4 of 8"},
        Damage{"Role", 1, [](plan::Plan& p) { Only(p).mutable_steps(0)->set_ints(0, 6); },
               "step 0 (local_argument): the role does not exist"},
        Damage{"Name", 1, [](plan::Plan& p) { Only(p).mutable_steps(0)->set_name("x\x1b"); },
               "step 0 (local_argument): its name has control characters"},
        Damage{"NoName", 1, [](plan::Plan& p) { Only(p).mutable_steps(0)->clear_name(); },
               "step 0 (local_argument): it has no name"},
        Damage{"RoleType", 1, [](plan::Plan& p) { Only(p).mutable_steps(0)->set_ints(0, 1); },
               "ids, types or positions not of i64"},
        Damage{"RoleLength", 1,
               [](plan::Plan& p) {
                 Only(p).mutable_wires(0)->set_type(plan::I64);
                 Only(p).mutable_wires(0)->set_slot(0);
                 Only(p).mutable_steps(0)->set_ints(0, 1);
               },
               "step 0 (local_argument): its ids are not those of 4 tokens"},
        Damage{"Padding", 1, [](plan::Plan& p) { Only(p).mutable_steps(0)->set_ints(1, INT64_MIN); },
               "the padding is out of range"},
        Damage{"ExactLength", 1, [](plan::Plan& p) { Only(p).set_exact_length(true); },
               "an exact length without token ids"},
        Damage{"FractionBits", 1,
               [](plan::Plan& p) { Only(p).mutable_steps(1)->set_ints(0, INT64_MIN); },
               "fraction_bits is out of range"},
        Damage{"Kind", 2, [](plan::Plan& p) { Only(p).mutable_wires(0)->set_kind(plan::LOCAL); },
               "does not occur at party 2"},
        Damage{"StreamTwice", 1, [](plan::Plan& p) { Only(p).mutable_steps(4)->set_streams(0, 2); },
               "stream 2 is used twice"},
        Damage{"Layer", 1, [](plan::Plan& p) { Only(p).mutable_steps(4)->set_layer(5); },
               "layer 5 does not exist"},
        Damage{"Cost", 1, [](plan::Plan& p) { Only(p).mutable_cost()->set_rounds(9); },
               "declared cost"},
        Damage{"LayerCost", 1,
               [](plan::Plan& p) { Only(p).mutable_layers(0)->mutable_cost()->set_rounds(9); },
               "declared cost of layer 0"},
        Damage{"Correction", 2,
               [](plan::Plan& p) { Only(p).mutable_corrections(1)->set_offset(24); },
               "correction 1"},
        Damage{"Corrections", 2, [](plan::Plan& p) { Only(p).clear_corrections(); },
               "0 corrections declared"},
        Damage{"NoProgram", 1, [](plan::Plan& p) { p.clear_programs(); }, "no program"},
        Damage{"Order", 1, [](plan::Plan& p) { *p.add_programs() = p.programs(0); },
               "ascending order"}),
    [](const auto& tested) { return std::string(tested.param.name); });

// Parameters of read_bits and from_bits that do not fit are refused before anything is made of
// them.
TEST(Plan, BitsThatAreNotThereAreRefused) {
  const auto problem = [](std::vector<int64_t> reads, std::vector<int64_t> sums, int streams) {
    TestPlans plans(4);
    const TestValue x = plans.Emit1(plan::RESHARE, {}, {plan::RSS, 4, {4, 3}}, {.streams = 1});
    const TestValue y = plans.Emit1(plan::READ_BITS, {x}, {plan::ADD, 1, {2, 4, 3}},
                                    {.ints = std::move(reads), .streams = 2});
    const TestValue bits =
        plans.Emit1(plan::RESHARE, {y}, {plan::RSS, 1, {2, 4, 3}}, {.streams = 1});
    plans.Emit1(plan::FROM_BITS, {bits}, {plan::ADD, 8, {4, 3}},
                {.ints = std::move(sums), .streams = streams});
    return std::string(plans.Load(0).status().message());
  };
  const std::vector<int64_t> reads = {2, 2, 2, 0, 1, 16, 14}, sums = {0, 8, 1, 3, 1, 1};
  EXPECT_THAT(problem(reads, sums, 3), testing::Not(HasSubstr("bits")));
  EXPECT_THAT(problem({2, 2, 2, 0, 2, 16, 14}, sums, 3), HasSubstr("read of digit 2"));
  EXPECT_THAT(problem({INT64_MAX, 2, 2, 0, 1, 16, 14}, sums, 3), HasSubstr("read of digit 16"));
  EXPECT_THAT(problem({2, 4, 0, 0, 16, 14}, sums, 3), HasSubstr("2 streams for 1 digits"));
  EXPECT_THAT(problem(reads, {0, 65, 1, 3, 1, 1}, 3), HasSubstr("result width 65"));
  EXPECT_THAT(problem(reads, {0}, 3), HasSubstr("no parameters"));
  EXPECT_THAT(problem(reads, {0, 8, 1, 3, 1}, 3), HasSubstr("1 terms have 2 coefficients"));
  EXPECT_THAT(problem(reads, {0, 8, 1, INT64_MIN, 1, 1}, 3), HasSubstr("term 1 has bits beyond"));
  EXPECT_THAT(problem(reads, sums, 2), HasSubstr("2 streams for 3 products"));
}

// At P0 no result says how large a product is.
TEST(Plan, AProductWhoseSizeWrapsAroundIsRefusedAtTheDealerToo) {
  constexpr uint32_t kHuge = uint32_t{1} << 31;
  TestPlans plans(4);
  const TestValue a = plans.Emit1(plan::RESHARE, {}, {plan::RSS, 8, {4, kHuge, 1}}, {.streams = 1});
  const TestValue b = plans.Emit1(plan::RESHARE, {}, {plan::RSS, 8, {4, 1, kHuge}}, {.streams = 1});
  plans.Emit(plan::MATMUL, {a, b}, {{plan::ADD, 8, {4, 1, 1}}}, {.ints = {0}, .streams = 1});
  EXPECT_THAT(std::string(plans.Load(0).status().message()), HasSubstr("too many elements"));
}

class PlanFile : public ::testing::Test {
 protected:
  PlanFile() : path_(directory_.path() + "/party0.plan") {
    TestPlans plans = SmallProgram();
    EXPECT_TRUE(WritePlanFile(path_, plans.plan(0), plans.constants(0)).ok());
  }
  void FlipByte(int64_t offset) {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(offset);
    const char byte = static_cast<char>(file.get());
    file.seekp(offset);
    file.put(static_cast<char>(byte ^ 1));
  }
  TestDirectory directory_;
  std::string path_;
};

TEST_F(PlanFile, IsReadBackWithAlignedConstants) {
  const auto plan = LoadedPlan::Open(path_);
  ASSERT_TRUE(plan.ok()) << plan.status();
  const auto table = (*plan)->Constant(1);
  EXPECT_EQ(table.size(), 32u);
  EXPECT_EQ(table[0], 7);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(table.data()) % 64, 0u);
}

TEST_F(PlanFile, AnotherVersionIsRefusedWithWhatToDo) {
  std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(8).put(2);
  file.close();
  const absl::Status status = LoadedPlan::Open(path_).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("plan version 2, this program reads version 4: compile the model again"));
}

TEST_F(PlanFile, OnlyItsOwnerMayReadIt) {
  std::filesystem::permissions(path_, std::filesystem::perms::all);
  TestPlans plans = SmallProgram();
  const mode_t before = umask(0);
  const absl::Status status = WritePlanFile(path_, plans.plan(0), plans.constants(0));
  umask(before);
  ASSERT_TRUE(status.ok()) << status;
  struct stat info {};
  ASSERT_EQ(stat(path_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(PlanFile, ItsHashTellsConstantsApartWhateverHoldsThePlan) {
  TestPlans plans = SmallProgram();
  const auto from_file = LoadedPlan::Open(path_);
  const auto from_memory = plans.Load(0);
  ASSERT_TRUE(from_file.ok() && from_memory.ok());
  EXPECT_EQ((*from_file)->hash(), (*from_memory)->hash());
  std::vector<uint8_t> constants(plans.constants(0).begin(), plans.constants(0).end());
  constants[0] ^= 1;
  const auto other = LoadedPlan::FromMemory(plans.plan(0), constants);
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_NE((*other)->hash(), (*from_file)->hash());
  EXPECT_TRUE(std::ranges::equal((*other)->set_id(), (*from_file)->set_id()));
}

TEST_F(PlanFile, EveryDamagedByteIsFound) {
  const auto size = static_cast<int64_t>(std::filesystem::file_size(path_));
  for (int64_t offset = 0; offset < size; ++offset) {
    FlipByte(offset);
    const bool ok = LoadedPlan::Open(path_).ok();
    FlipByte(offset);
    EXPECT_FALSE(ok) << "byte " << offset;
  }
  ASSERT_TRUE(LoadedPlan::Open(path_).ok());
}

TEST_F(PlanFile, ATruncatedFileIsRefused) {
  const auto size = std::filesystem::file_size(path_);
  for (uint64_t shorter : {size - 1, size / 2, uint64_t{100}, uint64_t{1}}) {
    std::filesystem::resize_file(path_, shorter);
    EXPECT_EQ(LoadedPlan::Open(path_).status().code(), absl::StatusCode::kDataLoss) << shorter;
  }
  EXPECT_EQ(LoadedPlan::Open(path_ + "x").status().code(), absl::StatusCode::kNotFound);
}

TEST(PlanFolder, SaysWhatToName) {
  const absl::Status status = LoadedPlan::Open(testing::TempDir()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()), HasSubstr("a folder; accepted: a plan, such as"));
}

}  // namespace
}  // namespace mpcc
