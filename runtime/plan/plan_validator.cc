// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/plan_validator.h"

#include <fmt/format.h>

#include <cstring>
#include <set>

#include "runtime/base/ring.h"
#include "runtime/base/status_macros.h"
#include "runtime/plan/layout.h"
#include "runtime/plan/leak_rules.h"
#include "runtime/plan/program_validator.h"
#include "runtime/plan/shape_rules.h"
#include "runtime/protocol/cost.h"

namespace mpcc {
namespace {

constexpr uint64_t kSetIdBytes = 32;

template <typename... Args>
absl::Status Invalid(fmt::format_string<Args...> format, Args&&... args) {
  return absl::InvalidArgumentError(fmt::format(format, std::forward<Args>(args)...));
}

// Whether some element has a bit above its ring.
bool HasHighBits(std::span<const uint8_t> bytes, int width) {
  return VisitLane(width, [&](auto tag) {
    using T = typename decltype(tag)::type;
    T seen = 0;
    for (size_t i = 0; i < bytes.size(); i += sizeof(T)) {
      T value;
      std::memcpy(&value, bytes.data() + i, sizeof(T));
      seen |= value;
    }
    return (seen & ~static_cast<T>(Mask(width))) != 0;
  });
}

absl::Status CheckConstant(const plan::Constant& constant, std::span<const uint8_t> section) {
  if (std::string problem = TensorProblem(constant.type(), constant.width(), ShapeOf(constant));
      !problem.empty())
    return Invalid("{}", problem);
  const uint64_t expected =
      ElementCount(ShapeOf(constant)) * ElementBytes(constant.type(), constant.width());
  if (constant.bytes() != expected)
    return Invalid("{} bytes declared, its shape needs {}", constant.bytes(), expected);
  if (constant.offset() % kVectorAlignment != 0)
    return Invalid("offset {} is not a multiple of {}", constant.offset(), kVectorAlignment);
  if (constant.offset() > section.size() || constant.bytes() > section.size() - constant.offset())
    return Invalid("bytes {} to {} lie outside the constant section of {} bytes", constant.offset(),
                   constant.offset() + constant.bytes(), section.size());
  if (constant.type() == plan::RING &&
      HasHighBits(section.subspan(constant.offset(), constant.bytes()), constant.width()))
    return Invalid("an element does not fit its {} bits", constant.width());
  return absl::OkStatus();
}

absl::Status CheckConstants(const plan::Plan& plan, std::span<const uint8_t> section) {
  for (int i = 0; i < plan.constants_size(); ++i) {
    const absl::Status status = CheckConstant(plan.constants(i), section);
    if (!status.ok()) return Invalid("constant {}: {}", i, std::string(status.message()));
  }
  return absl::OkStatus();
}

// At P0 a shared constant's values are one of its own constants.
absl::Status CheckSharedValue(const plan::Plan& plan, const plan::SharedConstant& shared) {
  if (shared.constant() >= static_cast<uint32_t>(plan.constants_size()))
    return Invalid("constant {} does not exist, there are {}", shared.constant(),
                   plan.constants_size());
  const plan::Constant& constant = plan.constants(shared.constant());
  const auto a = ShapeOf(constant), b = ShapeOf(shared);
  if (constant.type() != plan::RING || constant.width() != shared.width() ||
      !std::equal(a.begin(), a.end(), b.begin(), b.end()))
    return Invalid("constant {} has another type, width or shape", shared.constant());
  return absl::OkStatus();
}

absl::Status CheckSharedConstants(const plan::Plan& plan) {
  std::set<uint32_t> streams;
  for (int i = 0; i < plan.shared_constants_size(); ++i) {
    const plan::SharedConstant& shared = plan.shared_constants(i);
    std::string problem = TensorProblem(plan::RING, shared.width(), ShapeOf(shared));
    if (problem.empty() && shared.shape_size() != 2) problem = "it is not a matrix";
    if (problem.empty() && !streams.insert(shared.stream()).second)
      problem = fmt::format("stream {} is used twice", shared.stream());
    if (problem.empty() && plan.party() == 0)
      problem = std::string(CheckSharedValue(plan, shared).message());
    if (!problem.empty()) return Invalid("shared constant {}: {}", i, problem);
  }
  return absl::OkStatus();
}

absl::Status CheckPrograms(const plan::Plan& plan) {
  if (plan.programs_size() == 0) return Invalid("the plan has no program");
  for (int i = 0; i < plan.programs_size(); ++i) {
    const plan::Program& program = plan.programs(i);
    if (i > 0 && program.sequence_length() <= plan.programs(i - 1).sequence_length())
      return Invalid("programs are not in ascending order of sequence length");
    const absl::Status status = ValidateProgram(plan, program);
    if (!status.ok())
      return Invalid("program {} ({} tokens): {}", i, program.sequence_length(),
                     std::string(status.message()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ValidatePlan(const plan::Plan& plan, std::span<const uint8_t> constants) {
  if (plan.party() > 2)
    return Invalid("party {} does not exist, there are 0, 1 and 2", plan.party());
  if (plan.set_id().size() != kSetIdBytes)
    return Invalid("the plan-set id has {} bytes, {} are needed", plan.set_id().size(),
                   kSetIdBytes);
  if (plan.party() != 1 && !plan.tokenizer().empty())
    return Invalid("the plan of party {} has a tokenizer, which is for P1", plan.party());
  MPCC_RETURN_IF_ERROR(CheckConstants(plan, constants));
  MPCC_RETURN_IF_ERROR(CheckSharedConstants(plan));
  for (const plan::Disclosure& disclosure : plan.disclosures())
    if (disclosure.party() > 2) return Invalid("a disclosure names party {}", disclosure.party());
  MPCC_RETURN_IF_ERROR(CheckPrograms(plan));
  return CheckSameOutputs(plan);
}

}  // namespace mpcc
