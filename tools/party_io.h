// SPDX-License-Identifier: Apache-2.0
// JSON in and out of the data owner's process.
#ifndef MPCC_TOOLS_PARTY_IO_H_
#define MPCC_TOOLS_PARTY_IO_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "mpcc/data_owner.h"

namespace mpcc {

// {"input_ids": [..], "attention_mask": [..]} or a bare list of ids, as one object a row. Several
// lists in each list are the rows of a batch, which may differ in length.
absl::StatusOr<std::vector<nlohmann::json>> RowsFromJson(const std::string& text);

// The inputs of each row. Lists may be nested; a number with a point makes an f32 tensor.
// INVALID_ARGUMENT names an input that is given twice, or with a number that its type does not
// hold.
absl::StatusOr<std::vector<NamedTensors>> InputsFromJson(const std::string& text);

// The whole file, or an error that names it.
absl::StatusOr<std::string> ReadTextFile(const std::string& path);

// {"outputs": {name: {"shape": [..], "values": [..]}}, "stats": {...}}, or {"error": why}.
nlohmann::json AnswerToJson(const absl::StatusOr<Answer>& answer);

// Answers, one line of JSON for each input in order: to standard output as they come, or, if `path`
// is not empty, to a file of mode 0600, written wholly or not at all, or to what is no file
// (output_file.h).
class AnswerLines {
 public:
  explicit AnswerLines(std::string path) : path_(std::move(path)) {}
  void Add(const absl::StatusOr<Answer>& answer);
  // Writes the file, unless no input was answered. Why lines could not be written.
  absl::Status Finish();

 private:
  std::string path_, text_;
  bool answered_ = false;
};

// Reads lines of standard input without blocking for longer than asked.
class LineReader {
 public:
  explicit LineReader(int fd) : fd_(fd) {}
  static constexpr size_t kLongest = 16 << 20;

  // True and a line; false when none came in time. OUT_OF_RANGE at the end; INVALID_ARGUMENT once
  // for a line of more than kLongest bytes, of which no more is held and nothing is given.
  absl::StatusOr<bool> Next(int timeout_ms, std::string* line);

 private:
  bool Take(std::string* line);

  int fd_;
  std::string buffer_;
  size_t looked_at_ = 0;   // of the buffer: there is no end of a line before
  bool skipping_ = false;  // the rest of a line that is too long
  bool end_ = false;
};

}  // namespace mpcc

#endif  // MPCC_TOOLS_PARTY_IO_H_
