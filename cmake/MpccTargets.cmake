# Functions that declare the project's targets, so that folders stay short and alike.

# mpcc_library(NAME SRCS a.cc ... [DEPS lib ...] [MLIR])
# DEPS are public. MLIR links the MLIR libraries (MpccPackages) and their headers.
function(mpcc_library name)
  cmake_parse_arguments(A "MLIR" "" "SRCS;DEPS" ${ARGN})
  add_library(${name} STATIC ${A_SRCS})
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/include ${CMAKE_BINARY_DIR})
  target_link_libraries(${name} PUBLIC ${A_DEPS})
  if(A_MLIR)
    mpcc_use_mlir(${name} PUBLIC)
  endif()
endfunction()

function(mpcc_use_mlir name scope)
  set_target_properties(${name} PROPERTIES UNITY_BUILD "${MPCC_UNITY}" UNITY_BUILD_BATCH_SIZE 12)
  if(MPCC_WERROR)  # in what mlir-tblgen writes names hide others
    target_include_directories(${name} SYSTEM ${scope} ${CMAKE_BINARY_DIR})
  endif()
  target_include_directories(${name} SYSTEM ${scope} ${LLVM_INCLUDE_DIRS} ${MLIR_INCLUDE_DIRS})
  target_link_libraries(${name} ${scope} ${MPCC_MLIR_LIBRARIES})
endfunction()

# mpcc_use_highway(NAME SCOPE): for a library with code that is compiled once for each instruction set, and
# its tests.
function(mpcc_use_highway name scope)
  target_link_libraries(${name} ${scope} hwy::hwy)
  # AVX2, AVX-512 with and without the Ice Lake extensions, and the baseline. Tests and benchmarks need
  # the same list.
  target_compile_definitions(${name} ${scope} HWY_WANT_AVX3_DL "HWY_DISABLED_TARGETS=(HWY_SSSE3|HWY_SSE4)")
  # Kernels lean on complete unrolling and on vectorised loops in every optimised build.
  target_compile_options(${name} PRIVATE $<$<NOT:$<CONFIG:Debug>>:-O3>)
endfunction()

# mpcc_tool(NAME SRCS main.cc ... [DEPS lib ...] [MLIR]): an executable in build/bin.
function(mpcc_tool name)
  cmake_parse_arguments(A "MLIR" "" "SRCS;DEPS" ${ARGN})
  add_executable(${name} ${A_SRCS})
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
  target_link_libraries(${name} PRIVATE ${A_DEPS})
  if(A_MLIR)
    mpcc_use_mlir(${name} PRIVATE)
    if(MPCC_SANITIZE MATCHES address)
      target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tools/asan_options.cc)
    elseif(MPCC_SANITIZE MATCHES thread)
      target_sources(${name} PRIVATE $<TARGET_OBJECTS:mpcc_tsan_options>)
    endif()
  endif()
endfunction()

# mpcc_test(NAME SRCS x_test.cc ... [DEPS lib ...] [MLIR]): one GoogleTest program, one ctest entry.
function(mpcc_test name)
  mpcc_tool(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE GTest::gmock GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name})
  mpcc_folder(folder)
  add_dependencies(${folder}_tests ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${MPCC_TEST_SECONDS} LABELS ${folder}
                                          ENVIRONMENT "MPCC_SOURCE_DIR=${CMAKE_SOURCE_DIR}")
endfunction()

# mpcc_watch_secrets(NAME): runs a test under valgrind too, where there is one, which sees what follows
# secrets (runtime/base/secrecy.h). The test says what was found; builds with sanitizers are left out.
find_program(MPCC_VALGRIND valgrind)
function(mpcc_watch_secrets name)
  if(MPCC_VALGRIND AND NOT MPCC_SANITIZE)
    mpcc_folder(folder)
    add_test(NAME ${name}_under_valgrind COMMAND ${MPCC_VALGRIND} --quiet $<TARGET_FILE:${name}>)
    set_tests_properties(${name}_under_valgrind PROPERTIES TIMEOUT ${MPCC_TEST_SECONDS} LABELS ${folder})
  endif()
endfunction()

# The outermost folder that is being configured, whose tests the target <folder>_tests builds.
function(mpcc_folder result)
  file(RELATIVE_PATH folder ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  string(REGEX REPLACE "/.*" "" folder ${folder})
  if(NOT TARGET ${folder}_tests)
    add_custom_target(${folder}_tests)
  endif()
  set(${result} ${folder} PARENT_SCOPE)
endfunction()

# mpcc_benchmark(NAME SRCS x_benchmark.cc ... [DEPS lib ...]): built always, run by hand or tools/bench.
function(mpcc_benchmark name)
  mpcc_tool(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE benchmark::benchmark benchmark::benchmark_main)
endfunction()

# mpcc_fuzzer(NAME SRCS fuzz_x.cc ... [DEPS lib ...] [MLIR]): a libFuzzer target, built only with
# MPCC_FUZZ: others know how it would be compiled, for clang-tidy. `fuzzers` are all.
function(mpcc_fuzzer name)
  mpcc_tool(${name} ${ARGN})
  if(NOT MPCC_FUZZ)
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL TRUE)
    return()
  endif()
  target_compile_options(${name} PRIVATE -fsanitize=fuzzer)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  if(NOT TARGET fuzzers)
    add_custom_target(fuzzers)
  endif()
  add_dependencies(fuzzers ${name})
