# SPDX-License-Identifier: Apache-2.0
# Configures the runtime where neither MLIR nor ONNX can be found, looks for them in what would be
# built, and builds the lowest library.
function(run)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE text ERROR_VARIABLE text RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}: ${status}\n${text}")
  endif()
endfunction()

file(REMOVE_RECURSE ${WORK})
foreach(package MLIR LLVM ONNX)
  list(APPEND hidden -DCMAKE_DISABLE_FIND_PACKAGE_${package}=ON)
endforeach()
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK} -G Ninja -DMPCC_COMPILER=OFF ${hidden}
    -DCMAKE_C_COMPILER=${C} -DCMAKE_CXX_COMPILER=${CXX})
file(STRINGS ${WORK}/build.ninja lines REGEX "mlir|MLIR|LLVM|onnx")
list(FILTER lines EXCLUDE REGEX "build.ninja|cmake_install|RERUN_CMAKE|/cmake/")
if(lines)
  message(FATAL_ERROR "the runtime builds with\n${lines}")
endif()
run(${CMAKE_COMMAND} --build ${WORK} --target mpcc_base)
