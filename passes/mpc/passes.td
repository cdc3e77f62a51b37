// SPDX-License-Identifier: Apache-2.0
// Passes on functions of the mpc dialect, from the lowering's output to one opening per round.
#ifndef MPCC_PASSES_MPC_PASSES_TD
#define MPCC_PASSES_MPC_PASSES_TD

include "mlir/Pass/PassBase.td"

def ElideSoftmaxMax : Pass<"elide-softmax-max", "::mlir::func::FuncOp"> {
  let summary = "drops the row maximum of a softmax where the exponential table needs none";
  let description = [{
    Softmax does not change when a constant is subtracted from its row: with k-bit scores the largest possible score serves as
    well as the row's maximum, if every entry of the exponential table stays large enough to be told from zero. That looks at a private
    table, so it is declared leakage: without `allow-leak` the pass changes nothing.
  }];
  let options = [Option<"allowLeak", "allow-leak", "bool", "false", "the model owner allows the choice to depend on the table">,
            Option<"smallest", "smallest", "double", "0.05", "smallest entry that is precise enough, as a share of the largest">];
}

def FuseExtractLut : Pass<"fuse-extract-lut", "::mlir::func::FuncOp"> {
  let summary = "leave one table per opening: compose tables, read narrow indices off wider openings";
  let description = [{
    A lowering may emit one small step per network operation. This pass composes them on the private constants and lets tables share
    openings:

    - local steps on a table's result (add_public, mul_public, resize, extract) move into the table, if nobody else reads them;
      `extract` becomes rounding to the nearest, which is what its random rounding is on average;
    - a table of a table's whole or windowed result becomes one table, if the composed one is not larger than the outer one or the
      inner one has no other reader;
    - `extract` of `extract` becomes one;
    - an exact read (`mpc.public_lut`, `mpc.private_lut`, `mpc.saturate`, `mpc.truncate`) of a `truncate` reads the wire in front of it: top bits, carry and table
      become one. Sums with a public number, reshapes, transpositions and slices in between move before the truncation;
    - a table of an extracted index reads the bits of the wider wire itself (`shift`), if that wire is opened anyway; among several
      extracted indices of one wire, narrower ones read the widest.

    Assumes the lowering's form before insert-share-conversions: tables take additive indices. No rule looks at a table's entries:
    two models of one shape get the same program.
  }];
  let dependentDialects = ["::mpcc::mpc::MpcDialect"];
}

def ExpandExactReads : Pass<"expand-exact-reads", "::mlir::func::FuncOp"> {
  let summary = "turn exact truncations and public functions into reads of the opened value's digits";
  let description = [{
    What `fuse-extract-lut` leaves of `mpc.truncate`, `mpc.public_lut`, `mpc.private_lut` and `mpc.saturate`, and every `mpc.staircase` and `mpc.leading_lut`, becomes operations of the protocol (docs/protocol.md, "Digits" and
    "Bits"). The low bits are cut into digits, of which each tells whether the mask's is larger or equal; together they are the borrow
    that the bits above wait for.

    - A public function reads its bits off the one-hot vector of the top digit, those that change with a borrow apart from the
      others; one `mpc.from_bits` puts them together and multiplies with the factor.
    - A private function reads the entries of its tables at the top digit and one below (`mpc.lut_pair`), of which the borrow says which it is.
    - A truncation takes the borrow from `mpc.high_bits`.
    - Staircases of one value (`mpc.staircase`) share their reads: bits of the low digit's difference, and of which value the top digit has.
    - A function of leading bits (`mpc.leading_lut`) reads each level so, and of the bits above it whether it decides: two bits, for a
      window that borrows from them and one that does not, each with bits of the function for its case.
    - What saturates is such a function, or is read by digits, for each borrow or with what a borrow changes ("Saturation").

    Functions of the same top bits of one value share its opening, the one-hot vectors and the bits of the borrow; of three and more that
    enter a ring alike, what all fall by at the same number is put together once. Narrow digits deal
    less, and there are more of them to join; what is joined before the last polynomial takes rounds and deals less again. Each kind of
    read takes what is fastest on the network of the policy, by the cost table. Rounds: the opening of the value, one for the bits, and
    one for each joining before that.
  }];
  let dependentDialects = ["::mpcc::mpc::MpcDialect"];
}

