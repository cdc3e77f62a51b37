// SPDX-License-Identifier: Apache-2.0
#include "runtime/session/material_feed.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "runtime/base/status_macros.h"
#include "runtime/session/piece_transfer.h"

namespace mpcc::session {
namespace {

constexpr std::chrono::seconds kPingInterval{2};

absl::Status Ping(Channel& p0) {
  MPCC_RETURN_IF_ERROR(SendControl(p0, {.kind = ControlKind::kPing}));
  return ReceiveControl(p0, ControlKind::kPing).status();
}

}  // namespace

MaterialFeed::MaterialFeed(const plan::Plan& plan, std::unique_ptr<Channel> p0, uint64_t window,
                           bool ahead)
    : plan_(plan), p0_(std::move(p0)), window_(window), ahead_(ahead) {
  if (plan.programs_size() == 1) wanted_.push_back(0);
  thread_ = std::thread([this] { Loop(); });
}

MaterialFeed::~MaterialFeed() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    if (under_way_) under_way_->pieces.Abandon();
  }
  changed_.notify_all();
  thread_.join();
  if (reason_.ok())
    SendControl(*p0_, {.kind = ControlKind::kEnd}).IgnoreError();
  else
    SendFailure(*p0_, reason_);
}

bool MaterialFeed::Wanted(int program) const {
  return beginning_ == program || std::count(wanted_.begin(), wanted_.end(), program) > 0;
}

bool MaterialFeed::Stocked(uint32_t program) const {
  return std::any_of(ready_.begin(), ready_.end(),
                     [&](const auto& delivery) { return delivery->of.program == program; });
}

void MaterialFeed::Want(int program) {
  if (!Stocked(static_cast<uint32_t>(program)) && !Wanted(program)) wanted_.push_back(program);
}

absl::StatusOr<std::shared_ptr<Delivery>> MaterialFeed::Take(int program,
                                                             std::function<void()> idle) {
  const auto id = static_cast<uint32_t>(program);
  std::shared_ptr<Delivery> taken;
  {
    std::unique_lock lock(mutex_);
    Want(program);
    changed_.notify_all();
    while (!Stocked(id) && status_.ok() && spent_.ok()) {
      AbandonWhatWaits();
      if (changed_.wait_for(lock, kPingInterval) == std::cv_status::no_timeout || !idle) continue;
      lock.unlock();
      idle();
      lock.lock();
    }
    if (!Stocked(id)) return status_.ok() ? spent_ : status_;
    const auto found = std::find_if(ready_.begin(), ready_.end(), [&](const auto& delivery) {
      return delivery->of.program == id;
    });
    taken = *found;
    ready_.erase(found);
    in_use_ = taken->pieces.most();
    if (ahead_ && 2 * in_use_ <= window_) Want(program);
  }
  changed_.notify_all();
  taken->pieces.WhileWaiting(std::move(idle));
  MPCC_RETURN_IF_ERROR(taken->pieces.WaitUntilFull());
  return taken;
}

// Material that nobody has taken and that has no room would wait for ever.
void MaterialFeed::AbandonWhatWaits() {
  if (!under_way_ || PieceCount(under_way_->pieces.bytes()) <= window_) return;
  if (std::erase(ready_, under_way_) > 0) under_way_->pieces.Abandon();
}

void MaterialFeed::Recycle(Delivery& used) {
  const auto program = static_cast<int>(used.of.program);
  {
    const std::lock_guard lock(mutex_);
    spares_ = used.pieces.TakeSpares();
    in_use_ = 0;
    Want(program);
  }
  changed_.notify_all();
}

absl::Status MaterialFeed::status() {
  const std::lock_guard lock(mutex_);
  return status_;
}

// Drops what was fetched first until that many pieces have room beside the rest.
void MaterialFeed::MakeRoom(uint64_t pieces) {
  const auto held = [&] {
    uint64_t sum = pieces + in_use_;
    for (const auto& delivery : ready_) sum += delivery->pieces.most();
    return sum;
  };
  while (!ready_.empty() && held() > window_) ready_.pop_front();
}

