// SPDX-License-Identifier: Apache-2.0
// Any bytes: the reader and importer must answer with a module or with problems. Bytes that are a
// model are damaged field by field, so that what is tried stays a model.
#include <algorithm>
#include <cstdint>
#include <random>

#include "frontend/onnx_importer.h"
#include "frontend/onnx_reader.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  onnx::ModelProto model;
  if (!model.ParseFromArray(data, static_cast<int>(size))) return 0;
  mpcc::Problems problems;
  auto prepared = mpcc::PrepareModel(std::move(model), "/nonexistent", problems);
  if (!prepared) return 0;
  mlir::MLIRContext context;
  context.disableMultithreading();
  mpcc::ImportModel(context, *prepared, "fuzz.onnx", {{}, 4}, problems);
  return 0;
}

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

class Damage {
 public:
  explicit Damage(unsigned seed) : random_(seed) {}

  // One field of the message, or of one inside it.
  void Do(Message& message) {
    std::vector<const FieldDescriptor*> fields;
    const Reflection& reflection = *message.GetReflection();
    reflection.ListFields(message, &fields);
    if (fields.empty()) return;
    const FieldDescriptor* field = fields[Below(fields.size())];
    if (field->is_repeated()) return Repeated(message, field);
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Do(*reflection.MutableMessage(&message, field));
      case FieldDescriptor::CPPTYPE_STRING:
        return reflection.SetString(&message, field, Bytes(reflection.GetString(message, field)));
      case FieldDescriptor::CPPTYPE_INT64:
        return reflection.SetInt64(&message, field, Number());
      case FieldDescriptor::CPPTYPE_INT32:
        return reflection.SetInt32(&message, field, static_cast<int32_t>(Number()));
      default:
        return reflection.ClearField(&message, field);
    }
  }

 private:
  size_t Below(size_t count) {
    return std::uniform_int_distribution<size_t>(0, count - 1)(random_);
  }

  int64_t Number() {
    constexpr int64_t kNumbers[] = {0, 1, -1, 2, 3, 7, 8, 16, 255, 1 << 20, INT32_MAX, INT64_MIN};
    return kNumbers[Below(std::size(kNumbers))];
  }

  // With some bytes that libFuzzer likes, which knows the dictionary.
  std::string Bytes(std::string text) {
    const size_t size = text.size(), room = size + 16;
    text.resize(room);
    text.resize(LLVMFuzzerMutate(reinterpret_cast<uint8_t*>(text.data()), size, room));
    return text;
  }

  // An element is taken out, moved or damaged.
  void Repeated(Message& message, const FieldDescriptor* field) {
    const Reflection& reflection = *message.GetReflection();
    const int count = reflection.FieldSize(message, field);
    const int i = static_cast<int>(Below(count)), j = static_cast<int>(Below(count));
    const size_t what = Below(8);
    if (what == 0) {
      reflection.SwapElements(&message, field, i, count - 1);
      reflection.RemoveLast(&message, field);
    } else if (what == 1) {
      reflection.SwapElements(&message, field, i, j);
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      Do(*reflection.MutableRepeatedMessage(&message, field, i));
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_INT64) {
      reflection.SetRepeatedInt64(&message, field, i, Number());
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      const bool other = what % 2 == 0;  // of two names, one in the place of the other
      std::string text = reflection.GetRepeatedString(message, field, other ? j : i);
      reflection.SetRepeatedString(&message, field, i, other ? text : Bytes(text));
    }
  }

  std::mt19937 random_;
};

}  // namespace

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  constexpr unsigned kBytes = 16;  // one in so many damages bytes instead
  onnx::ModelProto model;
  if (seed % kBytes == 0 || !model.ParseFromArray(data, static_cast<int>(size)))
    return LLVMFuzzerMutate(data, size, max_size);
  Damage(seed).Do(model);
  const size_t made = model.ByteSizeLong();
  if (made > max_size || !model.SerializeToArray(data, static_cast<int>(made))) return size;
  return made;
}
