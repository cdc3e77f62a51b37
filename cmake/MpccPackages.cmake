# Every third-party package the project uses, in one place. tools/setup installs them.
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(Boost 1.74 REQUIRED)          # Asio, header only
find_package(absl REQUIRED)                # Status, StatusOr
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Protobuf REQUIRED)            # before ONNX, which needs its targets
find_package(hwy REQUIRED)
find_package(GTest REQUIRED)
find_package(benchmark REQUIRED)

if(MPCC_COMPILER)
  execute_process(COMMAND llvm-config-19 --prefix OUTPUT_VARIABLE MPCC_LLVM_PREFIX
                  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  find_package(MLIR 19.1 REQUIRED CONFIG HINTS ${MPCC_LLVM_PREFIX})
  set(MPCC_MLIR_LIBRARIES MLIR LLVM)
  if(MPCC_PYTHON OR MPCC_PACKAGE)  # what is shipped brings what it needs of MLIR; mpcc-opt alone needs the whole
    set(MPCC_MLIR_LIBRARIES MLIRAnalysis MLIRBytecodeOpInterface MLIRFuncDialect MLIRIR MLIRParser MLIRPass MLIRQuantDialect
                            MLIRTransforms)
    get_property(libraries GLOBAL PROPERTY MLIR_ALL_LIBS)
    foreach(library IN LISTS libraries)  # Debian's name the shared LLVM
      get_target_property(needs ${library} INTERFACE_LINK_LIBRARIES)
      list(TRANSFORM needs REPLACE "^LLVM$|^[$]<LINK_ONLY:LLVM>$" LLVMSupport)
      set_target_properties(${library} PROPERTIES INTERFACE_LINK_LIBRARIES "${needs}")
    endforeach()
    set_target_properties(LLVMSupport PROPERTIES INTERFACE_LINK_LIBRARIES "rt;dl;m;LLVMDemangle")  # not what nothing calls
  endif()
endif()
