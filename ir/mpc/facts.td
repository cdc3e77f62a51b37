// SPDX-License-Identifier: Apache-2.0
// What an operation of the mpc dialect says of itself: its facts, and the result types that it infers. mpc.td includes this file.
#ifndef MPCC_IR_MPC_FACTS_TD
#define MPCC_IR_MPC_FACTS_TD

// What the protocol makes of an operation: the answers to interfaces.td, in C++. `deals` and `tells` are expressions, or empty where
// the answer is a function beside the verifier.
class Mpc_Facts<string role, string cost, string deals, bit replicated, bit invertible, string noise, bit elementwise, bit tail, string tells> {
  string declaration = "static ::mpcc::mpc::Role getRole() { return ::mpcc::mpc::Role::" # role # "; }\n" #
      "static ::std::optional<::mpcc::Operation> getCostOperation() { return " #
      !if(!empty(cost), "::std::nullopt", "::mpcc::Operation::" # cost) # "; }\n" #
      "static ::std::vector<::mpcc::PackedVector> getDealtVectors(const ::mpcc::mpc::Dealing& dealing)" #
      !if(!empty(deals), ";\n", " { return " # deals # "; }\n") #
      "static bool needsReplicated() { return " # !if(replicated, "true", "false") # "; }\n" #
      "static bool isInvertible() { return " # !if(invertible, "true", "false") # "; }\n" #
      "static ::mpcc::mpc::Noise getNoise() { return ::mpcc::mpc::Noise::" # noise # "; }\n" #
      "static bool isElementwise() { return " # !if(elementwise, "true", "false") # "; }\n" #
      "static bool isOfTail() { return " # !if(tail, "true", "false") # "; }\n" #
      "bool tellsOfMask()" # !if(!empty(tells), ";\n", " { return " # tells # "; }\n");
}

// The result types follow from operands and attributes: `types`, in C++, of the operands `op`. They are compared by the verifiers,
// which say what differs.
class Mpc_Infers<string types> : TraitList<[
    DeclareOpInterfaceMethods<InferTypeOpInterface>,
    NativeOpTrait<"InferTypeOpAdaptor", [], [{
      static bool isCompatibleReturnTypes(::mlir::TypeRange, ::mlir::TypeRange) { return true; }
    }], [{
      ::llvm::LogicalResult $cppClass::inferReturnTypes(
          ::mlir::MLIRContext*, std::optional<::mlir::Location>, ::mlir::ValueRange operands, ::mlir::DictionaryAttr attributes,
          ::mlir::OpaqueProperties properties, ::mlir::RegionRange regions, ::llvm::SmallVectorImpl<::mlir::Type>& results) {
        Adaptor op(operands, attributes, properties, regions);
        return Append(}] # types # [{, results);
      }
    }]>]>;

class Mpc_Op<string mnemonic, Mpc_Facts facts, list<Trait> traits = []>
    : Op<MpcDialect, mnemonic, !listconcat([Mpc_ProtocolOpInterface], traits)> {
  string declarations = "";  // beyond the facts
  let extraClassDeclaration = facts.declaration # declarations;
  let hasVerifier = 1;  // without a function of it the dialect does not link
}

// P0 deals nothing, and no digits of a mask are read.
class Mpc_Undealt<string role, string cost, bit replicated, bit invertible, string noise, bit elementwise, bit tail>
    : Mpc_Facts<role, cost, /*deals=*/"{}", replicated, invertible, noise, elementwise, tail, /*tells=*/"false">;
// P1 or P2 computes, and nothing is sent or dealt; `noise` as in ir/mpc/protocol.h.
class Mpc_Quiet<string role, string noise, bit elementwise, bit tail>
    : Mpc_Undealt<role, /*cost=*/"", /*replicated=*/false, /*invertible=*/false, noise, elementwise, tail>;
// Reads the opened value exactly, in some way that `expand-exact-reads` chooses.
def Mpc_Exact : Mpc_Undealt<"kAbstract", /*cost=*/"", /*replicated=*/true, /*invertible=*/false, "kNone", /*elementwise=*/true, /*tail=*/false>;
// A message between P1 and P2.
class Mpc_Exchange<string role, string cost, string noise, bit elementwise, bit tail>
    : Mpc_Undealt<role, cost, /*replicated=*/false, /*invertible=*/false, noise, elementwise, tail>;
// Linear and structural operations, on additive or replicated shares and on masks alike.
class Mpc_Local<bit invertible, bit elementwise>
    : Mpc_Undealt<"kLocal", /*cost=*/"", /*replicated=*/false, invertible, "kPassesOn", elementwise, /*tail=*/true>;
// P0 deals `vectors`; what the result is rounded by, if at all, the dealt vectors hide.
class Mpc_Dealt<string cost, string vectors, bit elementwise, bit tail, string tells>
    : Mpc_Facts<"kDeals", cost, vectors, /*replicated=*/true, /*invertible=*/false, "kNone", elementwise, tail, tells>;
// The same with vectors as the cost table says; `index_bits` of a tabulated operation.
class Mpc_DealtByTable<string cost, bit elementwise, bit tail, string tells, string index_bits = "0">
    : Mpc_Dealt<cost, "dealing.Vectors(::mpcc::Operation::" # cost # ", " # index_bits # ")", elementwise, tail, tells>;

#endif  // MPCC_IR_MPC_FACTS_TD
