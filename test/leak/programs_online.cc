// SPDX-License-Identifier: Apache-2.0
// P1 and P2: what they hold, and the messages that they see.
#include "llvm/ADT/STLExtras.h"
#include "runtime/base/status_macros.h"
#include "test/leak/programs.h"

namespace mpcc::leak {

absl::Status Programs::AddOnline(mlir::Operation* op) {
  if (auto sealed = llvm::dyn_cast<mpc::SealedOp>(op)) {
    AddPlaceholder(sealed);
    return absl::OkStatus();
  }
  if (llvm::isa<mlir::func::ReturnOp>(op)) {
    AddResults(op);
    return absl::OkStatus();
  }
  if (auto constant = llvm::dyn_cast<mpc::ConstantOp>(op)) {
    AddConstant(constant, true);
    return absl::OkStatus();
  }
  if (auto input = llvm::dyn_cast<mpc::InputOp>(op)) return AddOpening(op, true);
  if (auto reshare = llvm::dyn_cast<mpc::ReshareOp>(op)) return AddOpening(op, false);
  if (auto reveal = llvm::dyn_cast<mpc::RevealOp>(op)) return AddReveal(reveal);
  if (op->getNumResults() != 1) return Invalid("an operation that the oracle does not know");
  if (llvm::isa<mpc::LinearOp, mpc::LutOp, mpc::LutPairOp, mpc::DotOp, mpc::ProductOp,
                mpc::HighBitsOp, mpc::ReadBitsOp, mpc::FromBitsOp, mpc::MatMulOp, mpc::Lut2Op,
                mpc::WrapOp>(op))
    return AddDealt(op);
  if (llvm::isa<mpc::MaskOp, mpc::DealOp>(op)) return Invalid("P0's operation online");
  if (auto local = llvm::dyn_cast<mpc::InputLocalOp>(op)) {
    const Wire in = Of(local.getInput()), out = Define(local.getResult());
    Do([=](Machine& m) {
      const Parts& x = m.values[in.at];
      m.values[out.at] = {x[0], Elements{}, Elements{}, x[kMeant]};
    });
    return absl::OkStatus();
  }
  if (auto free = llvm::dyn_cast<mpc::OpenFreeOp>(op)) {
    const Wire in = Of(free.getInput()), out = Define(free.getResult());
    Do([=](Machine& m) {
      const Parts& x = m.values[in.at];
      Parts& y = m.values[out.at];
      for (size_t i = 0; i < out.count; ++i) {
        y[0][i] = (x[0][i] - x[1][i]) & out.mask();
        y[1][i] = -x[2][i] & out.mask();
        y[kMeant][i] = x[kMeant][i];
      }
    });
    return absl::OkStatus();
  }
  if (auto extract = llvm::dyn_cast<mpc::ExtractOp>(op)) {
    const Wire in = Of(extract.getInput()), out = Define(extract.getResult());
    const int shift = in.width - out.width;
    Do([=](Machine& m) {
      for (size_t i = 0; i < out.count; ++i) {
        const uint8_t up = (m.values[in.at][0][i] + RingMask(shift)) & in.mask();
        m.values[out.at][0][i] = up >> shift;
        m.values[out.at][1][i] = m.values[in.at][1][i] >> shift;
        m.values[out.at][kMeant][i] = m.values[in.at][kMeant][i] >> shift;
      }
    });
    return absl::OkStatus();
  }
  return AddLocal(op);
}

Draw Programs::MaskOf(int party, llvm::ArrayRef<int64_t> streams, size_t index, const Wire& wire) {
  if (index >= streams.size()) return {{}, wire.width};
  streams_.UseOtherwise(KeyOf(party, program_, streams[index]));
  return streams_.Of(party, program_, streams[index], wire.count, wire.width);
}

absl::Status Programs::AddOpening(mlir::Operation* op, bool is_input) {
  auto attr = op->getAttrOfType<mlir::DenseI64ArrayAttr>("streams");
  const llvm::ArrayRef<int64_t> streams = attr ? attr.asArrayRef() : llvm::ArrayRef<int64_t>();
  for (auto [index, operand] : llvm::enumerate(op->getOperands())) {
    const Wire in = Of(operand), out = Define(op->getResult(index));
    const Draw l1 = MaskOf(1, streams, index, out);
    const Draw l2 = is_input ? Draw{{}, out.width} : MaskOf(2, streams, index, out);
    Do([=](Machine& m) {
      const Parts x = m.values[in.at];
      Parts& y = m.values[out.at];
      y[1] = l1.Of(m.seed);
      y[2] = l2.Of(m.seed);
      y[kMeant] = x[kMeant];
      Elements from1{}, from2{};
      for (size_t i = 0; i < out.count; ++i) {
        from1[i] = (x[0][i] + y[1][i]) & out.mask();
        from2[i] = is_input ? 0 : (x[1][i] + y[2][i]) & out.mask();
        y[0][i] = (from1[i] + from2[i]) & out.mask();
      }
      m.See(2, from1, out.count);
      if (!is_input) m.See(1, from2, out.count);
    });
  }
  return absl::OkStatus();
}

absl::Status Programs::AddReveal(mpc::RevealOp op) {
  const Wire in = Of(op.getInput()), out = Define(op.getResult());
  Do([=](Machine& m) {
    const Parts& x = m.values[in.at];
    m.See(1, x[1], in.count);
    for (size_t i = 0; i < in.count; ++i) m.values[out.at][0][i] = (x[0][i] + x[1][i]) & in.mask();
    m.values[out.at][kMeant] = x[kMeant];
  });
  return absl::OkStatus();
}

Wire Programs::Private(mlir::Value operand, unsigned index) const {
  if (next_deal_ == 0) return Of(operand);
  mpc::DealOp deal = deals_[next_deal_ - 1];
  return index < deal->getNumOperands() ? Of(deal->getOperand(index)) : Of(operand);
}

// The first result of each name that the model has; others tell, but are not meant.
void Programs::AddResults(mlir::Operation* end) {
  auto function = llvm::cast<FuncOp>(end->getParentOp());
  auto listed = function->getAttrOfType<mlir::ArrayAttr>("nn.results");
  llvm::SmallDenseSet<mlir::Attribute> names(listed.begin(), listed.end());
  for (auto [i, operand] : llvm::enumerate(end->getOperands())) {
    if (!names.erase(function.getResultAttr(i, "nn.name"))) continue;
    const Wire wire = Of(operand);
    const size_t first = results_;
    results_ += wire.count;
    Do([=](Machine& m) {
      for (size_t e = 0; e < wire.count; ++e) {
        m.results[(first + e) % kMaxElements] = m.values[wire.at][kMeant][e];
        m.wrong |= m.values[wire.at][0][e] != m.values[wire.at][kMeant][e];
      }
    });
  }
}

absl::StatusOr<Programs::DealtVector> Programs::NextVector(int64_t stream, size_t count,
                                                           int width) {
  if (next_correction_ >= corrections_.size()) return Invalid("P0 deals too little");
  const Correction& correction = corrections_[next_correction_++];
  if (correction.count != count || correction.width != width)
    return Invalid("P0 deals vectors of another size");
  return DealtVector{HalfOf(program_, stream, correction), correction.at};
}

absl::Status Programs::AddDealt(mlir::Operation* op) {
  if (next_deal_ < deals_.size()) MPCC_RETURN_IF_ERROR(AddOffline(deals_[next_deal_++]));
  auto streams = op->getAttrOfType<mlir::DenseI64ArrayAttr>("streams");
  if (!streams) return Invalid("no streams");
  if (auto linear = llvm::dyn_cast<mpc::LinearOp>(op)) return AddLinear(linear, streams[0]);
  if (auto lut = llvm::dyn_cast<mpc::LutOp>(op)) return AddLut(lut, streams[0], 1);
  if (auto pair = llvm::dyn_cast<mpc::LutPairOp>(op)) return AddLut(pair, streams[0], 2);
  if (auto dot = llvm::dyn_cast<mpc::DotOp>(op)) return AddDot(dot, streams[0]);
  if (auto matmul = llvm::dyn_cast<mpc::MatMulOp>(op)) return AddMatMul(matmul, streams[0]);
  if (auto lut = llvm::dyn_cast<mpc::Lut2Op>(op)) return AddLut2(lut, streams[0]);
  if (auto wrap = llvm::dyn_cast<mpc::WrapOp>(op)) return AddWrap(wrap, streams.asArrayRef());
  if (auto high = llvm::dyn_cast<mpc::HighBitsOp>(op)) return AddHighBits(high, streams[0]);
  if (auto read = llvm::dyn_cast<mpc::ReadBitsOp>(op))
    return AddReadBits(read, streams.asArrayRef());
  if (auto from = llvm::dyn_cast<mpc::FromBitsOp>(op))
    return AddFromBits(from, streams.asArrayRef());
  return AddProduct(llvm::cast<mpc::ProductOp>(op), streams.asArrayRef());
}

absl::Status Programs::AddLinear(mpc::LinearOp op, int64_t stream) {
  const Wire x = Of(op.getInput()), out = Define(op.getResult());
  const auto type = llvm::cast<mpc::ShareType>(op.getWeight().getType());
  const size_t k = type.getShape()[0], n = type.getShape()[1];
  MPCC_ASSIGN_OR_RETURN(const DealtVector c, NextVector(stream, out.count, out.width));
  if (!op.getWeightStream()) return Invalid("no weight stream");
  const int64_t number = static_cast<uint32_t>(*op.getWeightStream());
  const auto share = weight_shares_.find(number);
  if (share == weight_shares_.end()) return Invalid("a weight that P0 does not share");
  if (share->second.count != k * n || share->second.width != out.width)
    return Invalid("a weight of another size");
  const Half w1 = HalfOf(-1, number, share->second);
  const size_t w2 = share->second.at;
  const Wire w = Private(op.getWeight(), 1), b = Private(op.getBias(), 2);
  Do([=](Machine& m) {
    for (size_t i = 0; i < out.count; ++i) {
      uint8_t sum = m.values[b.at][kMeant][i % n];
      for (size_t j = 0; j < k; ++j)
        sum += m.values[x.at][kMeant][i / n * k + j] * m.values[w.at][kMeant][j * n + i % n];
      m.values[out.at][kMeant][i] = sum & out.mask();
    }
    const Elements weights[2] = {w1.Of(m), m.values[w2][0]};
    const Elements dealt[2] = {c.c1.Of(m), m.values[c.c2][0]};
    for (int p = 0; p < 2; ++p)
      for (size_t i = 0; i < out.count; ++i) {
        uint8_t sum = dealt[p][i];
        for (size_t j = 0; j < k; ++j)
          sum += m.values[x.at][0][i / n * k + j] * weights[p][j * n + i % n];
        m.values[out.at][p][i] = sum & out.mask();
      }
  });
  return absl::OkStatus();
}

// A lut, or the planes of a lut_pair: plane i is read i entries below.
absl::Status Programs::AddLut(mlir::Operation* op, int64_t stream, size_t planes) {
  const Wire x = Of(op->getOperand(0)), out = Define(op->getResult(0));
  const mlir::Value tables = op->getOperand(1);
  const size_t entries = llvm::cast<mpc::ShareType>(tables.getType()).getShape()[1];
  if (out.count * entries > kMaxElements) return Invalid("too large");
  const int64_t shift = op->getAttrOfType<mlir::IntegerAttr>("shift").getInt();
  MPCC_ASSIGN_OR_RETURN(const DealtVector c, NextVector(stream, x.count * entries, out.width));
  const Wire table = Private(tables, 1);
  const size_t rows = table.shape[0];
  Do([=](Machine& m) {
    const Elements c1 = c.c1.Of(m);
    for (size_t i = 0; i < planes * x.count; ++i) {
      const size_t e = i % x.count, below = i / x.count;
      const auto entry = [&](uint8_t number) {
        return e * entries + ((number >> shift) - below) % entries;
      };
      m.values[out.at][kMeant][i] =
          m.values[table.at][kMeant]
                  [e % rows * entries + entry(m.values[x.at][kMeant][e]) % entries];
      const size_t at = entry(m.values[x.at][0][e]);
      m.values[out.at][0][i] = c1[at];
      m.values[out.at][1][i] = m.values[c.c2][0][at];
    }
  });
  return absl::OkStatus();
}

absl::Status Programs::AddDot(mpc::DotOp op, int64_t stream) {
  const Wire a = Of(op.getLhs()), b = Of(op.getRhs()), out = Define(op.getResult());
  MPCC_ASSIGN_OR_RETURN(const DealtVector c, NextVector(stream, out.count, out.width));
  const size_t k = a.shape.back();
  Do([=](Machine& m) {
    const Parts &x = m.values[a.at], &y = m.values[b.at];
    Elements sums[2] = {c.c1.Of(m), m.values[c.c2][0]};
    for (size_t i = 0; i < a.count; ++i) {
      sums[0][i / k] += x[0][i] * y[0][i] - x[0][i] * y[1][i] - x[1][i] * y[0][i];
      sums[1][i / k] -= x[0][i] * y[2][i] + x[2][i] * y[0][i];
    }
    for (int p = 0; p < 2; ++p)
      for (size_t i = 0; i < out.count; ++i) m.values[out.at][p][i] = sums[p][i] & out.mask();
    Elements meant{};
    for (size_t i = 0; i < a.count; ++i) meant[i / k] += x[kMeant][i] * y[kMeant][i];
    for (size_t i = 0; i < out.count; ++i) m.values[out.at][kMeant][i] = meant[i] & out.mask();
  });
  return absl::OkStatus();
}

absl::Status Programs::AddProduct(mpc::ProductOp op, llvm::ArrayRef<int64_t> streams) {
  std::vector<Wire> factors;
  for (mlir::Value factor : op.getFactors()) factors.push_back(Of(factor));
  const Wire out = Define(op.getResult());
  const unsigned first = op.getConstant() ? 0 : 1, end = 1u << factors.size();
  std::vector<DealtVector> vectors;
  for (unsigned subset = first; subset < end; ++subset) {
    MPCC_ASSIGN_OR_RETURN(DealtVector vector,
                          NextVector(streams[subset - first], out.count, out.width));
    vectors.push_back(std::move(vector));
  }
  std::vector<Wire> meant = factors;
  if (op.getConstant()) meant.push_back(Private(op.getConstant(), op.getFactors().size()));
  Do([=](Machine& m) {
    Parts sum{};
    sum[kMeant].fill(1);
    for (const Wire& wire : meant)
      for (size_t i = 0; i < out.count; ++i) sum[kMeant][i] *= m.values[wire.at][kMeant][i];
    for (unsigned subset = 0; subset < end; ++subset) {
      Elements opened;
      opened.fill(1);
      for (size_t t = 0; t < factors.size(); ++t)
        for (size_t i = 0; i < out.count && !(subset >> t & 1); ++i)
          opened[i] *= m.values[factors[t].at][0][i];
      Elements dealt[2] = {};
      if (subset < first)
        dealt[0].fill(1);
      else
        dealt[0] = vectors[subset - first].c1.Of(m),
        dealt[1] = m.values[vectors[subset - first].c2][0];
      for (int p = 0; p < 2; ++p)
        for (size_t i = 0; i < out.count; ++i) sum[p][i] += opened[i] * dealt[p][i];
    }
    for (int p : {0, 1, kMeant})
      for (size_t i = 0; i < out.count; ++i) m.values[out.at][p][i] = sum[p][i] & out.mask();
  });
  return absl::OkStatus();
}

}  // namespace mpcc::leak
