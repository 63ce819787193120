# python_test(NAME): tests/test_NAME.py, with the package of the build folder.
function(python_test name)
  add_test(NAME python.${name} COMMAND ${Python_EXECUTABLE} -m unittest -v test_${name}
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/tests)
  set_tests_properties(python.${name} PROPERTIES LABELS python
    ENVIRONMENT "PYTHONPATH=${CMAKE_CURRENT_BINARY_DIR};PYTHONDONTWRITEBYTECODE=1;${ARGN}")
endfunction()
python_test(backend)
python_test(model)
python_test(onnxruntime)
python_test(session)
python_test(wheel)
