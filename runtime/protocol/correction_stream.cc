// SPDX-License-Identifier: Apache-2.0
#include "runtime/protocol/correction_stream.h"

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cstring>

namespace mpcc::protocol {
namespace {

// Room beside a piece for what is asked for at once, so that the buffer seldom grows.
constexpr uint64_t kSpareBytes = 128 << 10;

// Adds what passes while it lives.
class Stopwatch {
 public:
  explicit Stopwatch(double& seconds) : seconds_(seconds) {}
  ~Stopwatch() {
    seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  double& seconds_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace

std::span<uint8_t> CorrectionWriter::At(uint64_t offset, uint64_t size) {
  assert(offset >= begin_ + used_);
  const uint64_t zeros = offset - begin_ - used_;
  HandOver(piece_bytes_);
  if (used_ + zeros + size > buffer_.size()) {
    SecureBuffer larger(std::max(used_ + zeros + size, piece_bytes_ + kSpareBytes));
    std::copy_n(buffer_.data(), used_, larger.data());
    buffer_ = std::move(larger);
  }
  std::fill_n(buffer_.data() + used_, zeros, uint8_t{0});
  const auto room = buffer_.span().subspan(used_ + zeros, size);
  used_ += zeros + size;
  return room;
}

absl::Status CorrectionWriter::Finish(uint64_t size) {
  At(size, 0);
  HandOver(1);
  return status_;
}

// Whole pieces, and the last one of at least `least` bytes.
void CorrectionWriter::HandOver(uint64_t least) {
  uint64_t done = 0;
  while (used_ - done >= least) {
    const uint64_t bytes = std::min(piece_bytes_, used_ - done);
    Put(buffer_.span().subspan(done, bytes));
    done += bytes;
  }
  if (done == 0) return;
  std::memmove(buffer_.data(), buffer_.data() + done, used_ - done);
  begin_ += done;
  used_ -= done;
}

void CorrectionWriter::Put(std::span<const uint8_t> piece) {
  if (!status_.ok()) return;
  const Stopwatch watch(waiting_seconds_);
  status_ = sink_.Put(piece);
}

std::span<const uint8_t> CorrectionReader::At(uint64_t offset, uint64_t size) {
  assert(offset >= position_);
  for (; position_ < offset && status_.ok(); position_ += Take(offset - position_).size()) Load();
  position_ = offset + size;
  if (status_.ok() && piece_.empty() && size > 0) Load();
  if (status_.ok() && size <= piece_.size()) return Take(size);
  if (across_.size() < size) across_ = SecureBuffer(size);
  for (uint64_t done = 0; done < size && status_.ok();) {
    Load();
    const auto part = Take(size - done);
    std::ranges::copy(part, across_.data() + done);
    done += part.size();
  }
  if (!status_.ok()) across_.Cleanse();
  return std::as_const(across_).span().first(size);
}

// The next piece if this one is used up; nothing after an error.
void CorrectionReader::Load() {
  if (!piece_.empty() || !status_.ok()) return;
  const Stopwatch watch(waiting_seconds_);
  const auto next = source_.Next();
  if (next.ok())
    piece_ = *next;
  else
    status_ = next.status();
}

std::span<const uint8_t> CorrectionReader::Take(uint64_t size) {
  const auto taken = piece_.first(std::min<uint64_t>(size, piece_.size()));
  piece_ = piece_.subspan(taken.size());
  return taken;
}

}  // namespace mpcc::protocol
