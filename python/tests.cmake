# python_test(NAME [PYTHON]): tests/test_NAME.py, with the package of the build folder. `Skipped:` begins why not.
function(python_test name)
  set(python ${ARGN} ${Python_EXECUTABLE})
  list(GET python 0 python)
  add_test(NAME python.${name} COMMAND ${python} -m unittest -v test_${name}
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/tests)
  set_tests_properties(python.${name} PROPERTIES LABELS python SKIP_REGULAR_EXPRESSION "Skipped:"
    ENVIRONMENT "PYTHONPATH=${CMAKE_CURRENT_BINARY_DIR};PYTHONDONTWRITEBYTECODE=1")
endfunction()
python_test(backend)
python_test(model)
python_test(onnxruntime)
python_test(session)
python_test(wheel)

set(RANVIER_KERAS_PYTHON "" CACHE FILEPATH
  "A Python with the packages of python/tests/requirements-keras.txt (tools/test.sh sets it)")
if(EXISTS "${RANVIER_KERAS_PYTHON}")
  python_test(keras ${RANVIER_KERAS_PYTHON})
else()
  python_test(keras)
endif()
