// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <set>
#include <string>
#include <variant>

#include "runtime/base/status_matchers.h"
#include "runtime/plain/operators.h"

namespace mpcc::plain {
namespace {

using Floats = std::vector<float>;
using Integers = std::vector<int64_t>;
using testing::ElementsAre;
using testing::HasSubstr;

struct Value {
  Shape shape;
  std::variant<Floats, Integers> data;

  Form form() const { return {data.index() == 0 ? Type::kF32 : Type::kI64, shape}; }
  const void* bytes() const {
    return std::visit([](const auto& d) -> const void* { return d.data(); }, data);
  }
};

absl::StatusOr<Value> Evaluate(const char* name, const std::vector<Value>& in,
                               const Integers& ints = {}, double real = 0) {
  std::vector<Form> forms;
  std::vector<const void*> data;
  for (const Value& value : in) forms.push_back(value.form()), data.push_back(value.bytes());
  const Signature signature{forms, ints, real};
  const auto result = Infer(FindOperator(name), signature);
  if (!result.ok()) return result.status();
  Value out{result->shape, Floats(Count(result->shape))};
  if (result->type == Type::kI64) out.data = Integers(Count(result->shape));
  void* target = std::visit([](auto& d) -> void* { return d.data(); }, out.data);
  const absl::Status status = Run(FindOperator(name), {signature, data, *result, target});
  if (!status.ok()) return status;
  return out;
}

Floats Reals(const absl::StatusOr<Value>& value) {
  EXPECT_TRUE(value.ok()) << value.status();
  return value.ok() ? std::get<Floats>(value->data) : Floats();
}

Integers Whole(const absl::StatusOr<Value>& value) {
  EXPECT_TRUE(value.ok()) << value.status();
  return value.ok() ? std::get<Integers>(value->data) : Integers();
}

TEST(Plain, NamesAreUnique) {
  std::set<std::string> names;
  for (const Operator& row : Operators()) EXPECT_TRUE(names.insert(row.name).second) << row.name;
  EXPECT_EQ(FindOperator("no such operator"), -1);
}

TEST(Plain, QuantizationRoundsHalfToEvenSaturatesAndTakesScalesByChannel) {
  const Value x{{2, 2}, Floats{0.25f, -300, 0.75f, INFINITY}};
  EXPECT_THAT(
      Whole(Evaluate("quantize", {x, {{1}, Floats{0.5f}}, {{1}, Integers{1}}}, {0, -128, 127})),
      ElementsAre(1, -128, 3, 127));
  const Value q{{2, 2}, Integers{10, 20, 30, 40}};
  EXPECT_THAT(
      Reals(Evaluate("dequantize", {q, {{2}, Floats{1, 0.5f}}, {{2}, Integers{10, 0}}}, {1})),
      ElementsAre(0, 10, 20, 20));
}

TEST(Plain, AScaleForNoIndexOfTheAxisIsRefused) {
  const Value x{{2, 2}, Floats(4)}, scale{{3}, Floats(3)}, zero{{3}, Integers(3)};
  EXPECT_THAT(std::string(Evaluate("quantize", {x, scale, zero}, {1, 0, 9}).status().message()),
              HasSubstr("neither one nor one for each index"));
}

TEST(Plain, IntegersDivideAsTheirOperatorSays) {
  const Value a{{4}, Integers{-7, 7, -7, INT64_MIN}}, b{{4}, Integers{3, -3, -3, -1}};
  EXPECT_THAT(Whole(Evaluate("mod", {a, b})), ElementsAre(2, -2, -1, 0));
  EXPECT_THAT(Whole(Evaluate("fmod", {a, b})), ElementsAre(-1, 1, -1, 0));
  EXPECT_THAT(Whole(Evaluate("div", {a, b})), ElementsAre(-2, -2, 2, INT64_MIN));
  const Value zero{{}, Integers{0}};
  for (const char* name : {"div", "mod", "fmod"})
    EXPECT_THAT(std::string(Evaluate(name, {a, zero}).status().message()),
                HasSubstr("division by zero"));
}

TEST(Plain, IndicesOutsideTheirTensorAreErrors) {
  const Value table{{3}, Floats{1, 2, 3}}, far{{1}, Integers{3}}, low{{1}, Integers{-4}};
  for (const Value& index : {far, low}) {
    EXPECT_FALSE(Evaluate("gather", {table, index}, {0}).ok());
    EXPECT_FALSE(Evaluate("gather_elements", {table, index}, {0}).ok());
    EXPECT_FALSE(Evaluate("gather_nd", {table, index}, {0}).ok());
    EXPECT_FALSE(Evaluate("scatter_elements", {table, index, {{1}, Floats{9}}}, {0, 0}).ok());
    EXPECT_FALSE(Evaluate("scatter_nd", {table, index, {{}, Floats{9}}}, {0}).ok());
  }
}

TEST(Plain, SlicesStepBackwardsAndStayInside) {
  const Value x{{5}, Integers{0, 1, 2, 3, 4}};
  EXPECT_THAT(Whole(Evaluate("slice", {x}, {4, -2, 3})), ElementsAre(4, 2, 0));
  EXPECT_FALSE(Evaluate("slice", {x}, {4, -2, 4}).ok());
  EXPECT_FALSE(Evaluate("slice", {x}, {0, int64_t{1} << 40, 2}).ok());
  EXPECT_FALSE(Evaluate("slice", {x}, {0, 0, 2}).ok());
}

TEST(Plain, ExtremesOfIntegersAreExact) {
  const Value x{{2}, Integers{INT64_MAX, INT64_MAX - 1}};
  EXPECT_THAT(Whole(Evaluate("reduce_min", {x}, {0})), ElementsAre(INT64_MAX - 1));
  EXPECT_THAT(Whole(Evaluate("reduce_max", {x}, {0})), ElementsAre(INT64_MAX));
}

// What an untrusted plan may hold: whatever the row does not refuse must run.
class Arbitrary {
 public:
  explicit Arbitrary(unsigned seed) : random_(seed) {}

