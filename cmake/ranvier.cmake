# The two functions with which every folder declares itself.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release)
endif()

add_library(ranvier_flags INTERFACE)
target_include_directories(ranvier_flags INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/runtime/include)
# Static libraries may end in shared ones. Everything gets the same flag, so that precompiled headers fit everywhere.
target_compile_options(ranvier_flags INTERFACE -fPIC)
# No fused multiply-add that the source does not write: results must not depend on what the compiler contracts.
target_compile_options(ranvier_flags INTERFACE -Wall -Wextra -Wshadow -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 sees overlapping copies, and copies without end, in std::string's operator+ and insert() wherever they are
  # inlined (its bug 105651).
  target_compile_options(ranvier_flags INTERFACE -Wno-restrict -Wno-stringop-overflow)
endif()
if(RANVIER_WARNINGS_AS_ERRORS)
  target_compile_options(ranvier_flags INTERFACE -Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # What g++ 12 concludes from inlined code at -O3 is often wrong: these warn, and do not fail.
    target_compile_options(ranvier_flags INTERFACE -Wno-error=maybe-uninitialized
      -Wno-error=array-bounds -Wno-error=stringop-overread -Wno-error=free-nonheap-object
      -Wno-error=nonnull -Wno-error=null-dereference -Wno-error=aggressive-loop-optimizations)
  endif()
endif()
# But for the kernels where a network spends its time, which ask for -O3 (operators/CMakeLists.txt), that would make half as
# much again of code that runs no faster. What is COLD runs while models are loaded, and is as small as it can be; what a
# test itself computes is little.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(optimized -O2 -ftree-vectorize -fvect-cost-model=dynamic)
else()
  set(optimized -O2)
endif()
set(is_cold $<BOOL:$<TARGET_PROPERTY:RANVIER_COLD>>)
set(is_test $<BOOL:$<TARGET_PROPERTY:RANVIER_TEST>>)
target_compile_options(ranvier_flags INTERFACE
  "$<$<CONFIG:Release>:$<IF:${is_cold},-Os,$<IF:${is_test},-O1,${optimized}>>>")
if(NOT RANVIER_SANITIZE)
  # What nothing refers to stays out of programs.
  target_compile_options(ranvier_flags INTERFACE -ffunction-sections -fdata-sections)
  target_link_options(ranvier_flags INTERFACE -Wl,--gc-sections)
endif()
if(RANVIER_SANITIZE)
  # Checks that take half of the compiler's time: null pointers end the process anyway, nothing asks for the type of an
  # object, and memory that is not aligned could only come from what is COLD.
  target_compile_options(ranvier_flags INTERFACE -fsanitize=${RANVIER_SANITIZE} -fno-sanitize=null,vptr
    $<$<NOT:${is_cold}>:-fno-sanitize=alignment> $<${is_test}:-O0> -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(ranvier_flags INTERFACE -fsanitize=${RANVIER_SANITIZE})
endif()

# ranvier_precompile(TARGET OWNER HEADER...)
#
# Compiles headers that are not ours, and that nearly every source of a kind of target includes, once: for OWNER, and
# others take them from there. A source includes what it uses all the same; preset dev, which precompiles nothing, tells.
set(ranvier_headers <algorithm> <cmath> <functional> <map> <memory> <optional> <span> <string> <variant> <vector>
  <fmt/format.h>)
function(ranvier_precompile target owner)
  if(target STREQUAL owner)
    target_precompile_headers(${target} PRIVATE ${ARGN})
  else()
    target_precompile_headers(${target} REUSE_FROM ${owner})
  endif()
endfunction()

# ranvier_module(NAME [COLD] [NO_RTTI] SOURCES a b ... [DEPENDS target ...] [PRIVATE target ...])
#
# A library ranvier_NAME of a.cc, b.cc, ..., compiled for size where it is COLD, and without names of types where it has
# NO_RTTI; whatever has a test beside it (a_test.cc) gets it built into NAME_test, whose cases ctest runs under the label
# NAME. What is not in DEPENDS does not link.
function(ranvier_module name)
  cmake_parse_arguments(module "COLD;NO_RTTI" "" "SOURCES;DEPENDS;PRIVATE" ${ARGN})
  set(sources "")
  set(tests "")
  foreach(source IN LISTS module_SOURCES)
    list(APPEND sources ${source}.cc)
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${source}_test.cc)
      list(APPEND tests ${source}_test.cc)
    endif()
  endforeach()
  add_library(ranvier_${name} STATIC ${sources})
  target_link_libraries(ranvier_${name} PUBLIC ranvier_flags ${module_DEPENDS} PRIVATE ${module_PRIVATE})
  if(module_COLD)
    set_target_properties(ranvier_${name} PROPERTIES RANVIER_COLD ON)
    ranvier_precompile(ranvier_${name} ranvier_graph ${ranvier_headers})
  elseif(module_NO_RTTI)
    target_compile_options(ranvier_${name} PRIVATE -fno-rtti)
    ranvier_precompile(ranvier_${name} ranvier_${name} ${ranvier_headers})
  else()
    ranvier_precompile(ranvier_${name} ranvier_core ${ranvier_headers})
  endif()
  if(tests)
    ranvier_test(${name} SOURCES ${tests} DEPENDS ranvier_${name})
  endif()
endfunction()

# ranvier_test(NAME SOURCES a_test.cc ... DEPENDS target ...): an executable NAME_test, its cases known to ctest.
function(ranvier_test name)
  if(NOT RANVIER_TESTS)
    return()
  endif()
  cmake_parse_arguments(test "" "" "SOURCES;DEPENDS" ${ARGN})
  add_executable(${name}_test ${test_SOURCES})
  target_link_libraries(${name}_test PRIVATE ${test_DEPENDS} GTest::gtest_main)
  set_target_properties(${name}_test PROPERTIES RANVIER_TEST ON)
  ranvier_precompile(${name}_test core_test ${ranvier_headers} <gtest/gtest.h>)
  gtest_discover_tests(${name}_test PROPERTIES LABELS ${name} DISCOVERY_TIMEOUT 60)
endfunction()
