# What Ranvier builds on, all from the distribution's packages.

find_package(Threads REQUIRED)
find_package(fmt 9 REQUIRED)
# Protobuf's small runtime, and of onnx the definitions of the format alone: runtime/loader generates its classes.
find_package(Protobuf REQUIRED)
find_file(RANVIER_ONNX_PROTO NAMES onnx/onnx-ml.proto onnx/onnx.proto PATH_SUFFIXES include
  PATHS /usr /usr/local DOC "The definitions of the ONNX format" REQUIRED)

# oneDNN 2.6 or 3.x. Not by its own CMake files: Debian's ask for OpenCL's headers, which oneDNN on CPUs has no use for.
set(RANVIER_ONEDNN_ROOT "" CACHE PATH "Where oneDNN is installed, if not where the system has it")
find_path(RANVIER_ONEDNN_INCLUDE dnnl.hpp HINTS "${RANVIER_ONEDNN_ROOT}" PATH_SUFFIXES include REQUIRED)
find_library(RANVIER_ONEDNN_LIBRARY NAMES dnnl libdnnl.so.3 HINTS "${RANVIER_ONEDNN_ROOT}" PATH_SUFFIXES lib REQUIRED)
add_library(ranvier_dnnl INTERFACE)
target_include_directories(ranvier_dnnl SYSTEM INTERFACE ${RANVIER_ONEDNN_INCLUDE})
# gomp by name: libdnnl's threads are libgomp's, and clang's -fopenmp would bring a second OpenMP beside it.
target_link_libraries(ranvier_dnnl INTERFACE ${RANVIER_ONEDNN_LIBRARY} gomp)

# Highway: its headers. Only unoptimized builds and other processors than x86 need something of its library, which takes
# four milliseconds to load (docs/decisions/0017).
find_path(RANVIER_HWY_INCLUDE hwy/highway.h REQUIRED)
find_library(RANVIER_HWY_LIBRARY hwy REQUIRED)
add_library(ranvier_hwy INTERFACE)
target_include_directories(ranvier_hwy SYSTEM INTERFACE ${RANVIER_HWY_INCLUDE})
target_link_libraries(ranvier_hwy INTERFACE -Wl,--push-state,--as-needed ${RANVIER_HWY_LIBRARY} -Wl,--pop-state)

if(RANVIER_TOOLS OR RANVIER_TESTS)
  find_package(nlohmann_json 3 REQUIRED)
endif()
if(RANVIER_TESTS)
  find_package(GTest REQUIRED)
  # Arithmetic of any precision: what the references are tested against.
  find_path(RANVIER_MPFR_INCLUDE mpfr.h REQUIRED)
  find_library(RANVIER_MPFR_LIBRARY mpfr REQUIRED)
  add_library(ranvier_mpfr INTERFACE)
  target_include_directories(ranvier_mpfr SYSTEM INTERFACE ${RANVIER_MPFR_INCLUDE})
  target_link_libraries(ranvier_mpfr INTERFACE ${RANVIER_MPFR_LIBRARY})
endif()
