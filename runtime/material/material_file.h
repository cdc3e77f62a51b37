// SPDX-License-Identifier: Apache-2.0
// The material of one inference as a file, written and read piece by piece.
//
// A file is little-endian, with a header of 96 bytes:
// - 0: "MPCCMATL"
// - 8: u32 version
// - 12: u32 program
// - 16: plan-set id, 32 bytes
// - 48: model instance id, 16 bytes
// - 64: u64 inference number
// - 72: u64 bytes of corrections
// - 80: 16 zero bytes
//
// Then come pieces of kPieceBytes of the corrections, as Program.corrections lays them out, the
// last one of what is left; each is followed by the SHA-256 of header, number of the piece (u64,
// from 0) and piece.
#ifndef MPCC_RUNTIME_MATERIAL_MATERIAL_FILE_H_
#define MPCC_RUNTIME_MATERIAL_MATERIAL_FILE_H_

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "runtime/base/pieces.h"
#include "runtime/base/private_file.h"
#include "runtime/material/instance_id.h"
#include "runtime/net/unique_fd.h"

namespace mpcc {

// What a file holds.
struct MaterialInfo {
  InstanceId instance;
  uint32_t program = 0;  // index into Plan.programs
  uint64_t number = 0;   // of the inference
  uint64_t bytes = 0;    // of corrections
};

using MaterialHeader = std::array<uint8_t, 96>;

// Takes the pieces of a file, which is there when it is committed.
class MaterialFileWriter : public PieceSink {
 public:
  static absl::StatusOr<MaterialFileWriter> Create(const std::string& path,
                                                   const MaterialInfo& info);

  // REQUIRES: pieces of kPieceBytes, and of what is left at last.
  absl::Status Put(std::span<const uint8_t> piece) override;

  // The last call: after OK the file is on the disk whole, after a crash it is there whole or not
  // at all. DATA_LOSS when pieces are missing.
  absl::Status Commit();

 private:
  MaterialFileWriter(std::string path, const MaterialInfo& info, PrivateFileWriter file);

  std::string path_;
  MaterialHeader header_;
  PrivateFileWriter file_;
  uint64_t bytes_;  // in all
  uint64_t done_ = 0;
};

// Gives the pieces of a file, each once it has been found to be as it was written.
class MaterialFileReader : public PieceSource {
 public:
  // DATA_LOSS, with what to do, when the file is not of exactly this.
  static absl::StatusOr<MaterialFileReader> Open(const std::string& path, const MaterialInfo& info);

  absl::StatusOr<std::span<const uint8_t>> Next() override;

 private:
  MaterialFileReader(std::string path, const MaterialInfo& info, UniqueFd fd);

  std::string path_;
  MaterialHeader header_;
  UniqueFd fd_;
  uint64_t bytes_;
  uint64_t done_ = 0;
  SecureBuffer piece_;  // and its digest
};

}  // namespace mpcc

#endif  // MPCC_RUNTIME_MATERIAL_MATERIAL_FILE_H_
