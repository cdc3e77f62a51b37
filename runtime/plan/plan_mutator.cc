// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/plan_mutator.h"

#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "runtime/plan/plan_validator.h"
#include "runtime/plan/program_cost.h"
#include "runtime/plan/program_validator.h"

namespace mpcc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using Random = std::mt19937_64;

uint64_t Below(Random& random, uint64_t bound) { return random() % bound; }

uint64_t MutatedBits(uint64_t old, Random& random) {
  switch (Below(random, 6)) {
    case 0:
      return Below(random, 8);
    case 1:
      return old + 1;
    case 2:
      return old - 1;
    case 3:
      return old ^ uint64_t { 1 } << Below(random, 64);
    case 4:
      return std::numeric_limits<uint64_t>::max() << Below(random, 64);
    default:
      return random() >> Below(random, 64);
  }
}

double MutatedReal(Random& random) {
  constexpr double kValues[] = {0,
                                -1,
                                1e-300,
                                1e300,
                                std::numeric_limits<double>::infinity(),
                                std::numeric_limits<double>::quiet_NaN()};
  return kValues[Below(random, std::size(kValues))];
}

std::string MutatedText(std::string text, Random& random) {
  if (!text.empty() && Below(random, 2)) text.pop_back();
  if (Below(random, 2)) text.push_back(static_cast<char>(Below(random, 128)));  // UTF-8
  return text;
}

// The accessors of a field's C++ type, for one value and for an element of a list.
#define MPCC_MUTATE_AS(TYPE, Name, mutated)                                 \
  case FieldDescriptor::TYPE: {                                             \
    if (!field->is_repeated()) {                                            \
      const auto old = reflection.Get##Name(message, field);                \
      reflection.Set##Name(&message, field, mutated);                       \
    } else {                                                                \
      const auto old = reflection.GetRepeated##Name(message, field, index); \
      reflection.SetRepeated##Name(&message, field, index, mutated);        \
    }                                                                       \
    break;                                                                  \
  }

void MutateValue(Message& message, const FieldDescriptor* field, int index, Random& random) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  switch (field->cpp_type()) {
    MPCC_MUTATE_AS(CPPTYPE_UINT32, UInt32, static_cast<uint32_t>(MutatedBits(old, random)))
    MPCC_MUTATE_AS(CPPTYPE_UINT64, UInt64, MutatedBits(old, random))
    MPCC_MUTATE_AS(CPPTYPE_INT64, Int64, static_cast<int64_t>(MutatedBits(old, random)))
    MPCC_MUTATE_AS(CPPTYPE_ENUM, EnumValue, (static_cast<void>(old), Below(random, 70)))
    MPCC_MUTATE_AS(CPPTYPE_DOUBLE, Double, (static_cast<void>(old), MutatedReal(random)))
    MPCC_MUTATE_AS(CPPTYPE_STRING, String, MutatedText(old, random))
    default:
      break;
  }
}

#undef MPCC_MUTATE_AS

void AddCopy(Message& message, const FieldDescriptor* field, int index) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
    const auto copy = reflection.GetRepeatedMessage(message, field, index).New();
    copy->CopyFrom(reflection.GetRepeatedMessage(message, field, index));
    reflection.AddAllocatedMessage(&message, field, copy);
  } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
    reflection.AddInt64(&message, field, reflection.GetRepeatedInt64(message, field, index));
  } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_UINT32) {
    reflection.AddUInt32(&message, field, reflection.GetRepeatedUInt32(message, field, index));
  } else {
    reflection.AddUInt64(&message, field, reflection.GetRepeatedUInt64(message, field, index));
  }
}

void MutateList(Message& message, const FieldDescriptor* field, Random& random) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  const int size = reflection.FieldSize(message, field);
  if (size == 0) return;
  const int index = static_cast<int>(Below(random, size));
  switch (Below(random, 5)) {
    case 0:
      return AddCopy(message, field, index);
    case 1:
      return reflection.RemoveLast(&message, field);
    case 2:
      return reflection.SwapElements(&message, field, index, size - 1);
    default:
      return MutateValue(message, field, index, random);
  }
}

using Place = std::pair<Message*, const FieldDescriptor*>;

// Every field of the message and of those inside it.
void Collect(Message& message, std::vector<Place>* places) {
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  const google::protobuf::Descriptor* type = message.GetDescriptor();
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    places->emplace_back(&message, field);
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    if (!field->is_repeated()) {
      Collect(*reflection.MutableMessage(&message, field), places);
      continue;
    }
    for (int k = 0; k < reflection.FieldSize(message, field); ++k)
      Collect(*reflection.MutableRepeatedMessage(&message, field, k), places);
  }
}

void MutateSomewhere(plan::Plan& plan, Random& random) {
  std::vector<Place> places;
  Collect(plan, &places);
  const auto [message, field] = places[Below(random, places.size())];
  if (field->is_repeated())
    MutateList(*message, field, random);
  else
    MutateValue(*message, field, 0, random);
}

}  // namespace

void MutatePlan(plan::Plan& plan, Random& random) {
  const std::string before = plan.SerializeAsString();
  while (plan.SerializeAsString() == before) MutateSomewhere(plan, random);
}

void MendCosts(plan::Plan& plan, std::span<const uint8_t> constants) {
  const auto only_costs = [](const absl::Status& status) {
    const std::string problem(status.message());
    return problem.find("the declared cost") != problem.npos ||
           problem.find("corrections declared") != problem.npos ||
           problem.find("is not the one that the steps need") != problem.npos;
  };
  if (!only_costs(ValidatePlan(plan, constants))) return;  // constants are good from here on
  for (plan::Program& program : *plan.mutable_programs())
    if (only_costs(ValidateProgram(plan, program))) DeclareCosts(plan, &program);
}

}  // namespace mpcc
