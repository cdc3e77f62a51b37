// SPDX-License-Identifier: Apache-2.0
// mpcc-party: one of the three parties as a process.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <csignal>
#include <deque>
#include <iostream>

#include "runtime/base/network_profile.h"
#include "runtime/base/status_macros.h"
#include "runtime/net/endpoint.h"
#include "runtime/session/party_process.h"
#include "tools/guarded_main.h"
#include "tools/log.h"
#include "tools/party_io.h"
#include "tools/protect_process.h"

namespace mpcc {
namespace {

using session::DataOwnerIo;

struct Flags {
  int role = 0;
  std::string plan, peers, cert, key, ca, state, log = "info";
  std::string simulate, uplink;
  std::string listen, listening_order = "0,1,2";
  bool insecure = false, insecure_network = false, renew = false, dumpable = false;
  int count = 1, sequence_length = 0, spin_us = 50, peer_timeout = 60, reconnect = 300;
  uint64_t material_window = 0, max_inferences = 0;
  std::string input, output;
};

absl::StatusOr<std::array<std::string, 3>> ParsePeers(const std::string& text) {
  std::array<std::string, 3> peers;
  std::stringstream stream(text);
  size_t count = 0;
  for (std::string part; std::getline(stream, part, ',') && count < 3;) {
    MPCC_RETURN_IF_ERROR(ParseEndpoint(part).status());
    peers[count++] = part;
  }
  if (count == 3) return peers;
  return absl::InvalidArgumentError("--peers needs three addresses: host:port of P0, P1, P2");
}

// Links by peer. P0's are as fast as that of P1 and P2 unless its uplink says more.
absl::StatusOr<std::array<SimulatedLink, 3>> LinksOf(const Flags& flags) {
  std::array<SimulatedLink, 3> links{};
  if (flags.simulate.empty()) {
    if (flags.uplink.empty()) return links;
    return absl::InvalidArgumentError("--uplink needs --simulate: there is no link to be slower");
  }
  NetworkProfile network;
  MPCC_RETURN_IF_ERROR(SetNetwork(network, flags.simulate));
  network.offline_bits_per_second = network.online_bits_per_second;
  if (!flags.uplink.empty()) MPCC_RETURN_IF_ERROR(SetUplink(network, flags.uplink));
  const std::chrono::duration<double> round_trip(network.round_trip_seconds);
  for (int peer = 0; peer < 3; ++peer)
    links[peer] = {std::chrono::duration_cast<std::chrono::nanoseconds>(round_trip),
                   flags.role == 0 || peer == 0 ? network.offline_bits_per_second
                                                : network.online_bits_per_second};
  return links;
}

absl::StatusOr<std::array<PartyId, 3>> ParseOrder(const std::string& text) {
  std::array<PartyId, 3> order = kAllParties;
  do {
    if (text ==
        fmt::format("{},{},{}", PartyIndex(order[0]), PartyIndex(order[1]), PartyIndex(order[2])))
      return order;
  } while (std::ranges::next_permutation(order).found);
  return absl::InvalidArgumentError(
      "--listening-order is an order of all parties, such as 0,2,1: of two the first one listens");
}

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

absl::Status RunModelOwner(const Flags& flags, const std::string& command, PartyConfig config,
                           const NetworkOptions& network) {
  const SetUpMode mode = flags.renew ? SetUpMode::kRenew : SetUpMode::kKeep;
  MPCC_ASSIGN_OR_RETURN(const int program, ProgramOf(config.plan, flags.sequence_length));
  MPCC_ASSIGN_OR_RETURN(ModelOwner owner, ModelOwner::Create(std::move(config)));
  if (command == "setup") return session::SetUp(owner, network, mode);
  if (command == "serve") return session::Serve(owner, network, mode);
  if (command == "deal") return session::Deal(owner, network, program, flags.count);
  return absl::InvalidArgumentError("P0 takes no part online: run `run` at P1 and P2");
}

absl::Status AskFromFile(const Flags& flags, DataOwner& owner, const NetworkOptions& network) {
  if (flags.input.empty()) return absl::InvalidArgumentError("P1 needs --input");
  if (!flags.output.empty()) MPCC_RETURN_IF_ERROR(CheckFolderOf(flags.output));
  AnswerLines answers(flags.output);
  absl::Status status = session::Ask(owner, network, FileIo(flags, answers));
  status.Update(answers.Finish());
  return status;
}

absl::Status RunDataOwner(const Flags& flags, const std::string& command, PartyConfig config,
                          const NetworkOptions& network) {
  if (command == "deal")
    return absl::InvalidArgumentError("P1 takes no part in dealing: run `deal` at P0 and P2");
  MPCC_ASSIGN_OR_RETURN(DataOwner owner, DataOwner::Create(std::move(config)));
  if (command == "setup") return session::SetUp(owner, network);
  if (command == "run") return AskFromFile(flags, owner, network);
  AnswerLines answers("");
  return session::Serve(owner, network, LineIo(answers), SayReady);
}

absl::Status RunAssistant(const Flags&, const std::string& command, PartyConfig config,
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
  spdlog::log(level == LogLevel::kWarning ? spdlog::level::warn : spdlog::level::info, "{}", text);
}

absl::Status Run(const Flags& flags, const std::string& command, const std::stop_token& stop) {
  MPCC_ASSIGN_OR_RETURN(Plan plan, Plan::Open(flags.plan));
  if (PartyIndex(plan.party()) != flags.role)
    return absl::InvalidArgumentError("the plan is of another party than --role");
  if (command == "stock") return PrintStock(plan, flags.state);
  NetworkOptions network;
  MPCC_ASSIGN_OR_RETURN(network.addresses, ParsePeers(flags.peers));
  network.ca_certificate = flags.ca;
  network.certificate = flags.cert;
  network.private_key = flags.key;
  network.insecure = flags.insecure || flags.insecure_network;
  network.insecure_network = flags.insecure_network;
  network.listen = flags.listen;
  MPCC_ASSIGN_OR_RETURN(network.listening_order, ParseOrder(flags.listening_order));
  network.reconnect = std::chrono::seconds(flags.reconnect);
  network.stop = stop;
  network.wait.spin = std::chrono::microseconds(flags.spin_us);
  network.wait.peer_timeout = std::chrono::seconds(flags.peer_timeout);
  network.log = LogLine;
  MPCC_ASSIGN_OR_RETURN(network.simulated, LinksOf(flags));
  constexpr decltype(&RunModelOwner) kRun[] = {RunModelOwner, RunDataOwner, RunAssistant};
  return kRun[flags.role](flags, command,
                          {.plan = std::move(plan),
                           .state_directory = flags.state,
                           .stop = stop,
                           .log = LogLine,
                           .max_inferences = flags.max_inferences,
                           .material_window = flags.material_window << 20},
                          network);
}

int Main(int argc, char** argv) {
  Flags flags;
  CLI::App app("one party of a private inference");
  app.add_option("--role", flags.role, "0 model owner, 1 data owner, 2 assistant")
      ->required()
      ->check(CLI::Range(0, 2));
  app.add_option("--plan", flags.plan, "this party's plan")->required();
  app.add_option("--peers", flags.peers, "host:port of P0,P1,P2");
  app.add_option("--state", flags.state, "directory for seeds, shares and material (mode 0700)")
      ->required();
  app.add_option("--ca", flags.ca, "certificate of the authority");
  app.add_option("--cert", flags.cert, "this party's certificate");
  app.add_option("--key", flags.key, "this party's private key");
  app.add_flag("--insecure", flags.insecure, "no TLS; for tests on one machine only");
  app.add_flag("--insecure-network", flags.insecure_network,
               "no TLS between machines: whoever sees the network may see the inputs");
  app.add_option(
      "--listen", flags.listen,
      "host:port to listen at, such as 0.0.0.0:9100; its address in --peers if not given");
  app.add_option("--listening-order", flags.listening_order,
                 "of two parties the first one here listens, the same at all: 0,2,1 for a P1 that "
                 "nobody can reach");
  app.add_flag("--dumpable", flags.dumpable,
               "let this user's other processes look at this one's memory, to measure it");
  app.add_option("--log", flags.log, "trace, debug, info, warning, error, off");
  app.add_option("--spin-us", flags.spin_us, "microseconds to spin for a message before sleeping");
  app.add_option("--peer-timeout", flags.peer_timeout,
                 "seconds of silence after which a peer is taken for dead")
      ->check(CLI::Range(1, 86400));
  app.add_option(
         "--material-window", flags.material_window,
         "P2: MiB of material held in memory; an inference that needs more waits for it while "
         "it runs")
      ->check(CLI::Range(0, 1 << 20));
  app.add_option("--simulate", flags.simulate,
                 "wait as a slower link would take, with all parties on one machine: "
                 "rtt=4ms,bw=400mbit, or " +
                     NamedNetworks());
  app.add_option("--uplink", flags.uplink, "the links of P0 in --simulate: bw=100mbit");
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
  serve
      ->add_option("--max-inferences", flags.max_inferences,
                   "P0: material for so many inferences of the set-up, and no more")
      ->check(CLI::PositiveNumber);
  serve
      ->add_option("--reconnect", flags.reconnect,
                   "seconds to wait for a party that was lost, with the set-up kept; 0 to end")
      ->check(CLI::Range(0, 86400));
  app.add_subcommand("stock", "P2: what material is stored, a line of JSON for each bucket");
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
  if (!flags.dumpable) ForbidDumps();
  const absl::Status status =
      Run(flags, app.get_subcommands().front()->get_name(), StopOnSignals());
  if (!status.ok()) spdlog::error("{}", std::string(status.message()));
  return status.ok() ? 0 : 1;
}

}  // namespace
}  // namespace mpcc

int main(int argc, char** argv) { return mpcc::GuardedMain("mpcc-party", argc, argv, mpcc::Main); }
