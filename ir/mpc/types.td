// SPDX-License-Identifier: Apache-2.0
// Types of the mpc dialect: sharings, and what operands may be. mpc.td includes this file.
#ifndef MPCC_IR_MPC_TYPES_TD
#define MPCC_IR_MPC_TYPES_TD

def Mpc_ShareType : TypeDef<MpcDialect, "Share"> {
  let typeName = "mpc.share";
  let summary = "a tensor in one of the sharings, or of mask components, or private to P0";
  let parameters = (ins "::mpcc::mpc::ShareKind":$kind, ArrayRefParameter<"int64_t">:$shape, "unsigned":$width);
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    int64_t numElements() const;
    int64_t rank() const { return static_cast<int64_t>(getShape().size()); }
    bool isAdd() const { return getKind() == ShareKind::add; }
    bool isRss() const { return getKind() == ShareKind::rss; }
    bool isMask() const { return getKind() == ShareKind::mask; }
    bool isPrivate() const { return getKind() == ShareKind::priv; }
    ShareType withKind(ShareKind kind) const;
    ShareType withWidth(unsigned width) const;
    ShareType withShape(::llvm::ArrayRef<int64_t> shape) const;
  }];
}

class Mpc_Kind<string pred, string what> : Type<
    CPred<"::llvm::isa<::mpcc::mpc::ShareType>($_self) && (" # pred # ")">, what, "::mpcc::mpc::ShareType">;
class Mpc_Is<string kind> : StrFunc<"::llvm::cast<::mpcc::mpc::ShareType>($_self)." # kind # "()">;
def AddShare : Mpc_Kind<Mpc_Is<"isAdd">.result, "additive share">;
def RssShare : Mpc_Kind<Mpc_Is<"isRss">.result, "replicated share">;
def MaskValue : Mpc_Kind<Mpc_Is<"isMask">.result, "mask at P0">;
def PrivateValue : Mpc_Kind<Mpc_Is<"isPrivate">.result, "integers private to P0">;
def AddOrRss : Mpc_Kind<Mpc_Is<"isAdd">.result # " || " # Mpc_Is<"isRss">.result, "additive or replicated share">;
def RssOrMask : Mpc_Kind<Mpc_Is<"isRss">.result # " || " # Mpc_Is<"isMask">.result, "replicated share or mask">;
def ShareOrMask : Mpc_Kind<"!" # Mpc_Is<"isPrivate">.result, "share or mask">;
def LocalTensor : StaticShapeTensorOf<[F32, I64, I1, AnySignlessInteger]>;

#endif  // MPCC_IR_MPC_TYPES_TD