// What is ready still serves.
absl::Status MaterialFeed::NoteSpent(uint64_t allowed) {
  const std::lock_guard lock(mutex_);
  beginning_ = kNone;
  spent_ = absl::ResourceExhaustedError(fmt::format(
      "P0 allows {} inferences of this set-up, and has dealt them: ask it for more", allowed));
  return spent_;
}

absl::StatusOr<std::shared_ptr<Delivery>> MaterialFeed::Begin(int program) {
  const auto id = static_cast<uint32_t>(program);
  MPCC_RETURN_IF_ERROR(SendControl(*p0_, {.kind = ControlKind::kDeal, .program = id}));
  MPCC_ASSIGN_OR_RETURN(const Control dealt, ReceiveControl(*p0_));
  if (dealt.kind == ControlKind::kSpent) return NoteSpent(dealt.number);
  if (dealt.kind != ControlKind::kDealt) return UnexpectedControl(*p0_, dealt, ControlKind::kDealt);
  const uint64_t bytes = plan_.programs(program).material_size();
  if (dealt.program != id || dealt.bytes != bytes)
    return absl::DataLossError(
        fmt::format("{} deals {} bytes for program {}, the plan needs {} for {}", p0_->peer(),
                    dealt.bytes, dealt.program, bytes, id));
  const std::lock_guard lock(mutex_);
  auto delivery = std::make_shared<Delivery>(DealtInference{id, dealt.number, dealt.left}, bytes,
                                             window_, std::exchange(spares_, {}));
  MakeRoom(delivery->pieces.most());
  if (stop_) delivery->pieces.Abandon();
  under_way_ = delivery;
  beginning_ = kNone;
  ready_.push_back(delivery);
  changed_.notify_all();
  return delivery;
}

// The microseconds that dealing took; ABORTED when the rest is not wanted.
absl::StatusOr<uint64_t> MaterialFeed::Receive(PieceQueue& pieces) {
  using Room = PieceQueue::Room;
  PieceRequests requests(*p0_, pieces.bytes());
  while (!requests.done()) {
    const bool idle = requests.under_way() == 0;
    const Room room = requests.may_ask()
                          ? pieces.Reserve(idle ? kPingInterval : std::chrono::seconds(0))
                          : Room::kNotYet;
    if (room == Room::kUnwanted) {
      MPCC_RETURN_IF_ERROR(requests.GiveUp());
      return absl::AbortedError("no more is wanted");
    }
    if (room == Room::kYes) {
      MPCC_RETURN_IF_ERROR(requests.Ask());
    } else if (idle) {
      MPCC_RETURN_IF_ERROR(Ping(*p0_));
    } else {
      SecureBuffer buffer = pieces.Buffer();
      MPCC_ASSIGN_OR_RETURN(const uint64_t size, requests.Receive(buffer.span()));
      pieces.Push(std::move(buffer), size);
    }
  }
  return requests.Finish();
}

absl::Status MaterialFeed::Fetch(int program) {
  MPCC_ASSIGN_OR_RETURN(const std::shared_ptr<Delivery> delivery, Begin(program));
  const absl::StatusOr<uint64_t> micros = Receive(delivery->pieces);
  const absl::Status status = absl::IsAborted(micros.status()) ? absl::OkStatus() : micros.status();
  {
    const std::lock_guard lock(mutex_);
    under_way_ = nullptr;
    status_ = status;  // before anybody hears of it by the delivery
  }
  delivery->pieces.Finish(micros.status(), micros.value_or(0));
  return status;
}

void MaterialFeed::Loop() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    const bool work =
        changed_.wait_for(lock, kPingInterval, [&] { return stop_ || !wanted_.empty(); });
    if (stop_) return;
    const int program = work ? wanted_.front() : kNone;
    if (work) wanted_.pop_front();
    beginning_ = program;
    lock.unlock();
    const absl::Status status = work ? Fetch(program) : Ping(*p0_);
    lock.lock();
    status_ = absl::IsResourceExhausted(status) ? absl::OkStatus() : status;
    changed_.notify_all();
    if (!status_.ok()) return;
  }
}

}  // namespace mpcc::session
