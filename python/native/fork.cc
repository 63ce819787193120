#include "python/native/fork.h"

#include <pthread.h>

namespace ranvier::python {
namespace {

int count = 0;
[[maybe_unused]] const int registered = pthread_atfork(nullptr, nullptr, [] { ++count; });

}  // namespace

int forks() { return count; }

}  // namespace ranvier::python
