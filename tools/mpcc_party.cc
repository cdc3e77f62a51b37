// SPDX-License-Identifier: Apache-2.0
// mpcc-party: one of the three parties as a process.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <deque>
#include <iostream>

#include "runtime/base/log.h"
#include "runtime/base/status_macros.h"
#include "runtime/session/party_session.h"
#include "tools/guarded_main.h"
#include "tools/party_io.h"

namespace mpcc {
namespace {

using session::DataOwnerIo;
using session::PartyOptions;

struct Flags {
  int role = 0;
  std::string plan, peers, cert, key, ca, state, log = "info";
  bool insecure = false, renew = false;
  int count = 1, sequence_length = 0, spin_us = 50, peer_timeout = 60;
  std::string input, output;
};

absl::Status ParsePeers(const std::string& text, PartyOptions* options) {
  std::stringstream stream(text);
  std::string part;
  size_t i = 0;
  for (; std::getline(stream, part, ',') && i < 3; ++i) {
    MPCC_ASSIGN_OR_RETURN(options->endpoints[i], ParseEndpoint(part));
  }
  if (i != 3)
    return absl::InvalidArgumentError("--peers needs three addresses: host:port of P0, P1, P2");
  return absl::OkStatus();
}

absl::StatusOr<int> ProgramOf(const plan::Plan& plan, int sequence_length) {
  for (int i = 0; i < plan.programs_size(); ++i)
    if (sequence_length == 0 ||
        plan.programs(i).sequence_length() == static_cast<uint32_t>(sequence_length))
      return i;
  return absl::InvalidArgumentError("no program has this --seq-len");
}

// Inputs wait in `rows`; a batch is several.
std::optional<NamedTensors> NextRow(std::deque<NamedTensors>& rows) {
  NamedTensors row = std::move(rows.front());
  rows.pop_front();
  return row;
}

// The rows of a file in, a line each out.
DataOwnerIo FileIo(const Flags& flags, AnswerLines& answers) {
  DataOwnerIo io;
  auto read = std::make_shared<bool>(false);
  auto rows = std::make_shared<std::deque<NamedTensors>>();
  io.next = [&flags, read, rows]() -> absl::StatusOr<std::optional<NamedTensors>> {
    if (!std::exchange(*read, true)) {
      MPCC_ASSIGN_OR_RETURN(const std::string text, ReadTextFile(flags.input));
      MPCC_ASSIGN_OR_RETURN(const auto inputs, InputsFromJson(text));
      rows->assign(inputs.begin(), inputs.end());
    }
    if (rows->empty()) return absl::OutOfRangeError("done");
    return NextRow(*rows);
  };
  io.answer = [&answers](const absl::StatusOr<Answer>& answer) { answers.Add(answer); };
  io.ready = [](double) {};
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
    MPCC_ASSIGN_OR_RETURN(const bool got, reader->Next(2000, &line));
    if (!got || line.empty()) return std::optional<NamedTensors>();
    const auto inputs = InputsFromJson(line);
    if (!inputs.ok()) {
      answers.Add(inputs.status());
      return std::optional<NamedTensors>();
    }
    rows->assign(inputs->begin(), inputs->end());
    return NextRow(*rows);
  };
  io.answer = [&answers](const absl::StatusOr<Answer>& answer) { answers.Add(answer); };
  io.ready = [](double seconds) {
    std::cout << nlohmann::json{{"ready", true}, {"setup_seconds", seconds}}.dump() << std::endl;
  };
  return io;
}

absl::Status Run(const Flags& flags, const std::string& command) {
  PartyOptions options;
  options.self = static_cast<PartyId>(flags.role);
  options.state_directory = flags.state;
  options.wait.spin = std::chrono::microseconds(flags.spin_us);
  options.wait.peer_timeout = std::chrono::seconds(flags.peer_timeout);
  options.renew = flags.renew;
  MPCC_RETURN_IF_ERROR(ParsePeers(flags.peers, &options));
  MPCC_ASSIGN_OR_RETURN(options.plan, LoadedPlan::Open(flags.plan));
  if (options.plan->plan().party() != static_cast<uint32_t>(flags.role))
    return absl::InvalidArgumentError("the plan is of another party than --role");
  std::optional<TlsContext> tls;
  if (!flags.insecure) {
    MPCC_ASSIGN_OR_RETURN(TlsContext context, TlsContext::Load({flags.ca, flags.cert, flags.key}));
    options.tls = &tls.emplace(std::move(context));
  }
  if (command == "setup") return SetUp(options);
  if (command == "deal") {
    MPCC_ASSIGN_OR_RETURN(const int program,
                          ProgramOf(options.plan->plan(), flags.sequence_length));
    return Deal(options, program, flags.count);
  }
  const bool data_owner = options.self == PartyId::kP1;
  if (command == "run") {
    AnswerLines answers(flags.output);
    const DataOwnerIo io = FileIo(flags, answers);
    if (data_owner && flags.input.empty()) return absl::InvalidArgumentError("P1 needs --input");
    if (!flags.output.empty()) MPCC_RETURN_IF_ERROR(CheckFolderOf(flags.output));
    absl::Status status = RunStored(options, data_owner ? &io : nullptr);
    status.Update(data_owner ? answers.Finish() : absl::OkStatus());
    return status;
  }
  AnswerLines answers("");
  const DataOwnerIo io = LineIo(answers);
  return Serve(options, data_owner ? &io : nullptr);
}

int Main(int argc, char** argv) {
  Flags flags;
  CLI::App app("one party of a private inference");
  app.add_option("--role", flags.role, "0 model owner, 1 data owner, 2 assistant")
      ->required()
      ->check(CLI::Range(0, 2));
  app.add_option("--plan", flags.plan, "this party's plan")->required();
  app.add_option("--peers", flags.peers, "host:port of P0,P1,P2")->required();
  app.add_option("--state", flags.state, "directory for seeds, shares and material (mode 0700)")
      ->required();
  app.add_option("--ca", flags.ca, "certificate of the authority");
  app.add_option("--cert", flags.cert, "this party's certificate");
  app.add_option("--key", flags.key, "this party's private key");
  app.add_flag("--insecure", flags.insecure, "no TLS; for tests on one machine only");
  app.add_option("--log", flags.log, "trace, debug, info, warning, error, off");
  app.add_option("--spin-us", flags.spin_us, "microseconds to spin for a message before sleeping");
  app.add_option("--peer-timeout", flags.peer_timeout,
                 "seconds of silence after which a peer is taken for dead")
      ->check(CLI::Range(1, 86400));
  app.require_subcommand(1);
  app.fallthrough();
  CLI::App* setup = app.add_subcommand("setup", "agree on seeds and deal weight shares, once");
  CLI::App* deal = app.add_subcommand("deal", "P0 and P2: store material for inferences");
  deal->add_option("--count", flags.count, "number of inferences")->check(CLI::PositiveNumber);
  deal->add_option("--seq-len", flags.sequence_length, "bucket; the smallest if not given");
  CLI::App* run = app.add_subcommand("run", "P1 and P2: inferences with stored material");
  run->add_option("--input", flags.input,
                  "P1: JSON file with input_ids; rows of a batch are inferences");
  run->add_option("--output", flags.output,
                  "P1: file for the answers, a line of JSON each; standard output if not given");
  CLI::App* serve =
      app.add_subcommand("serve", "all: set up if needed, then one inference per JSON line at P1");
  for (CLI::App* command : {setup, serve})
    command->add_flag("--renew", flags.renew,
                      "P0: make a new instance even if all parties are set up");
  CLI11_PARSE(app, argc, argv);
  if (absl::Status status = InitLogging(fmt::format("party{}", flags.role), flags.log);
      !status.ok()) {
    std::cerr << status.message() << "\n";
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  const absl::Status status = Run(flags, app.get_subcommands().front()->get_name());
  if (!status.ok()) spdlog::error("{}", std::string(status.message()));
  return status.ok() ? 0 : 1;
}

}  // namespace
}  // namespace mpcc

int main(int argc, char** argv) { return mpcc::GuardedMain("mpcc-party", argc, argv, mpcc::Main); }
