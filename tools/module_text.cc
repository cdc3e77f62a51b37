// SPDX-License-Identifier: Apache-2.0
#include "tools/module_text.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "mlir/Bytecode/BytecodeReader.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Support/FileUtilities.h"

namespace mpcc {
namespace {

using llvm::StringRef;
using Module = mlir::OwningOpRef<mlir::ModuleOp>;

constexpr StringRef kFunction = "func.func";

bool InName(char c) { return llvm::isAlnum(c) || StringRef("_$.-").contains(c); }

// Looks at words, strings, comments, brackets and names of values alone. Names are forgotten where
// the region ends that they were defined in, and those of arguments with the function.
class NameScan {
 public:
  explicit NameScan(StringRef text) : text_(text) {}

  std::optional<size_t> Run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (text_.substr(at_).starts_with("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (c == '"') {
        if (String() == kFunction && text_.substr(at_).starts_with("(")) BeginFunction();
      } else if (c == '%') {
        if (!Name()) return at_;
      } else if (InName(c) || c == '@') {  // a symbol's @ is a part of no keyword
        if (Word() == kFunction) BeginFunction();
      } else {
        Bracket(c);
        ++at_;
      }
    }
    return std::nullopt;
  }

 private:
  struct Brace {
    size_t at, names;  // how many were defined before
    int parens;        // open around it
  };

  StringRef Word() {
    const size_t begin = at_++;
    while (at_ < text_.size() && InName(text_[at_])) ++at_;
    return text_.slice(begin, at_);
  }

  StringRef String() {
    const size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    at_ = std::min(at_ + 1, text_.size());
    return text_.slice(begin, at_).drop_back();
  }

  void BeginFunction() {
    Forget(0);
    function_braces_ = braces_.size();
  }

  void Forget(size_t from) {
    for (size_t i = from; i < names_.size(); ++i) defined_.erase(names_[i]);
    names_.resize(std::min(from, names_.size()));
  }

  void Bracket(char c) {
    if (c == '(') ++parens_;
    if (c == ')') --parens_;
    if (c == '{') braces_.push_back({at_, names_.size(), std::exchange(parens_, 0)});
    if (c != '}' || braces_.empty()) return;
    const Brace brace = braces_.back();
    braces_.pop_back();
    parens_ = brace.parens;
    if (last_name_ < brace.at) return;  // of attributes
    Forget(braces_.size() == function_braces_ ? 0 : brace.names);
  }

  // Whether the name is defined, here or before; moves behind it then.
  bool Name() {
    const size_t begin = at_;
    const StringRef name = Word();
    last_name_ = begin;
    if (begin >= list_end_) ReadList(begin);
    const bool argument = parens_ > 0 && text_.substr(at_).ltrim().starts_with(":");
    if (list_defines_ || argument) {
      if (defined_.insert(name).second) names_.push_back(name);
    } else if (!defined_.contains(name)) {
      at_ = begin;
      return false;
    }
    return true;
  }

  // From a name on: %a, %b:2, %c. Behind what an operation defines there is one equals sign.
  void ReadList(size_t begin) {
    StringRef rest = text_.substr(begin);
    do {
      rest = rest.ltrim().drop_front().drop_while(InName).ltrim(' ');
      if (rest.starts_with(":")) rest = rest.drop_front().ltrim(' ').drop_while(llvm::isDigit);
      rest = rest.ltrim();
    } while (rest.consume_front(",") && rest.ltrim().starts_with("%"));
    list_end_ = text_.size() - rest.size();
    list_defines_ = rest.starts_with("=") && !rest.starts_with("==");
  }

  StringRef text_;
  size_t at_ = 0, last_name_ = 0;
  int parens_ = 0;  // open in the innermost braces
  std::vector<Brace> braces_;
  size_t function_braces_ = 0;
  std::vector<StringRef> names_;  // in the order of their definitions
  llvm::StringSet<> defined_;
  size_t list_end_ = 0;
  bool list_defines_ = false;
};

// Where the name stands in the text.
mlir::Location LocationOf(StringRef name, const llvm::SourceMgr& sources,
                          mlir::MLIRContext& context) {
  const unsigned id = sources.getMainFileID();
  const auto [line, column] =
      sources.getLineAndColumn(llvm::SMLoc::getFromPointer(name.data()), id);
  const StringRef file = sources.getMemoryBuffer(id)->getBufferIdentifier();
  return mlir::FileLineColLoc::get(&context, file, line, column);
}

Module ParseBuffer(std::unique_ptr<llvm::MemoryBuffer> buffer, mlir::MLIRContext& context) {
  const llvm::MemoryBufferRef bytes = *buffer;
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(buffer), {});
  if (mlir::isBytecode(bytes)) return mlir::parseSourceFile<mlir::ModuleOp>(sources, &context);
  if (const auto use = UseBeforeDefinition(bytes.getBuffer())) {
    const StringRef name =
        bytes.getBuffer().substr(*use).take_until([](char c) { return c != '%' && !InName(c); });
    mlir::emitError(LocationOf(name, sources, context))
        << "value '" << name << "' is used before it is defined: define it above, in the same "
        << "function";
    return nullptr;
  }
  return mlir::parseSourceFile<mlir::ModuleOp>(sources, &context);
}

}  // namespace

std::optional<size_t> UseBeforeDefinition(StringRef text) { return NameScan(text).Run(); }

Module ReadModule(StringRef path, mlir::MLIRContext& context) {
  std::string problem;
  auto file = mlir::openInputFile(path, &problem);
  if (!file) {
    mlir::emitError(mlir::UnknownLoc::get(&context)) << problem;
    return nullptr;
  }
  return ParseBuffer(std::move(file), context);
}

Module ParseModule(StringRef text, StringRef name, mlir::MLIRContext& context) {
  return ParseBuffer(llvm::MemoryBuffer::getMemBufferCopy(text, name), context);
}

}  // namespace mpcc
