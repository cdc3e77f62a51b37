// SPDX-License-Identifier: Apache-2.0
// The parts of mpcc._runtime: include/mpcc for the Python of tools/python/mpcc, which is what users
// see. Every call that computes or waits lets other threads of Python run.
#ifndef MPCC_TOOLS_PYTHON_BINDINGS_MODULE_H_
#define MPCC_TOOLS_PYTHON_BINDINGS_MODULE_H_

#include <memory>
#include <stop_token>

#include "mpcc/channel.h"
#include "mpcc/log_sink.h"
#include "mpcc/progress_sink.h"
#include "tools/python/bindings/status.h"

namespace mpcc::python {

// Asks whoever works with it to end.
struct Stop {
  std::stop_source source;
};

// A channel until a party takes it.
class Link {
 public:
  explicit Link(std::unique_ptr<Channel> channel) : channel_(std::move(channel)) {}
  // INVALID_ARGUMENT when it is taken already.
  absl::StatusOr<std::unique_ptr<Channel>> Take();

 private:
  std::unique_ptr<Channel> channel_;
};

// Calls a function of Python's with what is under way, how much of it is done and of how much (0:
// nobody knows), and the unit of that. None of it where nothing is under way.
ProgressSink ProgressOf(const nb::object& function);

// Calls a function of Python's with a level ("info", "warning") and a line.
LogSink SinkOf(const nb::object& function);

// Says who may end what options are for, and who hears of it and of how far it is.
template <typename Options>
void Attend(Options& options, const Stop& stop, const nb::object& log, const nb::object& progress) {
  options.stop = stop.source.get_token();
  options.log = SinkOf(log);
  options.progress = ProgressOf(progress);
}

void AddPlan(nb::module_& module);
void AddNetwork(nb::module_& module);
void AddParties(nb::module_& module);

}  // namespace mpcc::python

#endif  // MPCC_TOOLS_PYTHON_BINDINGS_MODULE_H_
