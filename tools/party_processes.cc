// SPDX-License-Identifier: Apache-2.0
#include "tools/party_processes.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>

#include "runtime/base/status_macros.h"
#include "runtime/net/keygen.h"
#include "runtime/net/listener.h"
#include "tools/simulated_links.h"

namespace mpcc {
namespace {

using Json = nlohmann::json;

// A process that lost a peer ends soon after it; after that long its own messages say more.
constexpr int kGraceMs = 10'000;
constexpr std::chrono::seconds kDyingTime{1};  // from closed connections to the end of a process
constexpr int kSignalled = 128;

// Two ports that were free a moment ago; P2 never listens.
absl::StatusOr<std::string> FreePeers() {
  MPCC_ASSIGN_OR_RETURN(const Listener first, Listener::Bind({"127.0.0.1", 0}));
  MPCC_ASSIGN_OR_RETURN(const Listener second, Listener::Bind({"127.0.0.1", 0}));
  return fmt::format("127.0.0.1:{},127.0.0.1:{},127.0.0.1:1", first.endpoint().port,
                     second.endpoint().port);
}

std::vector<std::string> Command(const std::string& program, const LocalOptions& options,
                                 PartyId party, const std::string& peers) {
  const int role = static_cast<int>(party);
  std::vector<std::string> command = {program,
                                      "--role",
                                      std::to_string(role),
                                      "--plan",
                                      fmt::format("{}/party{}.plan", options.plans, role),
                                      "--peers",
                                      peers,
                                      "--state",
                                      fmt::format("{}/state{}", options.state, role),
                                      "--log",
                                      options.log,
                                      "--spin-us",
                                      std::to_string(options.spin_us),
                                      "--peer-timeout",
                                      std::to_string(options.peer_timeout),
                                      "--material-window",
                                      std::to_string(options.material_window),
                                      "--threads",
                                      std::to_string(options.threads)};
  if (options.keys.empty()) {
    command.push_back("--insecure");
  } else {
    const TlsFiles files = KeyFiles(options.keys, party);
    command.insert(command.end(), {"--ca", files.ca_certificate, "--cert", files.certificate,
                                   "--key", files.private_key});
  }
  if (!options.simulate.empty()) command.insert(command.end(), {"--simulate", options.simulate});
  if (!options.uplink.empty()) command.insert(command.end(), {"--uplink", options.uplink});
  if (!options.deal_ahead) command.push_back("--deal-between");
  if (!options.traces.empty())
    command.insert(command.end(), {"--trace", TraceOf(options.traces, role)});
  if (party != PartyId::kP0) command.push_back("--no-progress");  // P0 knows it of the set-up
  command.push_back("--dumpable");                                // its memory is measured
  command.insert(command.end(), {"serve", "--reconnect", "0"});
  if (party == PartyId::kP0) command.push_back("--tell-times");
  if (options.renew && party == PartyId::kP0) command.push_back("--renew");
  return command;
}

std::string EndText(size_t party, int code) {
  if (code > kSignalled)
    return fmt::format("P{} was killed by signal {} ({})", party, code - kSignalled,
                       strsignal(code - kSignalled));
  return fmt::format("P{} ended with exit code {}: its messages say why", party, code);
}

}  // namespace

std::string TraceOf(const std::string& directory, int party) {
  return fmt::format("{}/trace{}.jsonl", directory, party);
}

absl::StatusOr<PartyProcesses> PartyProcesses::Start(const std::string& program,
                                                     const LocalOptions& options) {
  // Before three parties say the same.
  MPCC_RETURN_IF_ERROR(SimulatedLinks(0, options.simulate, options.uplink).status());
  if (!options.keys.empty())
    MPCC_RETURN_IF_ERROR(GenerateKeys({.directory = options.keys}).status());
  MPCC_ASSIGN_OR_RETURN(const std::string peers, FreePeers());
  PartyProcesses run;
  for (PartyId party : kAllParties) {
    MPCC_ASSIGN_OR_RETURN(ChildProcess child,
                          ChildProcess::Start(Command(program, options, party, peers)));
    run.children_.push_back(std::move(child));
  }
  run.lines_ = std::make_unique<LineReader>(run.children_[1].output());
  MPCC_ASSIGN_OR_RETURN(const Json ready, run.NextLine());
  run.setup_seconds_ = ready.value("setup_seconds", 0.0);
  MPCC_RETURN_IF_ERROR(run.RememberMemory());
  return run;
}

absl::Status PartyProcesses::RememberMemory() {
  for (size_t party = 0; party < children_.size(); ++party) {
    MPCC_RETURN_IF_ERROR(ForgetPeak(children_[party].pid()));
    MPCC_ASSIGN_OR_RETURN(when_ready_[party], MemoryOf(children_[party].pid()));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::array<uint64_t, 3>> PartyProcesses::PeakMemory() const {
  std::array<uint64_t, 3> beyond{};
  for (size_t party = 0; party < children_.size(); ++party) {
    MPCC_ASSIGN_OR_RETURN(const ProcessMemory now, MemoryOf(children_[party].pid()));
    const uint64_t before = when_ready_[party].resident - when_ready_[party].file;
    beyond[party] = now.peak - std::min(now.peak, now.file + before);
  }
  return beyond;
}

absl::StatusOr<Json> PartyProcesses::Ask(const std::string& line) {
  if (!children_[1].Write(line + "\n").ok()) {
    children_[1].Wait(kGraceMs);
    return WhoDied();
  }
  return NextLine();
}

absl::Status PartyProcesses::Stop() {
  children_[1].CloseInput();
  std::string failed;
  for (size_t party : {1, 2, 0})
    if (const int code = children_[party].Wait(kGraceMs); code != 0)
      failed += (failed.empty() ? "" : "; ") + EndText(party, code);
  return failed.empty() ? absl::OkStatus() : absl::UnavailableError(failed);
}

// Sleeps until P1 says something or a process ends.
void PartyProcesses::WaitForEvent() const {
  std::array<pollfd, 4> events{};
  for (size_t i = 0; i < children_.size(); ++i) events[i] = {children_[i].ended(), POLLIN, 0};
  events[3] = {children_[1].output(), POLLIN, 0};
  poll(events.data(), events.size(), -1);
}

// A dying process closes its connections before it can be waited for: the others, which end because
// of it, may be seen first.
void PartyProcesses::WaitForOthers() {
  const bool failed = std::any_of(children_.begin(), children_.end(), [](ChildProcess& child) {
    return child.Poll().value_or(0) != 0;
  });
  const auto deadline = std::chrono::steady_clock::now() + kDyingTime;
  for (size_t i = 0; failed && i < children_.size(); ++i) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd event{children_[i].ended(), POLLIN, 0};
    poll(&event, 1, std::max(0, static_cast<int>(left.count())));
  }
}

// Who ended: a party that was killed alone, since the others end because of it.
absl::Status PartyProcesses::WhoDied() {
  WaitForOthers();
  std::string failed;
  for (size_t party = 0; party < children_.size(); ++party) {
    const auto code = children_[party].Poll();
    if (!code || *code == 0) continue;
    if (*code > kSignalled) return absl::UnavailableError(EndText(party, *code));
    failed += (failed.empty() ? "" : "; ") + EndText(party, *code);
  }
  return failed.empty() ? absl::OkStatus() : absl::UnavailableError(failed);
}

absl::StatusOr<Json> PartyProcesses::NextLine() {
  std::string line;
  while (true) {
    const auto got = lines_->Next(0, &line);
    if (got.ok() && *got) {
      Json json = Json::parse(line, nullptr, false);
      if (json.is_discarded()) return absl::InternalError("P1 printed a line that is not JSON");
      return json;
    }
    if (!got.ok()) children_[1].Wait(kGraceMs);
    MPCC_RETURN_IF_ERROR(WhoDied());
    if (!got.ok()) return absl::UnavailableError("P1 ended");
    WaitForEvent();
  }
}

}  // namespace mpcc
