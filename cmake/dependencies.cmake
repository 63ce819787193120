# What Ranvier builds on, all from the distribution's packages.

find_package(fmt 9 REQUIRED)
find_package(Protobuf REQUIRED)
# Its target onnx_proto alone is used: the operator schemas in the onnx library itself would cost start-up time.
find_package(ONNX REQUIRED)
if(RANVIER_TESTS)
  find_package(GTest REQUIRED)
endif()