def ExpandRowMax : Pass<"expand-row-max", "::mlir::func::FuncOp"> {
  let summary = "turn row maxima into tournaments of two-input tables";
  let description = [{
    A row of n values of k bits becomes ceil(log2 n) rounds of mpc.lut2 on its halves, each a private table of 2^(2k) entries of k bits
    (256 of 4 bits in the source design); an odd value out waits for the next round. Values are compared as signed integers.

    Assumes indices of at most 6 bits: wider ones need tables of more than 4096 entries and are refused.
  }];
  let dependentDialects = ["::mpcc::mpc::MpcDialect"];
}

def InsertShareConversions : Pass<"insert-share-conversions", "::mlir::func::FuncOp"> {
  let summary = "insert the openings that products and tables need, each wire at most once";
  let description = [{
    Operands of linear, matmul, dot, product, lut, lut2 and exp must be replicated; what comes out of them is additive. This pass

    - inserts one mpc.reshare for each additive value that some operation needs replicated, whatever the number of its readers;
    - reads the opening of x for every value that is a free function of it: reshape, transpose and add_public of x, and slice and
      resize of x when x itself is opened as well. The same function of m and of the masks is the same function of the value;
    - expands mpc.lift: add 2^(k-2), open, mpc.wrap, open the wrap count in the width gained, mpc.join, subtract 2^(k-2); without the
      offsets if the value is `unsigned`. The first opening is that of the wire itself, shared with its other readers;
    - opens the replicated operand of a mixed add or sub for free.

    Assumes that rings are chosen (choose-rings) and row maxima expanded. Afterwards no operation takes a sharing that it cannot compute
    with, and no wire is opened twice. Openings stand right after the value they open; merge-openings turns them into rounds.
  }];
  let dependentDialects = ["::mpcc::mpc::MpcDialect"];
}

def MergeOpenings : Pass<"merge-openings", "::mlir::func::FuncOp"> {
  let summary = "put all openings that may share a round into one exchange";
  let description = [{
    The depth of an opening is the longest chain of openings that it waits for (passes/analysis/round_depth.h). Openings of one depth
    are independent: they become one variadic mpc.reshare, in program order. The number of rounds is then the length of the longest
    chain, the least possible. All mpc.input of plaintext become one, before the first round. Local operations move to the first round
    in which their operands are there, constants to that of their first reader, reveals to the end.

    Assumes one block and no streams yet (hoist-to-offline numbers them afterwards).
    With `report`, a remark on the function tells the number of exchanges before and after.
  }];
  let options = [Option<"report", "report", "bool", /*default=*/"false", "remark the exchanges before and after">];
  let dependentDialects = ["::mpcc::mpc::MpcDialect"];
}

def ShortenLives : Pass<"shorten-lives", "::mlir::func::FuncOp"> {
  let summary = "order the operations of each round so that few large wires are alive at one time";
  let description = [{
    Operations between two exchanges may come in any order that their operands allow. Each is put before the first one that reads it,
    so that a sum over a row, say, follows what it sums, and comes before the next row's terms are made. What nothing else there reads
    comes with all that it waits for, from what takes small wires alone to what makes the largest: by then others have read the wires that the
    largest are made of, and `plan-buffers` can let these take their place. Linear layers stay in their order, since those of other sequence lengths
    share their weights by it. Only sizes of shares count: plaintext is P1's, and comes first, since it may refuse an input.

    Assumes that openings are merged: exchanges stay where they are. Rounds, bytes and material stay as they are, the material's order follows
    (`hoist-to-offline`, `schedule-offline-tables`).
  }];
  let dependentDialects = ["::mpcc::mpc::MpcDialect"];
}

#endif  // MPCC_PASSES_MPC_PASSES_TD
