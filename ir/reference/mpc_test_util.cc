// SPDX-License-Identifier: Apache-2.0
#include "ir/reference/mpc_test_util.h"

#include <gtest/gtest.h>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "ir/nn/nn.h"
#include "mlir/Parser/Parser.h"
#include "runtime/base/ring.h"

namespace mpcc::reference {

Program::Program(const std::string& text) {
  context_.loadDialect<mpc::MpcDialect, nn::NnDialect, mlir::func::FuncDialect,
                       mlir::quant::QuantizationDialect>();
  module_ = mlir::parseSourceString<mlir::ModuleOp>(text, &context_);
  EXPECT_TRUE(module_) << text;
}

mlir::func::FuncOp Program::Function(llvm::StringRef name) {
  return module_->lookupSymbol<mlir::func::FuncOp>(name);
}

Outputs Program::Run(const std::vector<LocalTensor>& inputs, const RunOptions& options) {
  absl::StatusOr<Outputs> outputs = RunMpc(Function(), inputs, options);
  EXPECT_TRUE(outputs.ok()) << outputs.status();
  return outputs.ok() ? *std::move(outputs) : Outputs{};
}

Ring Program::RunRandom(const std::vector<LocalTensor>& inputs, uint64_t seed) {
  RunOptions options;
  options.mode = RunMode::kRandom;
  options.seed = seed;
  Outputs outputs = Run(inputs, options);
  return outputs.values.empty() ? Ring{} : Reconstruct(std::get<Components>(outputs.values[0]));
}

std::vector<int64_t> Program::RunIdeal(const std::vector<LocalTensor>& inputs) {
  Outputs outputs = Run(inputs, {});
  std::vector<int64_t> out;
  if (outputs.values.empty()) return out;
  const Components& value = std::get<Components>(outputs.values[0]);
  for (uint64_t x : Reconstruct(value)) out.push_back(Signed(x, value.width));
  return out;
}

Ring RandomRing(Random& random, size_t count, int width) {
  Ring out(count);
  for (uint64_t& x : out) x = Reduce(random(), width);
  return out;
}

std::vector<int64_t> RandomIntegers(Random& random, size_t count, int64_t low, int64_t high) {
  std::vector<int64_t> out(count);
  for (int64_t& x : out) x = std::uniform_int_distribution<int64_t>(low, high)(random);
  return out;
}

Shape RandomShape(Random& random, size_t rank, int64_t most) {
  return RandomIntegers(random, rank, 1, most);
}

LocalTensor TensorOf(Shape shape, const Ring& elements) {
  return {std::move(shape), std::vector<int64_t>(elements.begin(), elements.end())};
}
LocalTensor TensorOf(Shape shape, const std::vector<int64_t>& elements) {
  return {std::move(shape), elements};
}

std::string Text(ShapeRef shape) { return fmt::format("{}", fmt::join(shape, "x")); }

std::string ShareText(const char* kind, ShapeRef shape, int width) {
  return fmt::format("!mpc.{}<{}, {}>", kind, Text(shape), width);
}

// Elements as one row of bytes in the order of memory: "0x..." takes any shape.
std::string ConstantText(ShapeRef shape, int width, const Ring& elements) {
  std::string hex;
  for (uint64_t x : elements)
    for (int b = 0; b < 8; ++b) hex += fmt::format("{:02X}", x >> (8 * b) & 255);
  return fmt::format("mpc.constant dense<\"0x{}\"> : tensor<{}xi64> : {}", hex, Text(shape),
                     ShareText("private", shape, width));
}

}  // namespace mpcc::reference
