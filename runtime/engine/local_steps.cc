// SPDX-License-Identifier: Apache-2.0
// Plaintext at P1: arguments, constants, operators, encoding, outputs.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "runtime/base/rounding.h"
#include "runtime/engine/step.h"
#include "runtime/plain/operators.h"

namespace mpcc::engine {
namespace {

absl::Status Argument(StepContext& s) {
  if (!s.run.inputs)
    return absl::InvalidArgumentError(
        fmt::format("input \"{}\" comes after the first message", s.step().name()));
  const auto found = s.run.inputs->find(s.step().name());
  if (found == s.run.inputs->end())
    return absl::InvalidArgumentError(fmt::format("input \"{}\" is missing", s.step().name()));
  return std::visit(
      [&](const auto& values) -> absl::Status {
        using T = typename std::decay_t<decltype(values)>::value_type;
        constexpr auto kType = std::is_same_v<T, float> ? plan::F32 : plan::I64;
        if (kType != s.Out().type() || values.size() != ElementCount(s.Out()))
          return absl::InvalidArgumentError(
              fmt::format("input \"{}\" has {} {} values, {} {} values are needed", s.step().name(),
                          values.size(), plan::ElementType_Name(kType), ElementCount(s.Out()),
                          plan::ElementType_Name(s.Out().type())));
        if constexpr (kType == plan::F32)
          for (size_t i = 0; i < values.size(); ++i)
            if (std::isnan(values[i]))
              return absl::InvalidArgumentError(
                  fmt::format("input \"{}\" is not a number at element {}", s.step().name(), i));
        std::ranges::copy(values, s.OutVector().As<T>().begin());
        return absl::OkStatus();
      },
      found->second.values);
}

// Its wire is the plan's constant itself.
absl::Status Constant(StepContext&) { return absl::OkStatus(); }

plain::Form FormOf(const plan::Wire& wire) {
  return {wire.type() == plan::F32 ? plain::Type::kF32 : plain::Type::kI64,
          {wire.shape().begin(), wire.shape().end()}};
}

struct PlainForms {
  std::vector<plain::Form> operands;
  plain::Form result;
};

std::any PreparePlain(const StepSite& site) {
  PlainForms forms{{}, FormOf(site.Out())};
  for (int i = 0; i < site.step.inputs_size(); ++i) forms.operands.push_back(FormOf(site.In(i)));
  return forms;
}

// An operator of runtime/plain; the validator has asked its row.
absl::Status Plain(StepContext& s) {
  const auto& forms = s.State<PlainForms>();
  std::vector<const void*> data;
  data.reserve(s.step().inputs_size());
  for (int i = 0; i < s.step().inputs_size(); ++i) data.push_back(s.InVector(i).bytes().data());
  const std::span<const int64_t> ints(s.step().ints().data() + 1, s.step().ints_size() - 1);
  const plain::Signature signature{forms.operands, ints, s.step().real()};
  return plain::Run(static_cast<int>(s.Int(0)),
                    {signature, data, forms.result, s.OutVector().bytes().data()});
}

// rint(x * 2^f), half to even, saturated at the signed bounds of the ring.
uint64_t EncodeOne(double x, int fraction_bits, int width) {
  return Reduce(static_cast<uint64_t>(RoundToRing(std::ldexp(x, fraction_bits), width)), width);
}

template <typename From>
void EncodeFrom(StepContext& s) {
  const int width = static_cast<int>(s.Out().width()), fraction = static_cast<int>(s.Int(0));
  const auto in = s.InVector(0).As<From>();
  VisitLanes(
      [&](auto out) {
        using T = typename decltype(out)::element_type;
        for (size_t i = 0; i < in.size(); ++i)
          out[i] = static_cast<T>(EncodeOne(static_cast<double>(in[i]), fraction, width));
      },
      s.OutVector());
}

// P1's plaintext becomes a share. What is no number has no share; P1 alone sees the error.
absl::Status Encode(StepContext& s) {
  if (s.In(0).type() != plan::F32) {
    EncodeFrom<int64_t>(s);
    return absl::OkStatus();
  }
  const auto in = s.InVector(0).As<float>();
  if (std::ranges::any_of(in, [](float x) { return std::isnan(x); }))
    return absl::InvalidArgumentError(
        "an input from which the network computes something that is not a number; accepted: finite "
        "numbers, and masks that keep at least one position");
  EncodeFrom<float>(s);
  return absl::OkStatus();
}

// fn(i, signed value) for every element of a ring wire.
template <typename Fn>
void EachSigned(const StepContext& s, Fn fn) {
  const ConstRingVector x = s.InVector(0);
  VisitLanes(
      [&](auto in) {
        for (size_t i = 0; i < in.size(); ++i) fn(i, Signed(in[i], x.width()));
      },
      x);
}

float Real(int64_t value, const StepContext& s) {
  return static_cast<float>(std::ldexp(static_cast<double>(value), -static_cast<int>(s.Int(0))));
}

absl::Status Decode(StepContext& s) {
  if (s.Out().type() == plan::F32) {
    const auto out = s.OutVector().As<float>();
    EachSigned(s, [&](size_t i, int64_t value) { out[i] = Real(value, s); });
  } else {
    const auto out = s.OutVector().As<int64_t>();
    EachSigned(s, [&](size_t i, int64_t value) { out[i] = value; });
  }
  return absl::OkStatus();
}

absl::Status Output(StepContext& s) {
  std::vector<float> values(ElementCount(s.In(0)));
  if (s.In(0).type() == plan::F32)
    std::ranges::copy(s.InVector(0).As<float>(), values.begin());
  else
    EachSigned(s, [&](size_t i, int64_t value) { values[i] = Real(value, s); });
  const auto shape = ShapeOf(s.In(0));
  (*s.run.outputs)[s.step().name()] = {{shape.begin(), shape.end()}, std::move(values)};
  return absl::OkStatus();
}

constexpr StepRow kRows[] = {
    {plan::LOCAL_ARGUMENT, Argument},
    {plan::LOCAL_CONSTANT, Constant},
    {plan::LOCAL_PLAIN, Plain, PreparePlain},
    {plan::LOCAL_ENCODE, Encode},
    {plan::LOCAL_DECODE, Decode},
    {plan::LOCAL_OUTPUT, Output},
};

}  // namespace

std::span<const StepRow> LocalSteps() { return kRows; }

}  // namespace mpcc::engine
