// SPDX-License-Identifier: Apache-2.0
// Any bytes as a file: the reader and importer must answer with a module, which is then asked what
// commands ask of it, or with problems. Bytes that are a model are damaged field by field, so that
// what is tried stays a model. What is asked for depends on the bytes.
#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "frontend/check.h"
#include "frontend/frontend.h"
#include "frontend/node_context.h"
#include "frontend/onnx_writer.h"
#include "frontend/padding.h"
#include "frontend/result_digits.h"
#include "frontend/select_results.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "mlir/IR/Diagnostics.h"
#include "onnx/onnx_pb.h"
#include "runtime/material/fuzz_directory.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

constexpr char kExternal[] = "weights.bin";
constexpr size_t kExternalBytes = 4096;

const mpcc::FuzzDirectory& Directory() {
  static const mpcc::FuzzDirectory directory;
  return directory;
}

// Any of what commands ask for, with the names that exporters give results.
mpcc::ImportOptions OptionsOf(size_t hash) {
  std::minstd_rand random(hash);
  const auto one_of = [&](auto... values) {
    const std::common_type_t<decltype(values)...> all[] = {values...};
    return all[random() % sizeof...(values)];
  };
  mpcc::ImportOptions options;
  if (random() % 4) options.seq_len = one_of(2, 4, 7);
  if (random() % 8 == 0) options.pad_id = one_of(0, 1, 9);
  if (random() % 8 == 0) options.results = {one_of("logits", "last_hidden_state", "pooler_output")};
  if (random() % 2)
    options.pooling = one_of(mpcc::Pooling::kNone, mpcc::Pooling::kMean, mpcc::Pooling::kRoot,
                             mpcc::Pooling::kFirst);
  options.normalize = random() % 4 == 0;
  if (random() % 4 == 0)
    if (const auto digits = mpcc::ParseDigits({one_of("3", "all", "x"), one_of("logits=1", "=2")});
        digits.ok())
      options.digits = *digits;
  if (random() % 8 == 0)
    if (const auto shape = mpcc::ParseShape(
            one_of("input_ids=1x5", "attention_mask=1x7", "input_ids=2", "x=3", "input_ids=1x")))
      options.shapes.insert(*shape);
  return options;
}

// As commands go on with a model.
void Ask(mlir::ModuleOp module) {
  mpcc::Problems problems;
  for (auto function : module.getOps<mlir::func::FuncOp>()) {
    if (mpcc::TokensOfProbe(function) > 0) mpcc::DependsOnPadding(function);
    mpcc::CheckRevealed(function, problems);
  }
  mpcc::WarnOfTokenVectors(module);
  mpcc::ReportResults(module);
  mpcc::ReportModel(module);
}

class Damage {
 public:
  explicit Damage(unsigned seed) : random_(seed) {}

  // One field of the model, or a change of more than one that leaves it whole.
  void Do(onnx::ModelProto& model);

 private:
  size_t Below(size_t count) {
    return std::uniform_int_distribution<size_t>(0, count - 1)(random_);
  }

  template <typename Messages>
  auto& OneOf(Messages& messages) {
    return messages[static_cast<int>(Below(std::size(messages)))];
  }

  // The node becomes a call of a function of the file's that does the same.
  void IntoFunction(onnx::ModelProto& model, onnx::NodeProto& node) {
    onnx::FunctionProto& function = *model.add_functions();
    function.set_name("f" + std::to_string(model.functions_size()));
    function.set_domain("local");
    *function.mutable_opset_import() = model.opset_import();
    *function.mutable_input() = node.input();
    *function.mutable_output() = node.output();
    *function.add_node() = node;
    node.set_op_type(function.name());
    node.set_domain(function.domain());
    node.clear_attribute();
  }

  // Its numbers become those of a file beside the model, which may be too short.
  void IntoFile(onnx::TensorProto& tensor) {
    const std::pair<const char*, std::string> entries[] = {
        {"location", kExternal},
        {"offset", std::to_string(Below(kExternalBytes))},
        {"length", std::to_string(Below(2) ? tensor.raw_data().size() : Below(kExternalBytes))}};
    tensor.clear_raw_data();
    tensor.set_data_location(onnx::TensorProto::EXTERNAL);
    for (const auto& [key, value] : entries) {
      onnx::StringStringEntryProto& entry = *tensor.add_external_data();
      entry.set_key(key);
      entry.set_value(value);
    }
  }

  // The node's place is taken by an If of a constant condition, whose branches are the node.
  void IntoBranch(onnx::ModelProto& model, onnx::NodeProto& node) {
    onnx::NodeProto choice;
    choice.set_name(node.name());
    choice.set_op_type("If");
    choice.add_input(Constant(model, static_cast<int64_t>(Below(2)), onnx::TensorProto::BOOL));
    *choice.mutable_output() = node.output();
    for (const char* name : {"then_branch", "else_branch"}) {
      onnx::AttributeProto& branch = *choice.add_attribute();
      branch.set_name(name);
      branch.set_type(onnx::AttributeProto::GRAPH);
      *branch.mutable_g()->add_node() = node;
      for (const std::string& output : node.output())
        branch.mutable_g()->add_output()->set_name(output);
    }
    node = choice;
  }

