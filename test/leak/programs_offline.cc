// SPDX-License-Identifier: Apache-2.0
// P0: masks, arithmetic on them, and what it deals.
#include "runtime/base/status_macros.h"
#include "test/leak/programs.h"

namespace mpcc::leak {

absl::Status Programs::AddOffline(mlir::Operation* op) {
  if (!done_.insert(op).second || llvm::isa<mlir::func::ReturnOp>(op)) return absl::OkStatus();
  for (mlir::Value operand : op->getOperands())
    if (mlir::Operation* source = operand.getDefiningOp()) MPCC_RETURN_IF_ERROR(AddOffline(source));
  if (auto constant = llvm::dyn_cast<mpc::ConstantOp>(op)) {
    AddConstant(constant, false);
    return absl::OkStatus();
  }
  if (auto deal = llvm::dyn_cast<mpc::DealOp>(op)) return AddDeal(deal);
  if (auto draw = llvm::dyn_cast<mpc::MaskOp>(op)) {
    const Wire out = Define(draw.getResult());
    if (draw.getStreams().size() != 1) return Invalid("a mask of several streams");
    for (int party : {1, 2}) streams_.UseOtherwise(KeyOf(party, program_, draw.getStreams()[0]));
    const Draw l1 = streams_.Of(1, program_, draw.getStreams()[0], out.count, out.width);
    const Draw l2 = draw.getIsInput()
                        ? Draw{{}, out.width}
                        : streams_.Of(2, program_, draw.getStreams()[0], out.count, out.width);
    Do([=](Machine& m) { m.values[out.at] = {Elements{}, l1.Of(m.seed), l2.Of(m.seed)}; });
    return absl::OkStatus();
  }
  if (auto input = llvm::dyn_cast<mpc::InputOp>(op)) {  // P0 holds what it shares
    for (mlir::Value result : input.getResults()) Define(result);
    return absl::OkStatus();
  }
  if (op->getNumResults() != 1 || op->getNumOperands() == 0) return Invalid("no operation of P0");
  return AddLocal(op);
}

Elements Programs::Whole(const Machine& m, const Wire& wire) {
  Elements sum{};
  for (size_t i = 0; i < wire.count; ++i)
    sum[i] = (m.values[wire.at][1][i] + m.values[wire.at][2][i]) & wire.mask();
  return sum;
}

Half Programs::HalfOf(int program, int64_t stream, const Correction& correction) {
  const StreamKey key = KeyOf(1, program, stream);
  if (key != correction.key) streams_.UseOtherwise(key), streams_.UseOtherwise(correction.key);
  if (given_.contains(key)) return {{}, correction.at};
  return {streams_.Of(1, program, stream, correction.count, correction.width), std::nullopt};
}

Correction Programs::Correct(int program, int64_t stream, size_t count, int width,
                             std::function<Elements(const Machine&)> value) {
  const Correction correction{values_++, count, width, KeyOf(1, program, stream)};
  streams_.UseForVector(correction.key);
  const Half c1 = HalfOf(program, stream, correction);
  const bool given = c1.at.has_value();
  Do([=, value = std::move(value)](Machine& m) {
    const Elements v = value(m);
    const Elements first = given ? m.Given(correction.at, count, width) : c1.draw.Of(m.seed);
    Parts& halves = m.values[correction.at];
    const int known = given && m.viewer == 2 ? 0 : 1;
    halves[known] = first;
    for (size_t i = 0; i < count; ++i) halves[1 - known][i] = (v[i] - first[i]) & RingMask(width);
    m.See(2, halves[0], count);
  });
  return correction;
}

void Programs::Deal(int64_t stream, size_t count, int width,
                    std::function<Elements(const Machine&)> value) {
  corrections_.push_back(Correct(program_, stream, count, width, std::move(value)));
}

absl::Status Programs::AddDeal(mpc::DealOp deal) {
  std::vector<Wire> in;
  for (mlir::Value operand : deal.getInputs()) in.push_back(Of(operand));
  const auto type = llvm::cast<mpc::ShareType>(deal.getResultType());
  const int width = static_cast<int>(type.getWidth());
  const size_t count = type.numElements();
  const llvm::ArrayRef<int64_t> streams = deal.getStreams();
  const auto needs = [&](size_t operands, size_t wanted) {
    return in.size() == operands && streams.size() == wanted;
  };
  if (deal.getTarget() == "linear") {
    if (!needs(3, 1)) return Invalid("a deal of another form");
    return DealLinear(deal, in, count, width);
  }
  if (deal.getTarget() == "lut" || deal.getTarget() == "lut_pair") {
    auto shift = deal.getParams().getAs<mlir::IntegerAttr>("shift");
    if (!needs(2, 1) || !shift || in[1].shape.size() != 2) return Invalid("a deal of another form");
    const size_t planes = deal.getTarget() == "lut" ? 1 : 2;
    return DealLut(streams[0], in, shift.getInt(), count / planes, width);
  }
  if (deal.getTarget() == "dot") {
    if (!needs(2, 1) || in[0].count != in[1].count) return Invalid("a deal of another form");
    const Wire a = in[0], b = in[1];
    const size_t k = a.shape.back();
    Deal(streams[0], count, width, [=](const Machine& m) {
      const Elements x = Whole(m, a), y = Whole(m, b);
      Elements v{};
      for (size_t i = 0; i < a.count; ++i) v[i / k] += x[i] * y[i];
      return v;
    });
    return absl::OkStatus();
  }
  if (deal.getTarget() == "matmul" && needs(2, 1)) return DealMatMul(deal, in[0], in[1]);
  if (deal.getTarget() == "lut2" && needs(3, 1)) return DealLut2(deal, in, count, width);
  if (deal.getTarget() == "wrap" && needs(1, 2)) return DealWrap(deal, in[0], width);
  if (deal.getTarget() == "high_bits" && needs(1, 1)) return DealHighBits(deal, in[0], width);
  if (deal.getTarget() == "read_bits" && in.size() == 1) return DealReadBits(deal, in[0]);
  if (deal.getTarget() == "from_bits" && !in.empty()) return DealFromBits(deal, in, count, width);
  if (deal.getTarget() == "product") return DealProduct(deal, in, count, width);
  return Invalid("a deal that the oracle does not know");
}

absl::Status Programs::DealLinear(mpc::DealOp deal, const std::vector<Wire>& in, size_t count,
                                  int width) {
  const Wire &x = in[0], &w = in[1], &b = in[2];
  if (w.shape.size() != 2 || x.count / w.shape[0] * w.shape[1] != count)
    return Invalid("a deal of another form");
  auto stream = deal.getParams().getAs<mlir::IntegerAttr>("weight_stream");
  if (!stream) return Invalid("no weight stream");
  const int64_t number = static_cast<uint32_t>(stream.getInt());
  // Equal constants under one number are one shared weight.
  const int64_t content = ContentOf(deal.getInputs()[1]);
  if (weights_dealt_.insert({number, content}).second) {
    const Correction share =
        Correct(-1, number, w.count, w.width, [=](const Machine& m) { return m.values[w.at][0]; });
    weight_shares_.try_emplace(number, share);
  }
  const size_t k = w.shape[0], n = w.shape[1];
  Deal(deal.getStreams()[0], count, width, [=](const Machine& m) {
    const Elements l = Whole(m, x);
    Elements v{};
    for (size_t i = 0; i < count; ++i) {
      v[i] = m.values[b.at][0][i % n];
      for (size_t j = 0; j < k; ++j) v[i] -= l[i / n * k + j] * m.values[w.at][0][j * n + i % n];
    }
    return v;
  });
  return absl::OkStatus();
}

int64_t Programs::ContentOf(mlir::Value value) {
  auto constant = value.getDefiningOp<mpc::ConstantOp>();
  auto part = constant ? constant->getAttrOfType<mlir::IntegerAttr>(kModelPart) : nullptr;
  return part ? part.getInt() : -1 - static_cast<int64_t>(Of(value).at);
}

absl::Status Programs::DealLut(int64_t stream, const std::vector<Wire>& in, int64_t shift,
                               size_t count, int width) {
  const Wire &x = in[0], &table = in[1];
  const size_t rows = table.shape[0], entries = table.shape[1];
  if (count * entries > kMaxElements || x.count != count || shift < 0 || shift > 7)
    return Invalid("too large");
  Deal(stream, count * entries, width, [=](const Machine& m) {
    const Elements l = Whole(m, x);
    Elements v{};
    for (size_t e = 0; e < count; ++e)
      for (size_t u = 0; u < entries; ++u)
        v[e * entries + u] =
            m.values[table.at][0][e % rows * entries + (u - (l[e] >> shift)) % entries];
    return v;
  });
  return absl::OkStatus();
}

absl::Status Programs::DealProduct(mpc::DealOp deal, const std::vector<Wire>& in, size_t count,
                                   int width) {
  const bool constant =
      !in.empty() && llvm::cast<mpc::ShareType>(deal.getInputs().back().getType()).isPrivate();
  const size_t factors = in.size() - constant;
  const unsigned first = constant ? 0 : 1, end = 1u << factors;
  if (deal.getStreams().size() != end - first) return Invalid("a deal of another form");
  for (const Wire& wire : in)
    if (wire.count != count) return Invalid("a broadcast product");
  for (unsigned subset = first; subset < end; ++subset)
    Deal(deal.getStreams()[subset - first], count, width, [=](const Machine& m) {
      Elements v;
      v.fill(1);
      if (constant) v = m.values[in.back().at][0];
      for (size_t t = 0; t < factors; ++t) {
        if (!(subset >> t & 1)) continue;
        const Elements l = Whole(m, in[t]);
        for (size_t i = 0; i < count; ++i) v[i] = static_cast<uint8_t>(-l[i] * v[i]);
      }
      return v;
    });
  return absl::OkStatus();
}

}  // namespace mpcc::leak
