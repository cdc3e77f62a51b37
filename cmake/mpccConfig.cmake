# SPDX-License-Identifier: Apache-2.0
# The installed runtime: find_package(mpcc) gives mpcc::mpcc.
include(CMakeFindDependencyMacro)
find_dependency(absl)
find_dependency(Threads)
include(${CMAKE_CURRENT_LIST_DIR}/mpccTargets.cmake)
