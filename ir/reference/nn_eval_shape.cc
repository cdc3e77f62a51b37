// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "fmt/format.h"
#include "ir/reference/nn_eval.h"

namespace mpcc::nn {
namespace {

std::vector<int64_t> Strides(const std::vector<int64_t>& shape) {
  std::vector<int64_t> strides(shape.size(), 1);
  for (size_t d = shape.size(); d-- > 1;) strides[d - 1] = strides[d] * shape[d];
  return strides;
}

// The elements of `in` at the offsets that `shape`, `strides` and `start` visit.
Tensor Visit(const Tensor& in, std::vector<int64_t> shape, const std::vector<int64_t>& strides,
             int64_t start) {
  Tensor out{std::move(shape), {}};
  std::visit(
      [&](const auto& values) {
        std::decay_t<decltype(values)> picked(out.size());
        ForEachOffset(out.shape, strides, start,
                      [&](int64_t i, int64_t at) { picked[i] = values[at]; });
        out.data = std::move(picked);
      },
      in.data);
  return out;
}

}  // namespace

absl::StatusOr<Tensor> Eval(GatherOp op, Operands in) {
  const int64_t rows = in[0]->shape[0], width = rows == 0 ? 0 : in[0]->size() / rows;
  for (int64_t id : in[1]->ints()) {
    if (id < -rows || id >= rows)
      return absl::InvalidArgumentError(
          fmt::format("id {} is outside a table of {} rows", id, rows));
  }
  Tensor out{ResultShape(op), {}};
  std::visit(
      [&](const auto& table) {
        std::decay_t<decltype(table)> picked;
        picked.reserve(out.size());
        for (int64_t id : in[1]->ints()) {
          auto row = table.begin() + (id < 0 ? id + rows : id) * width;
          picked.insert(picked.end(), row, row + width);
        }
        out.data = std::move(picked);
      },
      in[0]->data);
  return out;
}

absl::StatusOr<Tensor> Eval(ReshapeOp op, Operands in) {
  return Tensor{ResultShape(op), in[0]->data};
}

absl::StatusOr<Tensor> Eval(TransposeOp op, Operands in) {
  std::vector<int64_t> from = Strides(in[0]->shape), strides;
  for (int64_t dim : op.getPerm()) strides.push_back(from[dim]);
  return Visit(*in[0], ResultShape(op), strides, 0);
}

absl::StatusOr<Tensor> Eval(SliceOp op, Operands in) {
  std::vector<int64_t> strides = Strides(in[0]->shape);
  int64_t start = 0;
  for (size_t d = 0; d < strides.size(); ++d) start += op.getOffsets()[d] * strides[d];
  return Visit(*in[0], ResultShape(op), strides, start);
}

absl::StatusOr<Tensor> Eval(ConcatOp op, Operands in) {
  Tensor out{ResultShape(op), {}};
  int64_t outer = 1;
  for (uint64_t d = 0; d < op.getAxis(); ++d) outer *= out.shape[d];
  std::visit(
      [&](const auto& first) {
        using Values = std::decay_t<decltype(first)>;
        Values joined;
        joined.reserve(out.size());
        for (int64_t o = 0; o < outer; ++o) {
          for (const Tensor* part : in) {
            const int64_t length = part->size() / outer;
            auto begin = std::get<Values>(part->data).begin() + o * length;
            joined.insert(joined.end(), begin, begin + length);
          }
        }
        out.data = std::move(joined);
      },
      in[0]->data);
  return out;
}

}  // namespace mpcc::nn
