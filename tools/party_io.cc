// SPDX-License-Identifier: Apache-2.0
#include "tools/party_io.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <span>

#include "runtime/base/private_file.h"
#include "runtime/base/status_macros.h"

namespace mpcc {
namespace {

using Json = nlohmann::json;

// [1, 2] or [[1, 2]]: leading brackets around one list are kept as extents of 1.
absl::StatusOr<Tensor> TensorFromJson(const std::string& name, const Json& json) {
  Tensor tensor;
  const Json* list = &json;
  while (list->is_array() && list->size() == 1 && list->front().is_array()) {
    tensor.shape.push_back(1);
    list = &list->front();
  }
  if (!list->is_array() ||
      !std::all_of(list->begin(), list->end(), [](const Json& x) { return x.is_number(); }))
    return absl::InvalidArgumentError(fmt::format("input \"{}\" is not a list of numbers", name));
  tensor.shape.push_back(static_cast<uint32_t>(list->size()));
  const bool whole =
      std::all_of(list->begin(), list->end(), [](const Json& x) { return x.is_number_integer(); });
  if (whole)
    tensor.values = list->get<std::vector<int64_t>>();
  else
    tensor.values = list->get<std::vector<float>>();
  return tensor;
}

Json CostToJson(const Cost& cost) {
  return {{"rounds", cost.rounds},
          {"messages_p1_to_p2", cost.messages_p1_to_p2},
          {"messages_p2_to_p1", cost.messages_p2_to_p1},
          {"bytes_p1_to_p2", cost.bytes_p1_to_p2},
          {"bytes_p2_to_p1", cost.bytes_p2_to_p1}};
}

}  // namespace

absl::StatusOr<NamedTensors> InputsFromJson(const std::string& text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  NamedTensors inputs;
  if (json.is_array()) {
    MPCC_ASSIGN_OR_RETURN(inputs["input_ids"], TensorFromJson("input_ids", json));
    return inputs;
  }
  if (!json.is_object())
    return absl::InvalidArgumentError("the input is neither a JSON object nor a list of ids");
  for (const auto& [name, value] : json.items()) {
    MPCC_ASSIGN_OR_RETURN(inputs[name], TensorFromJson(name, value));
  }
  return inputs;
}

nlohmann::json AnswerToJson(const Answer& answer) {
  Json outputs = Json::object();
  for (const auto& [name, tensor] : answer.outputs)
    std::visit(
        [&](const auto& values) {
          outputs[name] = {{"shape", tensor.shape}, {"values", values}};
        },
        tensor.values);
  Json stats = CostToJson(answer.stats.total);
  stats["material_bytes"] = answer.material_bytes;
  stats["inference"] = answer.number;
  stats["program"] = answer.program;
  stats["deal_seconds"] = answer.deal_seconds;
  stats["waiting_seconds"] = answer.waiting_seconds;
  stats["online_seconds"] = answer.stats.seconds;
  stats["exchange_seconds"] = answer.stats.exchange_seconds;
  stats["seconds_by_opcode"] = answer.stats.seconds_by_opcode;
  return {{"outputs", outputs}, {"stats", stats}};
}

absl::StatusOr<std::string> ReadTextFile(const std::string& path) {
  std::ifstream file(path);
  std::string text((std::istreambuf_iterator<char>(file)), {});
  if (!file) return FileError(path, "cannot read");
  return text;
}

absl::Status CheckFolderOf(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  if (access(folder.empty() ? "." : folder.c_str(), W_OK | X_OK) == 0) return absl::OkStatus();
  return FileError(path, "no file can be made there");
}

absl::Status WriteAnswer(const std::string& path, const Answer& answer) {
  const std::string text = AnswerToJson(answer).dump() + "\n";
  if (path.empty()) {
    std::cout << text << std::flush;
    return std::cout ? absl::OkStatus() : FileError("standard output", "cannot write");
  }
  const std::span<const uint8_t> bytes(reinterpret_cast<const uint8_t*>(text.data()), text.size());
  return WritePrivateFile(path, std::array{bytes});
}

absl::StatusOr<bool> LineReader::Next(int timeout_ms, std::string* line) {
  while (true) {
    const size_t newline = buffer_.find('\n');
    if (newline != std::string::npos || (end_ && !buffer_.empty())) {
      *line = buffer_.substr(0, newline);
      buffer_.erase(0, newline == std::string::npos ? buffer_.size() : newline + 1);
      return true;
    }
    if (end_) return absl::OutOfRangeError("end of input");
    pollfd waiting{fd_, POLLIN, 0};
    const int ready = poll(&waiting, 1, timeout_ms);
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) return false;
    char chunk[4096];
    const ssize_t got = read(fd_, chunk, sizeof(chunk));
    if (got < 0)
      return absl::UnavailableError(fmt::format("cannot read: {}", std::strerror(errno)));
    end_ = got == 0;
    buffer_.append(chunk, static_cast<size_t>(got));
  }
}

}  // namespace mpcc
