// What the machine lets this process have.
#pragma once

#include <cstddef>

namespace ranvier::executor {

/// As many threads as CPU affinity and the control group's quota (rounded up) allow; at least 1.
int available_threads();

/// The memory of the machine, or the control group's limit where that is lower, in bytes.
std::size_t available_memory();

}  // namespace ranvier::executor