  // Between the node and what it reads stands another one, of any operator, with some numbers.
  void Before(onnx::ModelProto& model, int at, const char* op) {
    auto& nodes = *model.mutable_graph()->mutable_node();
    if (nodes[at].input().empty()) return;
    std::string& read = OneOf(*nodes[at].mutable_input());
    onnx::NodeProto& made = *nodes.Add();
    made.set_op_type(op);
    made.add_output("made" + std::to_string(nodes.size()));
    made.add_input(read);
    for (size_t more = Below(3); more > 0; --more) {
      const int64_t number = Number();
      const auto type = Below(2) ? onnx::TensorProto::INT64 : onnx::TensorProto::FLOAT;
      made.add_input(Below(2) ? read : Constant(model, number, type));
    }
    read = made.output(0);
    for (int i = nodes.size() - 1; i > at; --i) nodes.SwapElements(i, i - 1);
  }

  // A constant of one or two numbers.
  std::string Constant(onnx::ModelProto& model, int64_t number, int32_t type) {
    onnx::TensorProto& tensor = *model.mutable_graph()->add_initializer();
    tensor.set_name("number" + std::to_string(model.graph().initializer_size()));
    tensor.set_data_type(type);
    const int64_t count = static_cast<int64_t>(Below(3));
    if (count > 0) tensor.add_dims(count);
    for (int64_t i = 0; i < std::max<int64_t>(count, 1); ++i)
      if (type == onnx::TensorProto::FLOAT)
        tensor.add_float_data(static_cast<float>(number));
      else if (type == onnx::TensorProto::INT64)
        tensor.add_int64_data(number);
      else
        tensor.add_int32_data(static_cast<int32_t>(number));
    return tensor.name();
  }

  // A range of a tensor, which need not be there.
  void Range(onnx::ModelProto& model) {
    const auto& nodes = model.graph().node();
    const int at = nodes.empty() ? 0 : static_cast<int>(Below(nodes.size()));
    const bool known = !nodes.empty() && !nodes[at].output().empty();
    onnx::StringStringEntryProto& entry = *model.add_metadata_props();
    entry.set_key(mpcc::kRangePrefix + (known ? nodes[at].output(0) : "gone"));
    entry.set_value(Bytes("1.5"));
  }

  // One field of the message, or of one inside it.
  void Field(Message& message) {
    std::vector<const FieldDescriptor*> fields;
    const Reflection& reflection = *message.GetReflection();
    reflection.ListFields(message, &fields);
    if (fields.empty()) return;
    const FieldDescriptor* field = OneOf(fields);
    if (field->is_repeated()) return Repeated(message, field);
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_MESSAGE:
        return Field(*reflection.MutableMessage(&message, field));
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

  int64_t Number() {
    constexpr int64_t kNumbers[] = {0, 1, -1, 2, 3, 7, 8, 16, 255, 1 << 20, INT32_MAX, INT64_MIN};
    return OneOf(kNumbers);
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
      Field(*reflection.MutableRepeatedMessage(&message, field, i));
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

void Damage::Do(onnx::ModelProto& model) {
  static const std::vector<mpcc::ImportRow> operators = mpcc::AllImporters();
  auto& nodes = *model.mutable_graph()->mutable_node();
  auto& tensors = *model.mutable_graph()->mutable_initializer();
  const size_t what = Below(16);
  if (what == 0 && !nodes.empty()) return IntoFunction(model, OneOf(nodes));
  if (what == 1 && !tensors.empty()) return IntoFile(OneOf(tensors));
  if (what == 2 && !nodes.empty()) return OneOf(nodes).set_op_type(OneOf(operators).op);
  if (what == 3 && !nodes.empty()) return IntoBranch(model, OneOf(nodes));
  if (what < 6 && !nodes.empty())
    return Before(model, static_cast<int>(Below(nodes.size())), OneOf(operators).op);
  if (what == 6) return Range(model);
  Field(model);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  Directory().Write(Directory().path() + "/" + kExternal, std::vector<uint8_t>(kExternalBytes, 1));
  return 0;
}

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

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string path = Directory().path() + "/model.onnx";
  Directory().Write(path, {data, size});
  mlir::MLIRContext context;
  context.disableMultithreading();
  bool told = false;
  const mlir::ScopedDiagnosticHandler quiet(&context, [&](mlir::Diagnostic&) {
    told = true;
    return mlir::success();
  });
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  mpcc::Problems problems;
  const auto module = mpcc::ImportOnnxFile(
      context, path, OptionsOf(std::hash<std::string_view>()(bytes)), problems);
  // Where the importer lets through what an operation's verifier refuses, that tells.
  if (module ? !problems.empty() : problems.empty() && !told) __builtin_trap();
  if (module) Ask(*module);
  return 0;
}
