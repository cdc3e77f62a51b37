// SPDX-License-Identifier: Apache-2.0
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <type_traits>
#include <utility>

#include "mpcc/assistant.h"
#include "mpcc/data_owner.h"
#include "mpcc/model_owner.h"
#include "runtime/session/party_process.h"
#include "tools/python/bindings/module.h"
#include "tools/python/bindings/tensors.h"

namespace mpcc::python {
namespace {

void AddConfig(nb::module_& module) {
  nb::class_<PartyConfig>(module, "PartyConfig")
      .def(
          "__init__",
          [](PartyConfig* self, const Plan& plan, const std::string& state) {
            new (self) PartyConfig{.plan = plan, .state_directory = state};
          },
          nb::arg("plan"), nb::arg("state"))
      .def_rw("max_inferences", &PartyConfig::max_inferences)
      .def_rw("material_window", &PartyConfig::material_window)
      .def_rw("threads", &PartyConfig::threads)
      .def("attend", Attend<PartyConfig>, nb::arg("stop"), nb::arg("log"),
           nb::arg("progress").none());
}

template <typename Party>
Party Create(const PartyConfig& config) {
  return ValueOf(Unlocked([&] { return Party::Create(config); }));
}

template <typename Party>
nb::class_<Party> AddParty(nb::module_& module, const char* name) {
  return nb::class_<Party>(module, name)
      .def_static("create", Create<Party>, nb::arg("config"))
      .def("check_set_up", [](const Party& party) { Check(party.CheckSetUp()); });
}

// Calls a member with the channels of two links.
template <typename Call>
auto WithLinks(Link& first, Link& second, Call&& call) {
  auto one = ValueOf(first.Take());
  auto other = ValueOf(second.Take());
  return Unlocked([&] { return call(std::move(one), std::move(other)); });
}

SetUpMode ModeOf(bool renew) { return renew ? SetUpMode::kRenew : SetUpMode::kKeep; }

void AddModelOwner(nb::module_& module) {
  AddParty<ModelOwner>(module, "ModelOwner")
      .def("serve_memory",
           [](ModelOwner& owner, Link& p1, Link& p2) {
             Check(WithLinks(
                 p1, p2, [&](auto a, auto b) { return owner.Serve(std::move(a), std::move(b)); }));
           })
      .def("set_up",
           [](ModelOwner& owner, const NetworkOptions& network, bool renew) {
             Check(Unlocked([&] { return session::SetUp(owner, network, ModeOf(renew)); }));
           })
      .def("deal",
           [](ModelOwner& owner, const NetworkOptions& network, int program, int count) {
             Check(Unlocked([&] { return session::Deal(owner, network, program, count); }));
           })
      .def("serve", [](ModelOwner& owner, const NetworkOptions& network, bool renew) {
        Check(Unlocked([&] { return session::Serve(owner, network, ModeOf(renew)); }));
      });
}

void AddAssistant(nb::module_& module) {
  AddParty<Assistant>(module, "Assistant")
      .def("serve_memory",
           [](Assistant& assistant, Link& p0, Link& p1) {
             Check(WithLinks(p0, p1, [&](auto a, auto b) {
               return assistant.Serve(std::move(a), std::move(b));
             }));
           })
      .def("set_up",
           [](Assistant& assistant, const NetworkOptions& network) {
             Check(Unlocked([&] { return session::SetUp(assistant, network); }));
           })
      .def("store",
           [](Assistant& assistant, const NetworkOptions& network) {
             Check(Unlocked([&] { return session::Store(assistant, network); }));
           })
      .def("assist",
           [](Assistant& assistant, const NetworkOptions& network) {
             Check(Unlocked([&] { return session::Assist(assistant, network); }));
           })
      .def("serve",
           [](Assistant& assistant, const NetworkOptions& network) {
             Check(Unlocked([&] { return session::Serve(assistant, network); }));
           })
      .def_static("stock", [](const Plan& plan, const std::string& state) {
        nb::list stock;
        for (const StockInfo& info : ValueOf(Assistant::Stock(plan, state)))
          stock.append(
              nb::make_tuple(info.sequence_length, info.inferences, info.pieces, info.bytes));
        return stock;
      });
}

nb::dict StatsOf(const Answer& answer) {
  const Cost& total = answer.stats.total;
  nb::dict stats;
  stats["program"] = answer.program;
  stats["inference"] = answer.number;
  stats["rounds"] = total.rounds;
  stats["bytes_p1_to_p2"] = total.bytes_p1_to_p2;
  stats["bytes_p2_to_p1"] = total.bytes_p2_to_p1;
  stats["material_bytes"] = answer.material_bytes;
  stats["online_seconds"] = answer.stats.seconds;
  stats["exchange_seconds"] = answer.stats.exchange_seconds;
  stats["deal_seconds"] = answer.deal_seconds;
  stats["waiting_seconds"] = answer.waiting_seconds;
  if (answer.inferences_left) stats["inferences_left"] = *answer.inferences_left;
  return stats;
}

// A session until it is closed, whoever still names it: a traceback does. A call that is under way
// on another thread keeps it until it returns.
class Session {
 public:
  explicit Session(InferenceSession session)
      : session_(std::make_shared<InferenceSession>(std::move(session))) {}

