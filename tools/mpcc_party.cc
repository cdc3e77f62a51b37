// SPDX-License-Identifier: Apache-2.0
// mpcc-party: one of the three parties as a process.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <deque>
#include <iostream>

#include "runtime/base/output_file.h"
#include "runtime/base/status_macros.h"
#include "runtime/session/party_process.h"
#include "tools/cleansed_memory.h"
#include "tools/guarded_main.h"
#include "tools/log.h"
#include "tools/manners.h"
#include "tools/party_flags.h"
#include "tools/party_io.h"
#include "tools/party_progress.h"
#include "tools/protect_process.h"
#include "tools/trace_writer.h"

namespace mpcc {
namespace {

using session::DataOwnerIo;

absl::StatusOr<int> ProgramOf(const Plan& plan, int sequence_length) {
  for (size_t i = 0; i < plan.programs().size(); ++i)
    if (sequence_length == 0 ||
        plan.programs()[i].sequence_length == static_cast<uint32_t>(sequence_length))
      return static_cast<int>(i);
  return absl::InvalidArgumentError("no program has this --seq-len");
}

// Inputs wait in `rows`; a batch is several.
std::optional<NamedTensors> NextRow(std::deque<NamedTensors>& rows) {
  NamedTensors row = std::move(rows.front());
  rows.pop_front();
  return row;
}

// The rows of a file in, a line each out. A file that is refused is so before anybody is met.
absl::StatusOr<DataOwnerIo> FileIo(const PartyFlags& flags, AnswerLines& answers) {
  MPCC_ASSIGN_OR_RETURN(const std::string text, ReadTextFile(flags.input));
  const auto inputs = InputsFromJson(text);
  if (!inputs.ok())
    return absl::Status(inputs.status().code(),
                        flags.input + ": " + std::string(inputs.status().message()));
  DataOwnerIo io;
  auto rows = std::make_shared<std::deque<NamedTensors>>(inputs->begin(), inputs->end());
  io.next = [rows]() -> absl::StatusOr<std::optional<NamedTensors>> {
    if (rows->empty()) return absl::OutOfRangeError("done");
    return NextRow(*rows);
  };
  io.answer = [&answers](const absl::StatusOr<Answer>& answer) { answers.Add(answer); };
  return io;
}

// JSON lines in, JSON lines out, one for each row.
DataOwnerIo LineIo(AnswerLines& answers) {
  DataOwnerIo io;
  auto reader = std::make_shared<LineReader>(0);
  auto rows = std::make_shared<std::deque<NamedTensors>>();  // of the line that was read
  io.next = [reader, rows, &answers]() -> absl::StatusOr<std::optional<NamedTensors>> {
    if (!rows->empty()) return NextRow(*rows);
    std::string line;
    const auto got = reader->Next(2000, &line);
    if (absl::IsInvalidArgument(got.status())) answers.Add(got.status());
    if (!got.ok() && !absl::IsInvalidArgument(got.status())) return got.status();
    if (!got.ok() || !*got || line.empty()) return std::optional<NamedTensors>();
    const auto inputs = InputsFromJson(line);
    if (!inputs.ok()) {
      answers.Add(inputs.status());
      return std::optional<NamedTensors>();
    }
    rows->assign(inputs->begin(), inputs->end());
    return NextRow(*rows);
  };
  io.answer = [&answers](const absl::StatusOr<Answer>& answer) { answers.Add(answer); };
  return io;
}

void SayReady(double seconds) {
  std::cout << nlohmann::json{{"ready", true}, {"setup_seconds", seconds}}.dump() << std::endl;
}

absl::Status RunModelOwner(const PartyFlags& flags, const std::string& command, PartyConfig config,
                           const NetworkOptions& network) {
  const SetUpMode mode = flags.renew ? SetUpMode::kRenew : SetUpMode::kKeep;
  MPCC_ASSIGN_OR_RETURN(const int program, ProgramOf(config.plan, flags.sequence_length));
  MPCC_ASSIGN_OR_RETURN(ModelOwner owner, ModelOwner::Create(std::move(config)));
  if (command == "setup") return session::SetUp(owner, network, mode);
  if (command == "serve") return session::Serve(owner, network, mode);
  if (command == "deal") return session::Deal(owner, network, program, flags.count);
  return absl::InvalidArgumentError("P0 takes no part online: run `run` at P1 and P2");
}

absl::Status AskFromFile(const PartyFlags& flags, DataOwner& owner, const NetworkOptions& network) {
  if (flags.input.empty()) return absl::InvalidArgumentError("P1 needs --input");
  if (!flags.output.empty()) MPCC_RETURN_IF_ERROR(CheckOutput(flags.output));
  AnswerLines answers(flags.output);
  MPCC_ASSIGN_OR_RETURN(const DataOwnerIo io, FileIo(flags, answers));
  absl::Status status = session::Ask(owner, network, io);
  status.Update(answers.Finish());
  return status;
}

absl::Status RunDataOwner(const PartyFlags& flags, const std::string& command, PartyConfig config,
                          const NetworkOptions& network) {
  if (command == "deal")
    return absl::InvalidArgumentError("P1 takes no part in dealing: run `deal` at P0 and P2");
  MPCC_ASSIGN_OR_RETURN(DataOwner owner, DataOwner::Create(std::move(config)));
  if (command == "setup") return session::SetUp(owner, network);
  if (command == "run") return AskFromFile(flags, owner, network);
  AnswerLines answers("");
  return session::Serve(owner, network, LineIo(answers), SayReady);
}

absl::Status RunAssistant(const PartyFlags&, const std::string& command, PartyConfig config,
                          const NetworkOptions& network) {
  MPCC_ASSIGN_OR_RETURN(Assistant assistant, Assistant::Create(std::move(config)));
  if (command == "setup") return session::SetUp(assistant, network);
  if (command == "deal") return session::Store(assistant, network);
  if (command == "run") return session::Assist(assistant, network);
  return session::Serve(assistant, network);
}

// A line of JSON for each program.
absl::Status PrintStock(const Plan& plan, const std::string& state) {
  MPCC_ASSIGN_OR_RETURN(const std::vector<StockInfo> stock, Assistant::Stock(plan, state));
  for (const StockInfo& program : stock)
    std::cout << nlohmann::json{{"sequence_length", program.sequence_length},
                                {"inferences", program.inferences},
                                {"pieces", program.pieces},
                                {"bytes", program.bytes}}
                     .dump()
              << "\n";
  return absl::OkStatus();
}

void LogLine(LogLevel level, std::string_view text) {
  ProgressLine::StepAside();
  spdlog::log(level == LogLevel::kWarning ? spdlog::level::warn : spdlog::level::info, "{}", text);
}

// Empty where nobody asked for one.
absl::StatusOr<TraceSink> TraceOf(const PartyFlags& flags, const Plan& plan) {
  if (flags.trace.empty()) return TraceSink();
  return TraceTo(flags.trace, plan);
}

ProgressSink ProgressOf(const PartyFlags& flags) {
  if (flags.no_progress) return {};
  return ShowProgress([](const std::string& line) { LogLine(LogLevel::kInfo, line); });
}

absl::Status Run(const PartyFlags& flags, const std::string& command, const std::stop_token& stop) {
  MPCC_ASSIGN_OR_RETURN(Plan plan, Plan::Open(flags.plan));
  if (PartyIndex(plan.party()) != flags.role)
    return absl::InvalidArgumentError("the plan is of another party than --role");
  if (command == "stock") return PrintStock(plan, flags.state);
  MPCC_ASSIGN_OR_RETURN(NetworkOptions network, NetworkOptionsOf(flags));
  network.stop = stop;
  network.log = LogLine;
  network.progress = ProgressOf(flags);
  MPCC_ASSIGN_OR_RETURN(TraceSink trace, TraceOf(flags, plan));
  constexpr decltype(&RunModelOwner) kRun[] = {RunModelOwner, RunDataOwner, RunAssistant};
  return kRun[flags.role](flags, command,
                          {.plan = std::move(plan),
                           .state_directory = flags.state,
                           .stop = stop,
                           .log = LogLine,
                           .trace = std::move(trace),
                           .progress = network.progress,
                           .max_inferences = flags.max_inferences,
                           .tells_times = flags.tell_times,
                           .material_window = flags.material_window << 20,
                           .deals_ahead = !flags.deal_between,
                           .threads = flags.threads},
                          network);
}

// Of options that no check of the parser looks at. Where `stock` is asked for nobody is met.
absl::Status CheckOptions(const PartyFlags& flags, const std::string& command) {
  MPCC_RETURN_IF_ERROR(InitLogging(fmt::format("party{}", flags.role), flags.log));
  return command == "stock" ? absl::OkStatus() : NetworkOptionsOf(flags).status();
}

int Main(int argc, char** argv) {
  CleanseOpensslMemory();
  PartyFlags flags;
  CLI::App app("one party of a private inference");
  AddManners(app, "mpcc-party");
  AddPartyFlags(app, flags);
  CLI11_PARSE(app, argc, argv);
  const std::string command = app.get_subcommands().front()->get_name();
  if (const absl::Status refused = CheckOptions(flags, command); !refused.ok()) {
    std::cerr << "error: " << refused.message() << "\n";
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  KeepNoOutput();
  if (!flags.dumpable) ForbidDumps();
  const absl::Status status = Run(flags, command, StopOnSignals());
  if (!status.ok()) spdlog::error("{}", std::string(status.message()));
  return status.ok() ? 0 : 1;
}

}  // namespace
}  // namespace mpcc

int main(int argc, char** argv) { return mpcc::GuardedMain("mpcc-party", argc, argv, mpcc::Main); }
