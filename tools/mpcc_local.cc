// SPDX-License-Identifier: Apache-2.0
// mpcc-local: the three parties as processes on this machine, with temporary certificates and
// state.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "runtime/base/network_profile.h"
#include "runtime/base/output_file.h"
#include "runtime/base/status_macros.h"
#include "tools/guarded_main.h"
#include "tools/machine_profile.h"
#include "tools/manners.h"
#include "tools/party_io.h"
#include "tools/party_processes.h"
#include "tools/progress_line.h"
#include "tools/trace_file.h"

namespace mpcc {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

struct Flags {
  LocalOptions parties{.log = "warning"};
  std::vector<std::string> inputs;
  std::string machine, trace;
  int repeat = 1;
  bool json = false, insecure = false;
};

// A directory that goes away with its content.
class TemporaryDirectory {
 public:
  TemporaryDirectory() : path_((fs::temp_directory_path() / "mpcc-local-XXXXXX").string()) {
    if (!mkdtemp(path_.data())) path_.clear();
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string Megabytes(double bytes) { return fmt::format("{:.2f} MB", bytes / 1e6); }

void PrintValues(const std::string& name, const Json& output) {
  const auto values = output["values"].get<std::vector<double>>();
  std::string text;
  for (size_t i = 0; i < std::min<size_t>(values.size(), 8); ++i)
    text += fmt::format(" {:.5g}", values[i]);
  fmt::print("{} [{}]:{}{}\n", name, fmt::join(output["shape"].get<std::vector<int>>(), "x"), text,
             values.size() > 8 ? " ..." : "");
}

void PrintAnswer(const Json& answer, double setup_seconds) {
  if (answer.contains("error"))
    return (void)fmt::print(stderr, "refused: {}\n", answer["error"].get<std::string>());
  for (const auto& [name, output] : answer["outputs"].items()) PrintValues(name, output);
  const Json& s = answer["stats"];
  fmt::print("  set-up {:.2f} s once · dealing {:.3f} s, {} of material · waiting {:.3f} s\n",
             setup_seconds, s["deal_seconds"].get<double>(), Megabytes(s["material_bytes"]),
             s["waiting_seconds"].get<double>());
  fmt::print("  online {:.2f} ms (exchanges {:.2f} ms) · {} rounds · P1->P2 {} · P2->P1 {}\n",
             1e3 * s["online_seconds"].get<double>(), 1e3 * s["exchange_seconds"].get<double>(),
             s["rounds"].get<int>(), Megabytes(s["bytes_p1_to_p2"]),
             Megabytes(s["bytes_p2_to_p1"]));
  const auto memory = answer["peak_memory_bytes"].get<std::vector<double>>();
  fmt::print("  memory beyond plan and weights: P0 {}, P1 {}, P2 {}\n", Megabytes(memory[0]),
             Megabytes(memory[1]), Megabytes(memory[2]));
}

// One line of JSON for each row of a file.
absl::StatusOr<std::vector<std::string>> LinesOf(const std::string& path) {
  MPCC_ASSIGN_OR_RETURN(const std::string text, ReadTextFile(path));
  const absl::StatusOr<std::vector<Json>> rows = RowsFromJson(text);
  if (!rows.ok())
    return absl::InvalidArgumentError(
        fmt::format("{}: {}", path, std::string(rows.status().message())));
  std::vector<std::string> lines;
  for (const Json& row : *rows) lines.push_back(row.dump());
  return lines;
}

// The inputs with their files, each as often as asked.
absl::StatusOr<std::vector<std::pair<std::string, std::string>>> QuestionsOf(const Flags& flags) {
  std::vector<std::pair<std::string, std::string>> questions;
  for (const std::string& path : flags.inputs) {
    MPCC_ASSIGN_OR_RETURN(const std::vector<std::string> lines, LinesOf(path));
    for (const std::string& line : lines)
      for (int i = 0; i < flags.repeat; ++i) questions.emplace_back(path, line);
  }
  return questions;
}

absl::Status Run(const Flags& flags, const std::string& party_program) {
  MPCC_ASSIGN_OR_RETURN(const auto questions, QuestionsOf(flags));
  for (const std::string& path : {flags.trace, flags.machine})
    if (!path.empty()) MPCC_RETURN_IF_ERROR(CheckOutput(path));
  const TemporaryDirectory scratch;
  LocalOptions options = flags.parties;
  if (options.state.empty()) options.state = scratch.path();
  if (!flags.insecure) options.keys = scratch.path();
  if (!flags.trace.empty()) options.traces = scratch.path();
  MPCC_ASSIGN_OR_RETURN(PartyProcesses run, PartyProcesses::Start(party_program, options));
  bool refused = false;
  std::vector<Json> answers;
  std::optional<ProgressLine> progress("inferences");
  for (size_t asked = 0; asked < questions.size(); ++asked) {
    const auto& [input, line] = questions[asked];
    progress->Update(asked, questions.size());
    MPCC_ASSIGN_OR_RETURN(Json answer, run.Ask(line));
    ProgressLine::StepAside();
    refused |= answer.contains("error");
    answer["input"] = input;
    answer["setup_seconds"] = run.setup_seconds();
    MPCC_ASSIGN_OR_RETURN(answer["peak_memory_bytes"], run.PeakMemory());
    if (flags.json)
      std::cout << answer.dump() << std::endl;
    else
      PrintAnswer(answer, run.setup_seconds());
    if (!flags.machine.empty()) answers.push_back(std::move(answer));
  }
  progress.reset();
  MPCC_RETURN_IF_ERROR(run.Stop());
  if (!flags.trace.empty())
    MPCC_RETURN_IF_ERROR(MergeTraces(
        {TraceOf(scratch.path(), 0), TraceOf(scratch.path(), 1), TraceOf(scratch.path(), 2)},
        flags.trace));
  if (!flags.machine.empty()) {
    MPCC_ASSIGN_OR_RETURN(const MachineProfile machine, MachineOf(answers, options.plans));
    MPCC_RETURN_IF_ERROR(WriteMachine(machine, flags.machine));
  }
  return refused ? absl::InvalidArgumentError("an input was refused") : absl::OkStatus();
}

int Main(int argc, char** argv) {
  Flags flags;
  CLI::App app("a private inference with all three parties on this machine");
  AddManners(app, "mpcc-local");
  app.add_option("--plans", flags.parties.plans,
                 "directory with party0.plan, party1.plan, party2.plan")
      ->required();
  app.add_option("--input", flags.inputs, "JSON files with input_ids, one inference each row")
      ->required();
  app.add_option("--repeat", flags.repeat, "times that each input runs")->check(Counting());
  app.add_option("--state", flags.parties.state,
                 "keep the parties' state here, so that the next run needs no set-up");
  app.add_option("--log", flags.parties.log, "log level of the parties");
  app.add_option("--spin-us", flags.parties.spin_us,
                 "microseconds to spin for a message before sleeping");
  app.add_option("--peer-timeout", flags.parties.peer_timeout,
                 "seconds of silence after which a party is taken for dead")
      ->check(CLI::Range(1, 86400));
  app.add_flag("--deal-ahead", flags.parties.deal_ahead,
               "deal for the next inference while one runs: more of them in an hour, each slower");
  app.add_option("--threads", flags.parties.threads,
                 "threads that compute together at each party, 1 if not given: three parties share "
                 "the machine; 0: half of the processors")
      ->check(CLI::Range(0, 256));
  app.add_option(
         "--material-window", flags.parties.material_window,
         "P2: MiB of material held in memory; an inference that needs more waits for it while "
         "it runs")
      ->check(CLI::Range(0, 1 << 20));
  CLI::Option* machine =
      app.add_option("--measure-machine", flags.machine,
                     "write what this machine takes for its part, medians of the answers, for "
                     "'mpcc inspect --machine'");
  app.add_option("--trace", flags.trace,
                 "write when each party did what, a line of JSON for each inference, for 'mpcc "
                 "report --trace'");
  app.add_option("--simulate", flags.parties.simulate,
                 "let the links take as long as slower ones would: rtt=4ms,bw=400mbit, or " +
                     NamedNetworks())
      ->excludes(machine);
  app.add_option("--uplink", flags.parties.uplink,
                 "the links of P0 in --simulate, if they are others: bw=100mbit");
  app.add_flag("--renew", flags.parties.renew,
               "set up anew, for instance when --state is of plans compiled before");
  app.add_flag("--json", flags.json, "one JSON object per inference");
  app.add_flag("--insecure", flags.insecure, "no TLS, to measure its cost");
  CLI11_PARSE(app, argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  const std::string party = (fs::canonical("/proc/self/exe").parent_path() / "mpcc-party").string();
  const absl::Status status = Run(flags, party);
  if (!status.ok()) std::cerr << "error: " << std::string(status.message()) << "\n";
  return status.ok() ? 0 : 1;
}

}  // namespace
}  // namespace mpcc

int main(int argc, char** argv) { return mpcc::GuardedMain("mpcc-local", argc, argv, mpcc::Main); }
