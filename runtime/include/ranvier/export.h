// What a shared library of Ranvier shows to the programs that link it.
#pragma once

/// Marks the classes and functions of the public headers; everything else is compiled with hidden visibility.
#define RANVIER_EXPORT __attribute__((visibility("default")))
