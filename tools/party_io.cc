// SPDX-License-Identifier: Apache-2.0
#include "tools/party_io.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <limits>
#include <span>
#include <utility>

#include "runtime/base/bytes.h"
#include "runtime/base/input_json.h"
#include "runtime/base/output_file.h"
#include "runtime/base/private_file.h"
#include "runtime/base/secure_buffer.h"
#include "runtime/base/status_macros.h"

namespace mpcc {
namespace {

using Json = nlohmann::json;

bool IsNumber(const Json& x) { return x.is_number() || x.is_boolean(); }

// The numbers of nested lists, in order; false at anything else.
bool Flatten(const Json& json, std::vector<const Json*>& numbers) {
  if (json.is_array())
    return std::all_of(json.begin(), json.end(),
                       [&](const Json& x) { return Flatten(x, numbers); });
  numbers.push_back(&json);
  return IsNumber(json);
}

// Whether a tensor of T can hold it: parsing made what no integer of 64 bits holds a float, and
// what is above the signed ones unsigned.
template <typename T>
bool Holds(const Json& x) {
  if constexpr (std::is_integral_v<T>)
    return !x.is_number_unsigned() || x.get<uint64_t>() <= std::numeric_limits<T>::max();
  else
    return std::abs(x.get<double>()) <= std::numeric_limits<T>::max();
}

template <typename T>
absl::StatusOr<std::vector<T>> ValuesOf(const std::string& name,
                                        const std::vector<const Json*>& numbers) {
  std::vector<T> values;
  values.reserve(numbers.size());
  for (const Json* x : numbers) {
    if (!x->is_boolean() && !Holds<T>(*x))
      return absl::InvalidArgumentError(
          fmt::format("input \"{}\" has {}, more than {} holds", name, x->dump(),
                      std::is_integral_v<T> ? "an integer of 64 bits" : "a float of 32 bits"));
    values.push_back(x->is_boolean() ? T(x->get<bool>()) : x->get<T>());
  }
  return values;
}

absl::StatusOr<Tensor> TensorFromJson(const std::string& name, const Json& json) {
  std::vector<const Json*> numbers;
  if (!json.is_array() || !Flatten(json, numbers))
    return absl::InvalidArgumentError(fmt::format("input \"{}\" is not a list of numbers", name));
  Tensor tensor{{static_cast<uint32_t>(numbers.size())}, {}};
  if (std::any_of(numbers.begin(), numbers.end(),
                  [](const Json* x) { return x->is_number_float(); })) {
    MPCC_ASSIGN_OR_RETURN(tensor.values, ValuesOf<float>(name, numbers));
  } else {
    MPCC_ASSIGN_OR_RETURN(tensor.values, ValuesOf<int64_t>(name, numbers));
  }
  return tensor;
}

// Lists in a list of lists, 1 for others.
size_t RowsOf(const Json& list) {
  return list.is_array() && !list.empty() && list.front().is_array() ? list.size() : 1;
}

absl::StatusOr<NamedTensors> OneInput(const Json& json) {
  NamedTensors inputs;
  for (const auto& [name, value] : json.items()) {
    MPCC_ASSIGN_OR_RETURN(inputs[name], TensorFromJson(name, value));
  }
  return inputs;
}

Json CostToJson(const Cost& cost) {
  return {{"rounds", cost.rounds},
          {"messages_p1_to_p2", cost.messages_p1_to_p2},
          {"messages_p2_to_p1", cost.messages_p2_to_p1},
          {"bytes_p1_to_p2", cost.bytes_p1_to_p2},
          {"bytes_p2_to_p1", cost.bytes_p2_to_p1}};
}

}  // namespace

absl::StatusOr<std::vector<nlohmann::json>> RowsFromJson(const std::string& text) {
  MPCC_ASSIGN_OR_RETURN(Json json, ParseInputJson(text));
  if (json.is_array()) json = Json::object({{"input_ids", json}});
  if (!json.is_object() || json.empty())
    return absl::InvalidArgumentError("the input is neither a JSON object nor a list of ids");
  const size_t rows = RowsOf(json.front());
  for (const auto& [name, value] : json.items())
    if (RowsOf(value) != rows)
      return absl::InvalidArgumentError(
          fmt::format("input \"{}\" has {} rows, \"{}\" has {}: a batch has the same number in all",
                      name, RowsOf(value), json.items().begin().key(), rows));
  if (rows == 1) return std::vector{json};
  std::vector<Json> inputs(rows, Json::object());
  for (const auto& [name, value] : json.items())
    for (size_t row = 0; row < rows; ++row) inputs[row][name] = value[row];
  return inputs;
}

absl::StatusOr<std::vector<NamedTensors>> InputsFromJson(const std::string& text) {
  MPCC_ASSIGN_OR_RETURN(const std::vector<Json> rows, RowsFromJson(text));
  std::vector<NamedTensors> inputs(rows.size());
  for (size_t row = 0; row < rows.size(); ++row) {
    MPCC_ASSIGN_OR_RETURN(inputs[row], OneInput(rows[row]));
  }
  return inputs;
}

nlohmann::json AnswerToJson(const absl::StatusOr<Answer>& given) {
  if (!given.ok()) return {{"error", std::string(given.status().message())}};
  const Answer& answer = *given;
  Json outputs = Json::object();
  for (const auto& [name, tensor] : answer.outputs)
    std::visit(
        [&output = outputs[name], &shape = tensor.shape](const auto& values) {
          output = {{"shape", shape}, {"values", values}};
        },
        tensor.values);
  Json stats = CostToJson(answer.stats.total);
  stats["material_bytes"] = answer.material_bytes;
  stats["inference"] = answer.number;
  stats["program"] = answer.program;
  if (answer.inferences_left) stats["inferences_left"] = *answer.inferences_left;
  stats["deal_seconds"] = answer.deal_seconds;
  stats["waiting_seconds"] = answer.waiting_seconds;
  stats["online_seconds"] = answer.stats.seconds;
  stats["exchange_seconds"] = answer.stats.exchange_seconds;
  stats["seconds_by_opcode"] = answer.stats.seconds_by_opcode;
  stats["seconds_by_layer"] = answer.stats.seconds_by_layer;
  stats["exchange_seconds_by_layer"] = answer.stats.exchange_seconds_by_layer;
  return {{"outputs", outputs}, {"stats", stats}};
}

absl::StatusOr<std::string> ReadTextFile(const std::string& path) {
  MPCC_RETURN_IF_ERROR(RefuseFolder(path));
  std::ifstream file(path);
  std::string text((std::istreambuf_iterator<char>(file)), {});
  if (!file) return FileError(path, "cannot read");
  return text;
}

void AnswerLines::Add(const absl::StatusOr<Answer>& answer) {
  answered_ |= answer.ok();
  const std::string line =
      AnswerToJson(answer).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  if (path_.empty())
    std::cout << line << std::flush;
  else
    text_ += line;
}

absl::Status AnswerLines::Finish() {
  if (path_.empty())
    return std::cout ? absl::OkStatus() : FileError("standard output", "cannot write");
  if (!answered_) return absl::OkStatus();
  return WriteOutput(path_, std::array{BytesOf(text_)});
}

// Each byte is looked at once, however long the line.
bool LineReader::Take(std::string* line) {
  const size_t newline = buffer_.find('\n', looked_at_);
  looked_at_ = buffer_.size();
  if (newline == std::string::npos && !(end_ && !buffer_.empty())) return false;
  *line = buffer_.substr(0, newline);
  // In memory of its own: what was read is to be forgotten with the line.
  buffer_ = newline == std::string::npos ? std::string() : buffer_.substr(newline + 1);
  looked_at_ = 0;
  return true;
}

absl::StatusOr<bool> LineReader::Next(int timeout_ms, std::string* line) {
  while (true) {
    if (Take(line)) {
      if (!std::exchange(skipping_, false)) return true;
      continue;
    }
    if (end_) return absl::OutOfRangeError("end of input");
    if (buffer_.size() > kLongest) {
      std::exchange(buffer_, {}).clear();
      looked_at_ = 0;
      if (!std::exchange(skipping_, true))
        return absl::InvalidArgumentError(
            fmt::format("the line is longer than {} MiB", kLongest >> 20));
    }
    pollfd waiting{fd_, POLLIN, 0};
    const int ready = poll(&waiting, 1, timeout_ms);
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) return false;
    char chunk[1 << 16];
    const ssize_t got = read(fd_, chunk, sizeof(chunk));
    if (got < 0)
      return absl::UnavailableError(fmt::format("cannot read: {}", std::strerror(errno)));
    end_ = got == 0;
    buffer_.append(chunk, static_cast<size_t>(got));
    CleanseMemory({reinterpret_cast<uint8_t*>(chunk), static_cast<size_t>(got)});
  }
}

}  // namespace mpcc
