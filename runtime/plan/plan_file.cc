// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/plan_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "runtime/base/bytes.h"
#include "runtime/base/private_file.h"
#include "runtime/base/secure_buffer.h"
#include "runtime/base/status_macros.h"
#include "runtime/crypto/sha256.h"
#include "runtime/plan/layout.h"
#include "runtime/plan/plan_validator.h"

namespace mpcc {
namespace {

constexpr char kMagic[8] = {'M', 'P', 'C', 'C', 'P', 'L', 'A', 'N'};

struct Header {
  char magic[8];
  uint32_t version;
  uint32_t zero;
  uint64_t message_bytes;
  uint8_t message_sha[32];
  uint64_t constant_bytes;
  uint8_t constant_sha[32];
  uint8_t zeros[32];
};
static_assert(sizeof(Header) == 128);

// Protobuf's map-free messages serialize deterministically in field order.
std::string Serialize(const plan::Plan& plan) {
  std::string text;
  google::protobuf::io::StringOutputStream stream(&text);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  plan.SerializeToCodedStream(&coded);
  coded.Trim();
  return text;
}

Header MakeHeader(std::span<const uint8_t> message, std::span<const uint8_t> constants) {
  Header header{};
  std::memcpy(header.magic, kMagic, sizeof(kMagic));
  header.version = kPlanVersion;
  header.message_bytes = message.size();
  header.constant_bytes = constants.size();
  const Sha256Digest message_sha = Sha256Of(message), constant_sha = Sha256Of(constants);
  std::memcpy(header.message_sha, message_sha.data(), 32);
  std::memcpy(header.constant_sha, constant_sha.data(), 32);
  return header;
}

Sha256Digest HashOfPlan(const Header& header) {
  Sha256 sha;
  sha.Update(header.message_sha);
  sha.Update(header.constant_sha);
  return sha.Finish();
}

absl::Status IsDirectory(const std::string& path) {
  return absl::InvalidArgumentError(fmt::format(
      "{}: a folder; accepted: a plan, such as party1.plan; remedy: name one in it, or compile a "
      "model's folder first (mpcc compile {} --output PLANS)",
      path, path));
}

// A read-only mapping of a whole file.
class MappedFile {
 public:
  static absl::StatusOr<MappedFile> Open(const std::string& path) {
    const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
      return absl::NotFoundError(fmt::format("{}: cannot open: {}", path, std::strerror(errno)));
    struct stat info {};
    const bool sized = fstat(fd, &info) == 0 && info.st_size > 0;
    if (S_ISDIR(info.st_mode)) return close(fd), IsDirectory(path);
    void* data = sized ? mmap(nullptr, info.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;
    close(fd);
    if (data == MAP_FAILED)
      return absl::DataLossError(fmt::format("{}: empty or not a regular file", path));
    return MappedFile(static_cast<const uint8_t*>(data), info.st_size);
  }
  MappedFile(MappedFile&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(other.size_) {}
  ~MappedFile() {
    if (data_) munmap(const_cast<uint8_t*>(data_), size_);
  }
  std::span<const uint8_t> bytes() const { return {data_, size_}; }

 private:
  MappedFile(const uint8_t* data, size_t size) : data_(data), size_(size) {}
  const uint8_t* data_;
  size_t size_;
};

class PlanFromFile : public LoadedPlan {
 public:
  explicit PlanFromFile(MappedFile file) : file_(std::move(file)) {}

  absl::Status Load() {
    const std::span<const uint8_t> bytes = file_.bytes();
    Header header;
    if (bytes.size() < sizeof(header)) return absl::DataLossError("not a plan file: too short");
    std::memcpy(&header, bytes.data(), sizeof(header));
    MPCC_RETURN_IF_ERROR(CheckHeader(header, bytes.size()));
    const auto message = bytes.subspan(sizeof(header), header.message_bytes);
    constants_ = bytes.last(header.constant_bytes);
    const uint64_t end = sizeof(header) + header.message_bytes;
    if (header.zero != 0 || !AllZero(header.zeros) ||
        !AllZero(bytes.subspan(end, AlignUp(end) - end)))
      return absl::DataLossError("damaged: padding is not zero");
    MPCC_RETURN_IF_ERROR(CheckHash("program", message, header.message_sha));
    MPCC_RETURN_IF_ERROR(CheckHash("constant section", constants_, header.constant_sha));
    if (!plan_.ParseFromArray(message.data(), static_cast<int>(message.size())))
      return absl::DataLossError("the program does not parse");
    hash_ = HashOfPlan(header);
    return ValidatePlan(plan_, constants_);
  }

 private:
  static bool AllZero(std::span<const uint8_t> bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](uint8_t byte) { return byte == 0; });
  }

