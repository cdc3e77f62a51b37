// SPDX-License-Identifier: Apache-2.0
// mpcc-local: the three parties as processes on this machine, with temporary certificates and
// state.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "runtime/base/status_macros.h"
#include "runtime/net/keygen.h"
#include "runtime/net/listener.h"
#include "tools/child_process.h"
#include "tools/party_io.h"

namespace mpcc {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

struct Flags {
  std::string plans, state, log = "warning";
  std::vector<std::string> inputs;
  int repeat = 1, spin_us = 50;
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

// Two ports that were free a moment ago; P2 never listens.
absl::StatusOr<std::string> FreePeers() {
  MPCC_ASSIGN_OR_RETURN(const Listener first, Listener::Bind({"127.0.0.1", 0}));
  MPCC_ASSIGN_OR_RETURN(const Listener second, Listener::Bind({"127.0.0.1", 0}));
  return fmt::format("127.0.0.1:{},127.0.0.1:{},127.0.0.1:1", first.endpoint().port,
                     second.endpoint().port);
}

class LocalRun {
 public:
  LocalRun(const Flags& flags, const std::string& program) : flags_(flags), program_(program) {}

  absl::Status Start(const std::string& scratch) {
    if (!flags_.insecure) MPCC_RETURN_IF_ERROR(GenerateKeys({.directory = scratch}).status());
    MPCC_ASSIGN_OR_RETURN(const std::string peers, FreePeers());
    for (int party = 0; party < 3; ++party) {
      MPCC_ASSIGN_OR_RETURN(ChildProcess child,
                            ChildProcess::Start(Command(party, peers, scratch)));
      children_.push_back(std::move(child));
    }
    MPCC_ASSIGN_OR_RETURN(const Json ready, NextLine());
    setup_seconds_ = ready.value("setup_seconds", 0.0);
    return absl::OkStatus();
  }

  absl::StatusOr<Json> Ask(const std::string& line) {
    MPCC_RETURN_IF_ERROR(children_[1].Write(line + "\n"));
    return NextLine();
  }