endfunction()

# mpcc_install_library(NAME): a library with the headers in include/ and a package that finds both.
function(mpcc_install_library name)
  include(CMakePackageConfigHelpers)
  set(package ${CMAKE_INSTALL_LIBDIR}/cmake/mpcc)
  install(TARGETS ${name} EXPORT mpccTargets COMPONENT runtime)
  install(EXPORT mpccTargets NAMESPACE mpcc:: DESTINATION ${package} COMPONENT runtime)
  install(DIRECTORY ${CMAKE_SOURCE_DIR}/include/ TYPE INCLUDE COMPONENT runtime)
  write_basic_package_version_file(${CMAKE_BINARY_DIR}/mpccConfigVersion.cmake COMPATIBILITY SameMinorVersion)
  install(FILES ${CMAKE_SOURCE_DIR}/cmake/mpccConfig.cmake ${CMAKE_BINARY_DIR}/mpccConfigVersion.cmake
          DESTINATION ${package} COMPONENT runtime)
endfunction()

# mpcc_manners(NAME SHARE COMPONENT program...): a target that writes manual pages and completions,
# which are installed below SHARE. MPCC_LAUNCHER starts the programs, if it is set.
function(mpcc_manners name share component)
  set(made ${CMAKE_CURRENT_BINARY_DIR}/${name})
  set(files)
  foreach(program ${ARGN})
    set(man ${made}/man1/${program}.1)
    set(completion ${made}/completions/${program})
    add_custom_command(OUTPUT ${man} ${completion} DEPENDS ${program}
      COMMAND ${CMAKE_COMMAND} -E make_directory ${made}/man1 ${made}/completions
      COMMAND ${MPCC_LAUNCHER} $<TARGET_FILE:${program}> --man > ${man}
      COMMAND ${MPCC_LAUNCHER} $<TARGET_FILE:${program}> --completion > ${completion} VERBATIM)
    list(APPEND files ${man} ${completion})
  endforeach()
  add_custom_target(${name} DEPENDS ${files})
  install(DIRECTORY ${made}/man1 DESTINATION ${share}/man COMPONENT ${component})
  install(DIRECTORY ${made}/completions DESTINATION ${share}/bash-completion COMPONENT ${component})
endfunction()

# mpcc_proto(NAME file.proto): a library with the generated message classes.
function(mpcc_proto name proto)
  get_filename_component(base ${proto} NAME_WE)
  file(RELATIVE_PATH dir ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  set(out ${CMAKE_BINARY_DIR}/${dir}/${base}.pb)
  add_custom_command(
    OUTPUT ${out}.cc ${out}.h
    COMMAND protobuf::protoc --cpp_out=${CMAKE_BINARY_DIR} -I${CMAKE_SOURCE_DIR} ${dir}/${base}.proto
    DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${proto}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} VERBATIM)
  add_library(${name} STATIC ${out}.cc)
  target_compile_options(${name} PRIVATE -w)
  target_include_directories(${name} SYSTEM PUBLIC ${CMAKE_BINARY_DIR} ${Protobuf_INCLUDE_DIRS})
  target_link_libraries(${name} PUBLIC protobuf::libprotobuf)
endfunction()

# mpcc_tablegen(OUTPUT arg...): runs mlir-tblgen on SOURCE; appends to MPCC_TBLGEN_OUTPUTS in the caller.
# Own function: AddMLIR's re-runs on every Ninja build.
function(mpcc_tablegen source output)
  file(RELATIVE_PATH dir ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  set(out ${CMAKE_BINARY_DIR}/${dir}/${output})
  add_custom_command(
    OUTPUT ${out}
    COMMAND ${MPCC_LLVM_PREFIX}/bin/mlir-tblgen ${ARGN} -I ${CMAKE_SOURCE_DIR} -I ${MLIR_INCLUDE_DIRS}
            ${CMAKE_CURRENT_SOURCE_DIR}/${source} -o ${out} -d ${out}.d
    DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${source} DEPFILE ${out}.d VERBATIM)
  set(MPCC_TBLGEN_OUTPUTS ${MPCC_TBLGEN_OUTPUTS} ${out} PARENT_SCOPE)
endfunction()
