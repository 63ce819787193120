# Builds the package in ${package}: target ranvier_python.
if(NOT TARGET ranvier)
  message(FATAL_ERROR "RANVIER_PYTHON_MODULE needs RANVIER_TOOLS: the package holds the command line")
endif()
if(RANVIER_PYTHON)
  set(Python_EXECUTABLE ${RANVIER_PYTHON})
endif()
find_package(Python 3.11 COMPONENTS Interpreter Development.Module NumPy REQUIRED)
execute_process(COMMAND ${Python_EXECUTABLE} -m nanobind --cmake_dir
  OUTPUT_VARIABLE nanobind_ROOT OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
find_package(nanobind CONFIG REQUIRED)

nanobind_add_module(ranvier_native NB_SUPPRESS_WARNINGS NOMINSIZE
  native/arrays.cc
  native/binding.cc
  native/fork.cc
  native/model.cc
  native/module.cc
  native/session.cc
  native/session_class.cc)
set_target_properties(ranvier_native PROPERTIES OUTPUT_NAME _native LIBRARY_OUTPUT_DIRECTORY ${package})
target_compile_definitions(ranvier_native PRIVATE RANVIER_VERSION="${PROJECT_VERSION}")
target_link_libraries(ranvier_native PRIVATE ranvier_model ranvier_writer)
target_include_directories(ranvier_native SYSTEM PRIVATE ${Python_NumPy_INCLUDE_DIRS})

# An installed package has the libraries that it links in lib/. DT_RPATH, as --disable-new-dtags sets it, holds for what
# those need in turn, too.
set_target_properties(ranvier_native PROPERTIES BUILD_RPATH "$ORIGIN/lib")
set_target_properties(ranvier PROPERTIES BUILD_RPATH "$ORIGIN/../lib")
foreach(target ranvier_native ranvier)
  target_link_options(${target} PRIVATE LINKER:--disable-new-dtags)
endforeach()

file(MAKE_DIRECTORY ${package}/bin)
file(CREATE_LINK ${PROJECT_BINARY_DIR}/tools/ranvier ${package}/bin/ranvier SYMBOLIC)
file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/ranvier/*)
foreach(source IN LISTS sources)
  cmake_path(GET source FILENAME name)
  file(CREATE_LINK ${source} ${package}/${name} SYMBOLIC)
endforeach()

nanobind_add_stub(ranvier_native_stub
  MODULE ranvier._native
  OUTPUT ${package}/_native.pyi
  PYTHON_PATH ${CMAKE_CURRENT_BINARY_DIR}
  DEPENDS ranvier_native)
add_custom_target(ranvier_python ALL DEPENDS ranvier_native ranvier_native_stub ranvier)
