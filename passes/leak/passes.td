// SPDX-License-Identifier: Apache-2.0
// The argument that a program tells nobody more than it should.
#ifndef MPCC_PASSES_LEAK_PASSES_TD
#define MPCC_PASSES_LEAK_PASSES_TD

include "mlir/Pass/PassBase.td"

def VerifyNoLeak : Pass<"verify-no-leak", "::mlir::ModuleOp"> {
  let summary = "prove who learns what, or fail the compile";
  let description = [{
    Follows every value to the party that holds it in the clear and refuses a module in which

    - two openings, or an opening and a dealt vector, use one PRG stream: each mask is drawn once and each dealt vector used once;
      a number is less than 2^32, since a larger one is another name of a smaller one;
    - an operation still takes an additive operand that it would have to open unseen (insert-share-conversions has not run);
    - a value other than a returned result is revealed (a result that `extract` rounded is disclosed as such: P1 knows its half of
      the rounding), or one with an element that does not depend on P1's input: that is a weight or an entry of a table. It may do so
      by its formula and not by its numbers, so sums, products and bits before a reveal are run on random numbers: one must move it;
    - a program takes what P0 alone holds, or returns a share, or several results of which one has no name of its own, or other
      results than the model (`nn.results`) or another program: a result that the model does not name is a hidden layer;
    - P1 computes in the clear on a constant that is not `public`, or on anything whose owner is not known;
    - the two halves of a split program do not fit: P0 draws another mask (stream, kind or type) than is opened, or deals for
      another operation, under other streams, with other parameters or by other masks than P1 and P2 consume with; P0's function
      has anything but masks, constants, arithmetic on masks and deals, or another function has those;
    - one weight stream shares two weights, in whichever programs;
    - something else than functions stands in the module: nobody would look at it;
    - an operation rounds at random (it says so itself) and `rounding-coins` is not in `allow-leak`: P1 knows half of the coins, or
      the threshold, so each repetition of a question would tell it more of what was rounded, and of the weights behind;
    - a decision marked `mpc.leak` (made by looking at private numbers) is of a kind that is not in `allow-leak`, or a mark has
      another form or place than a string, or strings, on a function or its operations.

    Writes the table of who learns what to `mpc.disclosures` on each online function, as `#mpc.disclosure`. The table depends on shapes and widths only.

    Assumes insert-share-conversions has run; may run before and after hoist-to-offline (streams and halves are checked once they
    are there).
  }];
  let options = [ListOption<"allow", "allow-leak", "std::string", "kinds of declared leakage that the model owner allows">];
  let dependentDialects = ["::mpcc::mpc::MpcDialect"];
}

#endif  // MPCC_PASSES_LEAK_PASSES_TD