  static absl::Status CheckHeader(const Header& header, uint64_t size) {
    if (std::memcmp(header.magic, kMagic, sizeof(kMagic)) != 0)
      return absl::DataLossError("not a plan file: it does not start with MPCCPLAN");
    if (header.version != kPlanVersion)
      return absl::InvalidArgumentError(
          fmt::format("plan version {}, this program reads version {}: compile the model again",
                      header.version, kPlanVersion));
    constexpr uint64_t kMaxMessage = uint64_t{1} << 30;  // protobuf's own limit is 2 GiB
    if (header.message_bytes > kMaxMessage || header.constant_bytes > size ||
        AlignUp(sizeof(header) + header.message_bytes) + header.constant_bytes != size)
      return absl::DataLossError(
          fmt::format("the header does not match the file's size of {} bytes", size));
    return absl::OkStatus();
  }

  static absl::Status CheckHash(const char* what, std::span<const uint8_t> bytes,
                                const uint8_t* expected) {
    const Sha256Digest digest = Sha256Of(bytes);
    if (std::memcmp(digest.data(), expected, digest.size()) != 0)
      return absl::DataLossError(fmt::format("damaged: SHA-256 of the {} differs", what));
    return absl::OkStatus();
  }

  MappedFile file_;
};

class PlanFromMemory : public LoadedPlan {
 public:
  PlanFromMemory(plan::Plan plan, std::span<const uint8_t> constants)
      : storage_(SecureBuffer::CopyOf(constants)) {
    plan_ = std::move(plan);
    constants_ = storage_.span();
    hash_ = HashOfPlan(MakeHeader(BytesOf(Serialize(plan_)), constants_));
  }

 private:
  SecureBuffer storage_;
};

}  // namespace

uint32_t ConstantSection::Add(plan::Plan* plan, plan::ElementType type, uint32_t width,
                              std::span<const uint32_t> shape, std::span<const uint8_t> bytes) {
  bytes_.resize(AlignUp(bytes_.size()));
  plan::Constant* constant = plan->add_constants();
  constant->set_type(type);
  constant->set_width(width);
  constant->mutable_shape()->Add(shape.begin(), shape.end());
  constant->set_offset(bytes_.size());
  constant->set_bytes(bytes.size());
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  return plan->constants_size() - 1;
}

absl::Status WritePlanFile(const std::string& path, const plan::Plan& plan,
                           std::span<const uint8_t> constants) {
  const std::string message = Serialize(plan);
  const Header header = MakeHeader(BytesOf(message), constants);
  constexpr uint8_t kZeros[kVectorAlignment] = {};
  const uint64_t end = sizeof(header) + message.size();
  const std::span<const uint8_t> pieces[] = {
      BytesOf(header), BytesOf(message), std::span(kZeros).first(AlignUp(end) - end), constants};
  return WritePrivateFile(path, pieces);
}

absl::StatusOr<std::shared_ptr<const LoadedPlan>> LoadedPlan::Open(const std::string& path) {
  MPCC_ASSIGN_OR_RETURN(MappedFile file, MappedFile::Open(path));
  auto plan = std::make_shared<PlanFromFile>(std::move(file));
  if (absl::Status status = plan->Load(); !status.ok())
    return absl::Status(status.code(), fmt::format("{}: {}", path, std::string(status.message())));
  return plan;
}

absl::StatusOr<std::shared_ptr<const LoadedPlan>> LoadedPlan::FromMemory(
    plan::Plan plan, std::span<const uint8_t> constants) {
  auto loaded = std::make_shared<PlanFromMemory>(std::move(plan), constants);
  MPCC_RETURN_IF_ERROR(ValidatePlan(loaded->plan_, loaded->constants_));
  return loaded;
}

std::span<const uint8_t> LoadedPlan::Constant(uint32_t index) const {
  const plan::Constant& constant = plan_.constants(index);
  return constants_.subspan(constant.offset(), constant.bytes());
}

std::span<const uint8_t> LoadedPlan::set_id() const { return BytesOf(plan_.set_id()); }

}  // namespace mpcc
