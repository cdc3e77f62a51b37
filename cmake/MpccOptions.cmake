# Build switches. Presets in CMakePresets.json set them; nothing else should.
option(MPCC_COMPILER "build the compiler (needs MLIR and ONNX), not the runtime alone" ON)
option(MPCC_PYTHON "build what a wheel holds: the Python module and the programs, MLIR in them (tools/wheel)" OFF)
option(MPCC_PACKAGE "build what packages of Debian hold: the programs, with what its releases have by other names (tools/package)" OFF)
option(MPCC_FUZZ "build the libFuzzer targets (needs clang)" OFF)
option(MPCC_ASSERT "assert runs" OFF)
# Not for users, whose compiler may warn of other things.
option(MPCC_WERROR "warnings are errors, and no name hides another" OFF)
# Several sources at a time, which share what their headers cost. Faster to build from nothing, slower
# after a change; it asks that helpers of one library have names of their own.
option(MPCC_UNITY "what includes MLIR is compiled several sources at a time" OFF)
set(MPCC_SANITIZE "" CACHE STRING "value of -fsanitize= for every target, e.g. address,undefined")

# Seconds after which a test hangs; what counts every view takes ten times as long, or more, under a sanitizer.
set(MPCC_TEST_SECONDS 600)
if(MPCC_SANITIZE)
  set(MPCC_TEST_SECONDS 6000)
endif()

set(CMAKE_INSTALL_RPATH_USE_LINK_PATH ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(MPCC_CCACHE ccache)
if(MPCC_CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${MPCC_CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${MPCC_CCACHE})
endif()
find_program(MPCC_MOLD mold)
if(MPCC_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_compile_options(-Wall -Wextra -Wno-unused-parameter)
if(MPCC_ASSERT)
  add_compile_options(-UNDEBUG)
endif()
if(MPCC_WERROR)
  add_compile_options(-Wshadow -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wno-maybe-uninitialized)  # false positives from LLVM headers at -O2
endif()
if(MPCC_SANITIZE)
  add_compile_options(-fsanitize=${MPCC_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${MPCC_SANITIZE})
endif()
