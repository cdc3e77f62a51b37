// SPDX-License-Identifier: Apache-2.0
// What the frontend says about the node that an operation comes from: metadata of locations, which every
// pass carries along.
#ifndef MPCC_IR_NN_ATTRIBUTES_TD
#define MPCC_IR_NN_ATTRIBUTES_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

// In the order in which values pass them.
def Nn_PartKind : I32EnumAttr<"PartKind", "a part of an encoder", [
    I32EnumAttrCase<"embedding", 0>, I32EnumAttrCase<"layer", 1>, I32EnumAttrCase<"head", 2>]> {
  let cppNamespace = "::mpcc::nn";
  let genSpecializedAttr = 0;
}

class Nn_Attr<string name, string attribute> : AttrDef<NnDialect, name> {
  let mnemonic = attribute;
  let assemblyFormat = "`<` struct(params) `>`";
}

def Nn_PartAttr : Nn_Attr<"Part", "part"> {
  let summary = "the embedding, a layer by its number, or the head of an encoder";
  let parameters = (ins EnumParameter<Nn_PartKind>:$kind, DefaultValuedParameter<"int64_t", "0", "of a layer">:$index);
  let extraClassDeclaration = [{
    // "embedding", "layer.<index>" or "head".
    std::string text() const;
    // By the order of the parts.
    bool IsBefore(PartAttr other) const;
  }];
}

def Nn_NodeAttr : Nn_Attr<"Node", "node"> {
  let summary = "the operator of an ONNX node, and the part of the network that it belongs to";
  let parameters = (ins "::mlir::StringAttr":$op, OptionalParameter<"::mpcc::nn::PartAttr">:$part);
}

#endif  // MPCC_IR_NN_ATTRIBUTES_TD
