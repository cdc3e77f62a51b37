# SPDX-License-Identifier: Apache-2.0
# Installs the runtime into an empty prefix, builds examples/embedding with it alone, and runs it.
function(run out)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE text ERROR_VARIABLE errors RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}: ${status}\n${text}${errors}")
  endif()
  set(${out} "${text}" PARENT_SCOPE)
endfunction()

set(prefix ${WORK}/prefix)
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK}/plans)
foreach(component runtime party)
  run(_ ${CMAKE_COMMAND} --install ${BUILD} --component ${component} --prefix ${prefix})
endforeach()

# Public headers include each other, absl, and the standard library.
file(GLOB headers ${prefix}/include/mpcc/*.h)
list(LENGTH headers count)
if(count LESS 10)
  message(FATAL_ERROR "${count} headers are installed")
endif()
foreach(header ${headers})
  file(STRINGS ${header} foreign REGEX "^#include (\"[^\"]*\"|<[^>]*>)")
  list(FILTER foreign EXCLUDE REGEX "^#include (\"(mpcc|absl)/|<[a-z_]*>)")
  if(foreign)
    message(FATAL_ERROR "${header}: ${foreign}")
  endif()
endforeach()

# Programs and library run without the compiler's libraries.
file(GLOB libraries ${prefix}/lib*/libmpcc.so ${prefix}/lib*/*/libmpcc.so)
foreach(binary ${prefix}/bin/mpcc-party ${prefix}/bin/mpcc-local ${libraries})
  run(needed ldd ${binary})
  if(needed MATCHES "not found|MLIR|LLVM|onnx")
    message(FATAL_ERROR "${binary} needs\n${needed}")
  endif()
endforeach()
run(_ ${prefix}/bin/mpcc-party --help)

# A project of a user's.
if(SANITIZE)
  set(flags -DCMAKE_CXX_FLAGS=-fsanitize=${SANITIZE})
endif()
run(_ ${CMAKE_COMMAND} -S ${SOURCE}/examples/embedding -B ${WORK}/build -G ${GENERATOR} -DCMAKE_PREFIX_PATH=${prefix}
    -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} -DCMAKE_BUILD_TYPE=Release ${flags})
run(_ ${CMAKE_COMMAND} --build ${WORK}/build)
run(_ ${BUILD}/bin/write-test-plans ${WORK}/plans)
run(answer ${WORK}/build/infer ${WORK}/plans ${WORK}/state 1 4)
foreach(line "linear: 11 13 16 15 7 10 8 12" "matmul: 771 515 515 357" "lut2: 31 38 45 12 26 40")  # whole numbers
  if(NOT answer MATCHES "(^|\n)${line}\n")
    message(FATAL_ERROR "no line '${line}' in\n${answer}")
  endif()
endforeach()
