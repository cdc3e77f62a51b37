// SPDX-License-Identifier: Apache-2.0
// What passes write on operations and functions of the mpc dialect for codegen and reports.
#ifndef MPCC_IR_MPC_ATTRIBUTES_TD
#define MPCC_IR_MPC_ATTRIBUTES_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

class Mpc_Enum<string name, string summary, list<I32EnumAttrCase> cases> : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::mpcc::mpc";
  let genSpecializedAttr = 0;
}

def Mpc_Party : Mpc_Enum<"Party", "a party", [I32EnumAttrCase<"P0", 0>, I32EnumAttrCase<"P1", 1>, I32EnumAttrCase<"P2", 2>]>;

def Mpc_DisclosureKind : Mpc_Enum<"DisclosureKind", "what a party learns", [
    I32EnumAttrCase<"structure", 0>,        // shapes, ring widths, sizes of tables
    I32EnumAttrCase<"time", 1>,             // of each inference, and its bucket
    I32EnumAttrCase<"openings", 2>,         // uniform vectors
    I32EnumAttrCase<"inputs", 3>,           // uniform vectors in place of P1's inputs
    I32EnumAttrCase<"constants", 4>,        // public parameters
    I32EnumAttrCase<"scales", 5>,           // of quantizations that P1 does
    I32EnumAttrCase<"result", 6>,
    I32EnumAttrCase<"rounded_result", 7>,   // rounded at random
    I32EnumAttrCase<"leak", 8>]>;           // what a declared leak says

class Mpc_Count<string what> : DefaultValuedParameter<"uint64_t", "0", what>;

class Mpc_Attr<string name, string attribute> : AttrDef<MpcDialect, name> {
  let mnemonic = attribute;
  let assemblyFormat = "`<` struct(params) `>`";
}

def Mpc_DisclosureAttr : Mpc_Attr<"Disclosure", "disclosure"> {
  let summary = "one thing that a party learns when a program runs";
  let parameters = (ins EnumParameter<Mpc_Party>:$party, EnumParameter<Mpc_DisclosureKind>:$kind,
                        Mpc_Count<"of all but structure, time and leak">:$vectors, Mpc_Count<"of all vectors together">:$elements,
                        OptionalParameter<"::mlir::Type", "of a result: its sharing">:$type,
                        OptionalParameter<"::mlir::StringAttr", "of a leak: its kind">:$leak);
}

def Mpc_CostAttr : Mpc_Attr<"Cost", "cost"> {
  let summary = "rounds, messages and bytes, as in runtime/protocol/cost.h; what is left out is zero";
  let parameters = (ins Mpc_Count<"">:$rounds, Mpc_Count<"">:$messages_p1_to_p2, Mpc_Count<"">:$messages_p2_to_p1,
                        Mpc_Count<"">:$bytes_p1_to_p2, Mpc_Count<"">:$bytes_p2_to_p1, Mpc_Count<"">:$material_bytes,
                        Mpc_Count<"">:$setup_bytes);
  let extraClassDeclaration = [{
    static CostAttr of(::mlir::MLIRContext* context, const ::mpcc::Cost& cost);
    ::mpcc::Cost value() const;
  }];
}

def Mpc_LayerAttr : Mpc_Attr<"Layer", "layer"> {
  let summary = "a part of a network, for reports, and the cost of its operations";
  let parameters = (ins "::mlir::StringAttr":$name, "::mpcc::mpc::CostAttr":$cost);
}

#endif  // MPCC_IR_MPC_ATTRIBUTES_TD
