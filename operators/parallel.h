// Sharing out a kernel's work among threads.
//
// A kernel whose work may be large asks once, when it is prepared, into how many parts the work is to be split, and
// calls parallel_for with that number in every run:
//
//     const std::size_t parts = parts_for(spec.settings(), 0.25 * count);
//     return {[=, pool = spec.settings().pool](const Buffers& buffers) {
//       parallel_for(pool, parts, [&](std::size_t part) noexcept { ... });
//     }};
//
// What a part computes must not depend on how many there are: the same row has the same bits on any machine.
#pragma once

#include <cstddef>

#include "operators/operator.h"
#include "runtime/core/thread_pool.h"

namespace ranvier::operators {

/// The work of one part at least, as long as one thread takes for it. A worker that sleeps begins some 30 microseconds
/// after it is called, of which the caller spends 10 on calling (docs/decisions/0004): what is done within two of these
/// is done sooner alone.
inline constexpr double part_nanoseconds = 30'000;

/// How many parts to split work into that takes one thread about `nanoseconds`: 1 where that is too little to wake
/// anybody for or there are no more threads, else more parts than threads, so that a thread that comes late leaves its
/// share to the others. Starts the pool's threads where the answer is not 1.
std::size_t parts_for(const Settings& settings, double nanoseconds);

}  // namespace ranvier::operators