  // Ends the parties; an error names those that failed.
  absl::Status Stop() {
    children_[1].CloseInput();
    std::string failed;
    for (size_t party : {1, 2, 0})
      if (const int code = children_[party].Wait(10'000); code != 0)
        failed += fmt::format(" P{} (exit code {})", party, code);
    return failed.empty() ? absl::OkStatus()
                          : absl::UnavailableError("parties that failed:" + failed);
  }

  double setup_seconds() const { return setup_seconds_; }

 private:
  std::vector<std::string> Command(int party, const std::string& peers,
                                   const std::string& scratch) const {
    const std::string state =
        (flags_.state.empty() ? scratch : flags_.state) + fmt::format("/state{}", party);
    std::vector<std::string> command = {program_,
                                        "--role",
                                        std::to_string(party),
                                        "--plan",
                                        fmt::format("{}/party{}.plan", flags_.plans, party),
                                        "--peers",
                                        peers,
                                        "--state",
                                        state,
                                        "--log",
                                        flags_.log,
                                        "--spin-us",
                                        std::to_string(flags_.spin_us)};
    if (flags_.insecure) {
      command.push_back("--insecure");
    } else {
      const TlsFiles files = KeyFiles(scratch, static_cast<PartyId>(party));
      command.insert(command.end(), {"--ca", files.ca_certificate, "--cert", files.certificate,
                                     "--key", files.private_key});
    }
    command.push_back("serve");
    return command;
  }

  // P1's next line, or which party died.
  absl::StatusOr<Json> NextLine() {
    if (!lines_) lines_ = std::make_unique<LineReader>(children_[1].output());
    std::string line;
    while (true) {
      const auto got = lines_->Next(200, &line);
      if (got.ok() && *got) {
        Json json = Json::parse(line, nullptr, false);
        if (json.is_discarded()) return absl::InternalError("P1 printed a line that is not JSON");
        return json;
      }
      for (size_t party = 0; party < children_.size(); ++party)
        if (const auto code = children_[party].Poll(); code && *code != 0)
          return absl::UnavailableError(
              fmt::format("P{} ended with exit code {}: its messages say why", party, *code));
      if (!got.ok()) return absl::UnavailableError("P1 ended");
    }
  }

  const Flags& flags_;
  std::string program_;
  std::vector<ChildProcess> children_;
  std::unique_ptr<LineReader> lines_;
  double setup_seconds_ = 0;
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
    return (void)fmt::print("refused: {}\n", answer["error"].get<std::string>());
  for (const auto& [name, output] : answer["outputs"].items()) PrintValues(name, output);
  const Json& s = answer["stats"];
  fmt::print("  set-up {:.2f} s once · dealing {:.3f} s, {} of material · waiting {:.3f} s\n",
             setup_seconds, s["deal_seconds"].get<double>(), Megabytes(s["material_bytes"]),
             s["waiting_seconds"].get<double>());
  fmt::print("  online {:.2f} ms (exchanges {:.2f} ms) · {} rounds · P1->P2 {} · P2->P1 {}\n",
             1e3 * s["online_seconds"].get<double>(), 1e3 * s["exchange_seconds"].get<double>(),
             s["rounds"].get<int>(), Megabytes(s["bytes_p1_to_p2"]),
             Megabytes(s["bytes_p2_to_p1"]));
}

absl::StatusOr<std::string> OneLine(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(path + ": cannot open");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return absl::InvalidArgumentError(path + ": not JSON");
  return json.dump();
}

absl::Status Run(const Flags& flags, const std::string& party_program) {
  const TemporaryDirectory scratch;
  LocalRun run(flags, party_program);
  MPCC_RETURN_IF_ERROR(run.Start(scratch.path()));
  bool refused = false;
  for (const std::string& input : flags.inputs) {
    MPCC_ASSIGN_OR_RETURN(const std::string line, OneLine(input));
    for (int i = 0; i < flags.repeat; ++i) {
      MPCC_ASSIGN_OR_RETURN(Json answer, run.Ask(line));
      refused |= answer.contains("error");
      answer["input"] = input;
      answer["setup_seconds"] = run.setup_seconds();
      if (flags.json)
        std::cout << answer.dump() << std::endl;
      else
        PrintAnswer(answer, run.setup_seconds());
    }
  }
  MPCC_RETURN_IF_ERROR(run.Stop());
  return refused ? absl::InvalidArgumentError("an input was refused") : absl::OkStatus();
}

int Main(int argc, char** argv) {
  Flags flags;
  CLI::App app("a private inference with all three parties on this machine");
  app.add_option("--plans", flags.plans, "directory with party0.plan, party1.plan, party2.plan")
      ->required();
  app.add_option("--input", flags.inputs, "JSON files with input_ids, one inference each")
      ->required();
  app.add_option("--repeat", flags.repeat, "times that each input runs")
      ->check(CLI::PositiveNumber);
  app.add_option("--state", flags.state,
                 "keep the parties' state here, so that the next run needs no set-up");
  app.add_option("--log", flags.log, "log level of the parties");
  app.add_option("--spin-us", flags.spin_us, "microseconds to spin for a message before sleeping");
  app.add_flag("--json", flags.json, "one JSON object per inference");
  app.add_flag("--insecure", flags.insecure, "no TLS, to measure its cost");
  CLI11_PARSE(app, argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  const std::string party = (fs::canonical("/proc/self/exe").parent_path() / "mpcc-party").string();
  const absl::Status status = Run(flags, party);
  if (!status.ok()) std::cerr << "mpcc-local: " << std::string(status.message()) << "\n";
  return status.ok() ? 0 : 1;
}

}  // namespace
}  // namespace mpcc

int main(int argc, char** argv) {
  try {
    return mpcc::Main(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << "mpcc-local: " << error.what() << "\n";
    return 1;
  }
}