  nb::tuple Infer(const nb::dict& inputs) {
    const NamedTensors tensors = TensorsOf(inputs);
    Answer answer =
        ValueOf(Alone([&](InferenceSession& session) { return session.Infer(tensors); }));
    const nb::dict stats = StatsOf(answer);
    return nb::make_tuple(ArraysOf(std::move(answer.outputs)), stats);
  }

  void Ping() {
    Check(Alone([](InferenceSession& session) { return session.Ping(); }));
  }

  void End() {
    Check(Alone([](InferenceSession& session) { return session.End(); }));
  }

  void Close() {
    Unlocked([session = std::exchange(session_, nullptr)]() mutable { session.reset(); });
  }

 private:
  // One call at a time; Python's lock guards what this object holds.
  template <typename Call>
  std::invoke_result_t<Call, InferenceSession&> Alone(const Call& call) {
    if (!session_) Check(absl::FailedPreconditionError("this session is closed"));
    if (std::exchange(busy_, true))
      Check(absl::FailedPreconditionError("another thread's question is under way: wait for it"));
    const std::shared_ptr<InferenceSession> session = session_;
    auto result = Unlocked([&] { return call(*session); });
    busy_ = false;
    return result;
  }

  std::shared_ptr<InferenceSession> session_;
  bool busy_ = false;
};

void AddDataOwner(nb::module_& module) {
  nb::class_<Session>(module, "InferenceSession")
      .def("infer", &Session::Infer, nb::arg("inputs"))
      .def("ping", &Session::Ping)
      .def("end", &Session::End)
      .def("close", &Session::Close);
  AddParty<DataOwner>(module, "DataOwner")
      .def("set_up",
           [](DataOwner& owner, const NetworkOptions& network) {
             Check(Unlocked([&] { return session::SetUp(owner, network); }));
           })
      .def("start",
           [](DataOwner& owner, Link& p2) {
             auto channel = ValueOf(p2.Take());
             return Session(ValueOf(Unlocked([&] { return owner.Start(std::move(channel)); })));
           })
      .def("serve", [](DataOwner& owner, Link& p0, Link& p2) {
        return Session(ValueOf(WithLinks(
            p0, p2, [&](auto a, auto b) { return owner.Serve(std::move(a), std::move(b)); })));
      });
}

}  // namespace

void AddParties(nb::module_& module) {
  AddConfig(module);
  AddModelOwner(module);
  AddDataOwner(module);
  AddAssistant(module);
}

}  // namespace mpcc::python
