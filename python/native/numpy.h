// numpy's C interface, whose table of functions module.cc fills for all sources.
#pragma once

#define PY_ARRAY_UNIQUE_SYMBOL ranvier_numpy_functions
#define NPY_NO_DEPRECATED_API NPY_2_0_API_VERSION
#ifndef RANVIER_NUMPY_IS_IMPORTED_HERE
#define NO_IMPORT_ARRAY
#endif
#include <nanobind/nanobind.h>
#include <numpy/arrayobject.h>

namespace nb = nanobind;
