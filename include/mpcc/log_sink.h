// SPDX-License-Identifier: Apache-2.0
// Where the runtime says what people may want to know. It writes nowhere else.
#ifndef MPCC_LOG_SINK_H_
#define MPCC_LOG_SINK_H_

#include <functional>
#include <string_view>

namespace mpcc {

enum class LogLevel { kInfo, kWarning };
// Called with one line of text, from any thread. Nothing secret is ever in it.
using LogSink = std::function<void(LogLevel, std::string_view)>;

}  // namespace mpcc

#endif  // MPCC_LOG_SINK_H_
