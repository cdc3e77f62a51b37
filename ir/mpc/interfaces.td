// SPDX-License-Identifier: Apache-2.0
// What analyses, checks and codegen ask of an operation of the mpc dialect; each one answers where it is declared, in the files
// that mpc.td includes.
#ifndef MPCC_IR_MPC_INTERFACES_TD
#define MPCC_IR_MPC_INTERFACES_TD

include "mlir/IR/OpBase.td"

def Mpc_ProtocolOpInterface : OpInterface<"ProtocolOp"> {
  let description = [{
    What the protocol makes of an operation. No question has an answer by default: an operation that leaves one out does not compile.
  }];
  let cppNamespace = "::mpcc::mpc";
  let methods = [
    StaticInterfaceMethod<"Who does it, and when.", "::mpcc::mpc::Role", "getRole">,
    StaticInterfaceMethod<"Its row in the cost table; none for what costs nothing.",
                          "::std::optional<::mpcc::Operation>", "getCostOperation">,
    StaticInterfaceMethod<"The vectors that P0 deals for it, one per stream; none but for Role::kDeals.",
                          "::std::vector<::mpcc::PackedVector>", "getDealtVectors", (ins "const ::mpcc::mpc::Dealing&":$dealing)>,
    StaticInterfaceMethod<"It computes with masked values: those of its operands that are shares have to be replicated.",
                          "bool", "needsReplicated">,
    StaticInterfaceMethod<"Operand and result determine each other by public numbers alone, so opening one opens both.",
                          "bool", "isInvertible">,
    StaticInterfaceMethod<"Whether its results carry the noise of random rounding.", "::mpcc::mpc::Noise", "getNoise">,
    StaticInterfaceMethod<"An element of the result is a function of the operands' elements at its place alone, broadcast.",
                          "bool", "isElementwise">,
    StaticInterfaceMethod<"It is run to find whether what is revealed behind it moves with the input; else its result is any number.",
                          "bool", "isOfTail">,
    InterfaceMethod<"Its result says something of the mask of what was opened beside the value, and must not be revealed alone.",
                    "bool", "tellsOfMask">,
  ];
}

def Mpc_StreamsOpInterface : OpInterface<"StreamsOp"> {
  let description = [{
    An operation with PRG streams: one per mask drawn or vector dealt, in the order of docs/protocol.md. hoist-to-offline numbers them.
  }];
  let cppNamespace = "::mpcc::mpc";
  let methods = [
    InterfaceMethod<"Null before hoist-to-offline.", "::mlir::DenseI64ArrayAttr", "getStreamsAttr">,
    InterfaceMethod<"The attribute's name.", "::mlir::StringAttr", "getStreamsAttrName">,
    InterfaceMethod<"Sets the numbers.", "void", "setStreamsAttr", (ins "::mlir::DenseI64ArrayAttr":$streams)>,
  ];
}

#endif  // MPCC_IR_MPC_INTERFACES_TD
