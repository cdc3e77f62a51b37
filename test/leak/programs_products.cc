// SPDX-License-Identifier: Apache-2.0
// Products of matrices, tables of two indices and wraps: P0's vectors, and what P1 and P2 make of
// them.
#include "runtime/base/status_macros.h"
#include "test/leak/programs.h"

namespace mpcc::leak {
namespace {

struct MatMul {
  size_t batches, m, k, n;
  bool by_rows;  // the right matrix is transposed

  Elements Of(const Elements& a, const Elements& b) const {
    Elements sums{};
    for (size_t g = 0; g < batches; ++g)
      for (size_t i = 0; i < m; ++i)
        for (size_t j = 0; j < n; ++j)
          for (size_t t = 0; t < k; ++t) {
            const size_t right = by_rows ? j * k + t : t * n + j;
            sums[(g * m + i) * n + j] += a[(g * m + i) * k + t] * b[g * k * n + right];
          }
    return sums;
  }
};

MatMul MatMulOf(const Wire& a, const Wire& b, bool by_rows) {
  const size_t rank = a.shape.size();
  const size_t m = a.shape[rank - 2], k = a.shape[rank - 1];
  return {a.count / (m * k), m, k, static_cast<size_t>(b.shape[by_rows ? rank - 2 : rank - 1]),
          by_rows};
}

bool Multiply(const Wire& a, const Wire& b) {
  return a.shape.size() > 1 && a.shape.size() == b.shape.size();
}

}  // namespace

absl::Status Programs::DealMatMul(mpc::DealOp deal, const Wire& a, const Wire& b) {
  if (!Multiply(a, b)) return Invalid("a deal of another form");
  const MatMul product = MatMulOf(a, b, deal.getParams().contains("transpose_b"));
  Deal(deal.getStreams()[0], product.batches * product.m * product.n, a.width,
       [=](const Machine& m) { return product.Of(Whole(m, a), Whole(m, b)); });
  return absl::OkStatus();
}

absl::Status Programs::AddMatMul(mpc::MatMulOp op, int64_t stream) {
  const Wire a = Of(op.getLhs()), b = Of(op.getRhs()), out = Define(op.getResult());
  if (!Multiply(a, b)) return Invalid("matrices of another form");
  MPCC_ASSIGN_OR_RETURN(const DealtVector c, NextVector(stream, out.count, out.width));
  Do([=, product = MatMulOf(a, b, op.getTransposeB())](Machine& m) {
    const Parts &x = m.values[a.at], &y = m.values[b.at];
    const Elements dealt[2] = {c.c1.Of(m), m.values[c.c2][0]};
    Parts& z = m.values[out.at];
    const Elements opened = product.Of(x[0], y[0]);
    z[kMeant] = product.Of(x[kMeant], y[kMeant]);
    for (int p : {0, 1}) {
      const Elements right = product.Of(x[0], y[1 + p]), left = product.Of(x[1 + p], y[0]);
      for (size_t i = 0; i < out.count; ++i)
        z[p][i] = (p ? 0 : opened[i]) - right[i] - left[i] + dealt[p][i];
    }
    for (int p : {0, 1, kMeant})
      for (uint8_t& element : z[p]) element &= out.mask();
  });
  return absl::OkStatus();
}

absl::Status Programs::DealLut2(mpc::DealOp deal, const std::vector<Wire>& in, size_t count,
                                int width) {
  const Wire &a = in[0], &b = in[1], &table = in[2];
  const size_t entries = table.count;
  if (a.count != count || b.count != count || count * entries > kMaxElements ||
      entries != size_t{1} << (a.width + b.width))
    return Invalid("a deal of another form");
  Deal(deal.getStreams()[0], count * entries, width, [=](const Machine& m) {
    const Elements la = Whole(m, a), lb = Whole(m, b);
    Elements v{};
    for (size_t e = 0; e < count; ++e)
      for (size_t u = 0; u < entries; ++u) {
        const size_t first = ((u >> b.width) - la[e]) & a.mask(), second = (u - lb[e]) & b.mask();
        v[e * entries + u] = m.values[table.at][0][first << b.width | second];
      }
    return v;
  });
  return absl::OkStatus();
}

absl::Status Programs::AddLut2(mpc::Lut2Op op, int64_t stream) {
  const Wire a = Of(op.getA()), b = Of(op.getB()), out = Define(op.getResult());
  const size_t entries = size_t{1} << (a.width + b.width);
  if (b.count != a.count || a.count * entries > kMaxElements) return Invalid("too large");
  MPCC_ASSIGN_OR_RETURN(const DealtVector c, NextVector(stream, a.count * entries, out.width));
  const Wire table = Private(op.getTable(), 2);
  Do([=](Machine& m) {
    const Elements c1 = c.c1.Of(m);
    const Parts &x = m.values[a.at], &y = m.values[b.at];
    Parts& z = m.values[out.at];
    for (size_t e = 0; e < out.count; ++e) {
      const size_t at = e * entries + (x[0][e] << b.width | y[0][e]);
      z[0][e] = c1[at];
      z[1][e] = m.values[c.c2][0][at];
      z[kMeant][e] = m.values[table.at][kMeant][x[kMeant][e] << b.width | y[kMeant][e]];
    }
  });
  return absl::OkStatus();
}

// The carry of the masks, and the top bit of their sum.
absl::Status Programs::DealWrap(mpc::DealOp deal, const Wire& x, int width) {
  const auto deal_bit = [&](int64_t stream, auto bit) {
    Deal(stream, x.count, width, [=](const Machine& m) {
      Elements v{};
      for (size_t i = 0; i < x.count; ++i)
        v[i] = bit(m.values[x.at][1][i] + m.values[x.at][2][i]) & 1;
      return v;
    });
  };
  deal_bit(deal.getStreams()[0], [k = x.width](int sum) { return sum >> k; });
  deal_bit(deal.getStreams()[1], [k = x.width](int sum) { return sum >> (k - 1); });
  return absl::OkStatus();
}

// In the ideal meaning nothing wraps.
absl::Status Programs::AddWrap(mpc::WrapOp op, llvm::ArrayRef<int64_t> streams) {
  const Wire x = Of(op.getInput()), out = Define(op.getResult());
  if (streams.size() != 2) return Invalid("no streams");
  MPCC_ASSIGN_OR_RETURN(const DealtVector carry, NextVector(streams[0], out.count, out.width));
  MPCC_ASSIGN_OR_RETURN(const DealtVector top, NextVector(streams[1], out.count, out.width));
  Do([=](Machine& m) {
    const Elements carries[2] = {carry.c1.Of(m), m.values[carry.c2][0]};
    const Elements tops[2] = {top.c1.Of(m), m.values[top.c2][0]};
    for (int p : {0, 1})
      for (size_t i = 0; i < out.count; ++i) {
        const bool high = m.values[x.at][0][i] >> (x.width - 1) & 1;
        m.values[out.at][p][i] = (carries[p][i] + (high ? 0 : tops[p][i])) & out.mask();
      }
    m.values[out.at][kMeant] = Elements{};
  });
  return absl::OkStatus();
}

}  // namespace mpcc::leak
