// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <set>
#include <system_error>

#include "codegen/codegen.h"
#include "codegen/disclosures.h"
#include "codegen/party_projection.h"
#include "ir/mpc/mpc.h"
#include "mpcc/version.h"
#include "runtime/base/bytes.h"
#include "runtime/base/status_macros.h"
#include "runtime/crypto/sha256.h"
#include "runtime/plan/plan_validator.h"

namespace mpcc {
namespace {

namespace fs = std::filesystem;

int64_t SequenceLength(SplitProgram program) {
  auto length = program.online->getAttrOfType<mlir::IntegerAttr>(mpc::kSequenceLengthAttr);
  return length ? length.getInt() : 0;
}

// ---- set id

void Update(Sha256& hash, const std::string& text) { hash.Update(BytesOf(text)); }

// Constants that P1 alone reads as plaintext: the embedding, which two models of one architecture
// need not share.
std::set<uint32_t> PlaintextConstants(const plan::Plan& plan) {
  std::set<uint32_t> indices;
  for (const plan::Program& program : plan.programs())
    for (const plan::Step& step : program.steps())
      if (step.opcode() == plan::LOCAL_CONSTANT) indices.insert(step.constants(0));
  return indices;
}

void HashPlan(Sha256& hash, const PartyPlan& party) {
  Update(hash, party.plan.SerializeAsString());
  const std::set<uint32_t> plaintext = PlaintextConstants(party.plan);
  for (int i = 0; i < party.plan.constants_size(); ++i) {
    const plan::Constant& constant = party.plan.constants(i);
    if (!plaintext.contains(i))
      hash.Update(party.constants.bytes().subspan(constant.offset(), constant.bytes()));
  }
}

// ---- files

absl::StatusOr<PartyPlan> Build(mlir::ModuleOp module, int party) {
  mlir::FailureOr<PartyPlan> built = BuildPlan(module, party);
  if (mlir::succeeded(built)) return *std::move(built);
  return absl::InvalidArgumentError(
      fmt::format("no plan for party {}: see the errors above", party));
}

absl::Status Write(PartyPlan& party, const std::array<uint8_t, 32>& set_id,
                   const std::string& path) {
  party.plan.set_set_id(set_id.data(), set_id.size());
  if (absl::Status status = ValidatePlan(party.plan, party.constants.bytes()); !status.ok())
    return absl::Status(status.code(), fmt::format("plan of party {}: {}", party.plan.party(),
                                                   std::string(status.message())));
  return WritePlanFile(path, party.plan, party.constants.bytes());
}

// Three files that get their names together, or vanish.
class PendingFiles {
 public:
  explicit PendingFiles(const std::string& directory) : directory_(directory) {}
  ~PendingFiles() {
    std::error_code ignored;
    for (int party = 0; party < 3; ++party) fs::remove(Temporary(party), ignored);
  }

  std::string Temporary(int party) const { return Final(party) + ".partial"; }

  absl::Status Commit() const {
    for (int party = 0; party < 3; ++party) {
      std::error_code error;
      fs::rename(Temporary(party), Final(party), error);
      if (error)
        return absl::UnavailableError(
            fmt::format("{}: cannot rename to it: {}", Final(party), error.message()));
    }
    return absl::OkStatus();
  }

 private:
  std::string Final(int party) const {
    return (fs::path(directory_) / fmt::format("party{}.plan", party)).string();
  }

  std::string directory_;
};

}  // namespace

mlir::FailureOr<PartyPlan> BuildPlan(mlir::ModuleOp module, int party) {
  auto programs = SplitProgramsOf(module);
  if (failed(programs)) return mlir::failure();
  if (programs->empty())
    return module.emitError() << "has no split program; run 'hoist-to-offline' first";
  llvm::stable_sort(*programs, [](SplitProgram a, SplitProgram b) {
    return SequenceLength(a) < SequenceLength(b);
  });
  PartyPlan out;
  out.plan.set_party(static_cast<uint32_t>(party));
  out.plan.set_producer(fmt::format("mpcc {}", kVersion));
  if (failed(AddDisclosures(*programs, &out.plan))) return mlir::failure();
  SharedWeights weights;
  if (failed(weights.Collect(*programs, &out.plan))) return mlir::failure();
  ConstantPool constants(&out);
  for (SplitProgram program : *programs)
    if (failed(ProjectProgram(program, weights, constants, &out))) return mlir::failure();
  return out;
}

std::array<uint8_t, 32> SetIdOf(const PartyPlan& party1, const PartyPlan& party2) {
  Sha256 hash;
  HashPlan(hash, party1);
  HashPlan(hash, party2);
  return hash.Finish();
}

absl::Status WritePlans(mlir::ModuleOp module, const std::string& out_dir,
                        const std::string& tokenizer) {
  MPCC_ASSIGN_OR_RETURN(PartyPlan party1, Build(module, 1));
  MPCC_ASSIGN_OR_RETURN(PartyPlan party2, Build(module, 2));
  const std::array<uint8_t, 32> set_id = SetIdOf(party1, party2);
  party1.plan.set_tokenizer(tokenizer);
  std::error_code error;
  fs::create_directories(out_dir, error);
  if (error)
    return absl::UnavailableError(
        fmt::format("{}: cannot create the folder: {}", out_dir, error.message()));
  const PendingFiles files(out_dir);
  MPCC_RETURN_IF_ERROR(Write(party1, set_id, files.Temporary(1)));
  MPCC_RETURN_IF_ERROR(Write(party2, set_id, files.Temporary(2)));
  MPCC_ASSIGN_OR_RETURN(PartyPlan party0, Build(module, 0));
  MPCC_RETURN_IF_ERROR(Write(party0, set_id, files.Temporary(0)));
  return files.Commit();
}

}  // namespace mpcc
