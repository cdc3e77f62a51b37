// SPDX-License-Identifier: Apache-2.0
#include "tools/mpcc_report.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "mpcc/version.h"
#include "runtime/base/bytes.h"
#include "runtime/base/output_file.h"
#include "runtime/base/status_macros.h"
#include "runtime/crypto/sha256.h"
#include "runtime/plan/plan_file.h"
#include "tools/owner_notes.h"
#include "tools/plan_json.h"
#include "tools/prediction_options.h"
#include "tools/report/page.h"
#include "tools/trace_file.h"

namespace mpcc {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

struct ReportOptions {
  std::vector<std::string> plans;  // files, or folders of plans
  std::string output;
  std::vector<std::string> traces;
  PredictionOptions prediction;
};

// Those that a folder has, which may be one party's.
absl::StatusOr<std::vector<std::string>> PlansIn(const std::string& folder) {
  std::vector<std::string> paths;
  for (int party = 0; party < 3; ++party)
    if (const fs::path path = fs::path(folder) / fmt::format("party{}.plan", party);
        fs::exists(path))
      paths.push_back(path.string());
  if (paths.empty())
    return absl::NotFoundError(
        fmt::format("{}: no plan is there; accepted: a plan file, or a folder with some of "
                    "party0.plan, party1.plan, party2.plan",
                    folder));
  return paths;
}

struct NamedPlan {
  std::string path;
  std::shared_ptr<const LoadedPlan> loaded;
};
using Plans = std::vector<NamedPlan>;

absl::Status AddPlan(const std::string& path, Plans& plans) {
  MPCC_ASSIGN_OR_RETURN(auto loaded, LoadedPlan::Open(path));
  const plan::Plan& plan = loaded->plan();
  for (const auto& [other_path, other] : plans) {
    if (other->plan().party() == plan.party())
      return absl::InvalidArgumentError(fmt::format(
          "{}: a second plan of P{}, beside {}; remedy: name one", path, plan.party(), other_path));
    if (other->plan().set_id() != plan.set_id())
      return absl::InvalidArgumentError(
          fmt::format("{}: of another set of plans than {}; remedy: name plans that were compiled "
                      "together",
                      path, other_path));
  }
  plans.push_back({path, std::move(loaded)});
  return absl::OkStatus();
}

absl::StatusOr<Plans> OpenPlans(const std::vector<std::string>& named) {
  Plans plans;
  for (const std::string& path : named) {
    std::vector<std::string> files{path};
    if (fs::is_directory(path)) {
      MPCC_ASSIGN_OR_RETURN(files, PlansIn(path));
    }
    for (const std::string& file : files) MPCC_RETURN_IF_ERROR(AddPlan(file, plans));
  }
  return plans;
}

Json NetworkToJson(const NetworkProfile& network) {
  return {{"round_trip_seconds", network.round_trip_seconds},
          {"online_bits_per_second", network.online_bits_per_second},
          {"offline_bits_per_second", network.offline_bits_per_second}};
}

Json NamedNetworksToJson() {
  Json networks = Json::array();
  for (const NamedNetwork& named : AllNamedNetworks()) {
    NetworkProfile network;
    if (!SetNetwork(network, named.text).ok()) continue;
    networks.push_back(NetworkToJson(network));
    networks.back()["name"] = named.name;
  }
  return networks;
}

// With notes at P0: at others nothing but what inspect tells.
absl::StatusOr<Json> FactsOf(const NamedPlan& named, const PredictionOptions& prediction) {
  Json facts = PlanToJson(named.loaded->plan(), prediction);
  if (named.loaded->plan().party() != 0) return facts;
  MPCC_ASSIGN_OR_RETURN(Json notes, ReadOwnerNotes(named.path, HexString(named.loaded->hash())));
  if (!notes.is_null()) facts["notes"] = std::move(notes);
  return facts;
}

absl::StatusOr<Json> DataOf(const Plans& plans, const PredictionOptions& prediction) {
  Json list = Json::array();
  for (const NamedPlan& named : plans) {
    MPCC_ASSIGN_OR_RETURN(Json facts, FactsOf(named, prediction));
    list.push_back(std::move(facts));
  }
  const MachineProfile& machine = prediction.machine;
  return Json{{"version", kVersion},
              {"plans", list},
              {"runs", Json::array()},
              {"network", NetworkToJson(*prediction.network)},
              {"networks", NamedNetworksToJson()},
              {"machine_given", !machine.seconds_per_unit.empty()},
              {"machine",
               {{"seconds_per_exchange", machine.seconds_per_exchange},
                {"deal_seconds_per_byte", machine.deal_seconds_per_byte}}}};
}

// JSON whose strings, which come from files, can end no element of the page.
std::string ForPage(const Json& data) {
  std::string text;
  for (const char c : data.dump(-1, ' ', false, Json::error_handler_t::replace)) {
    if (c == '<' || c == '>' || c == '&')
      text += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    else
      text += c;
  }
  return text;
}

// What a Content-Security-Policy calls a script or a style.
std::string SourceHash(const std::string& text) {
  const Sha256Digest digest = Sha256Of(BytesOf(text));
  std::array<uint8_t, 4 * ((sizeof(digest) + 2) / 3) + 1> base64{};
  EVP_EncodeBlock(base64.data(), digest.data(), static_cast<int>(digest.size()));
  return fmt::format("'sha256-{}'", reinterpret_cast<const char*>(base64.data()));
}

// The page with its places filled, each once, in one pass: what is filled in is not looked at.
std::string Page(const Json& data) {
  const std::string policy = fmt::format("default-src 'none'; style-src {}; script-src {}",
                                         SourceHash(kReportStyle), SourceHash(kReportScript));
  const std::array<std::pair<std::string, std::string>, 4> places = {
      {{"{{policy}}", policy},
       {"{{style}}", kReportStyle},
       {"{{data}}", ForPage(data)},
       {"{{script}}", kReportScript}}};
  std::string page, rest = kReportPage;
  for (const auto& [place, text] : places) {
    const size_t at = rest.find(place);
    page += rest.substr(0, at) + text;
    rest = rest.substr(at + place.size());
  }
  return page + rest;
}

absl::Status Report(ReportOptions& options) {
  MPCC_RETURN_IF_ERROR(CheckOutput(options.output));
  MPCC_ASSIGN_OR_RETURN(const Plans plans, OpenPlans(options.plans));
  if (!options.prediction.network)
    MPCC_RETURN_IF_ERROR(SetNetwork(options.prediction.network.emplace(), "lan"));
  MPCC_ASSIGN_OR_RETURN(Json data, DataOf(plans, options.prediction));
  for (const std::string& path : options.traces) {
    MPCC_ASSIGN_OR_RETURN(const std::vector<Json> runs, ReadTrace(path));
    for (const Json& run : runs) data["runs"].push_back(run);
  }
  const std::string page = Page(data);
  return WriteOutput(options.output, std::array{BytesOf(page)});
}

}  // namespace

void AddReportCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App& command =
      *app.add_subcommand("report", "show what plans cost and disclose, as a page for a browser");
  command
      .add_option("plans", options->plans,
                  "a folder with plans, or plan files of one set; with P0's the page tells of the "
                  "model")
      ->required();
  command.add_option("-o,--output", options->output, "the file of HTML, which needs no other")
      ->required();
  command.add_option("--trace", options->traces,
                     "what 'mpcc-local --trace' wrote, or the files of parties: measured beside "
                     "predicted");
  options->prediction.AddTo(command);
  command.callback([options, &exit_code] {
    const absl::Status status = Report(*options);
    if (status.ok()) return;
    fmt::print(stderr, "error: {}\n", std::string(status.message()));
    exit_code = 1;
  });
}

}  // namespace mpcc