  int64_t Below(int64_t n) { return static_cast<int64_t>(random_() % n); }

  Shape AnyShape() {
    Shape shape(Below(4));
    for (int64_t& extent : shape) extent = Below(8) == 0 ? Below(2) : 1 + Below(3);
    return shape;
  }

  int64_t Parameter() {
    constexpr int64_t kOdd[] = {INT64_MIN, INT64_MAX, -1, int64_t{1} << 39, -(int64_t{1} << 40)};
    return Below(12) == 0 ? kOdd[Below(5)] : Below(4);
  }

  Value AnyValue(const Shape& shape) {
    const int64_t count = Count(shape);
    if (Below(2)) {
      Floats values(count);
      for (float& x : values) x = AnyFloat();
      return {shape, values};
    }
    Integers values(count);
    for (int64_t& x : values) x = Below(10) == 0 ? static_cast<int64_t>(random_()) : Below(5) - 2;
    return {shape, values};
  }

 private:
  float AnyFloat() {
    constexpr float kOdd[] = {INFINITY, -INFINITY, NAN, 3e38f, -1e-40f};
    return Below(8) == 0 ? kOdd[Below(5)] : static_cast<float>(Below(7)) - 3;
  }

  std::mt19937_64 random_;
};

TEST(Plain, WhatARowDoesNotRefuseRuns) {
  Arbitrary any(1);
  std::set<int> ran;
  for (int round = 0; round < 300000; ++round) {
    const int number = static_cast<int>(any.Below(std::size(Operators())));
    std::vector<Value> in;
    const Shape common = any.AnyShape();
    const int64_t operands = 1 + any.Below(3);
    in.reserve(operands);
    for (int64_t i = 0; i < operands; ++i)
      in.push_back(any.AnyValue(any.Below(2) ? common : any.AnyShape()));
    Integers ints(any.Below(8));
    for (int64_t& value : ints) value = any.Parameter();
    std::vector<Form> forms;
    forms.reserve(in.size());
    for (const Value& value : in) forms.push_back(value.form());
    const auto form = Infer(number, {forms, ints});
    if (!form.ok() || Count(form->shape) > 4096) continue;
    const auto out = Evaluate(Operators()[number].name, in, ints);
    if (out.ok()) ran.insert(number);
  }
  EXPECT_GE(ran.size(), std::size(Operators()) - 3);  // a few need shapes that chance rarely makes
}

}  // namespace
}  // namespace mpcc::plain
