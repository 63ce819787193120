// Sharing out a kernel's work among threads.
//
// A kernel whose work may be large asks once, when it is prepared, into how many parts the work is to be split, and
// calls parallel_for with that number in every run:
//
//     const Parts parts = parts_for(spec.settings(), 0.25 * count);
//     return {[=, pool = spec.settings().pool](const Buffers& buffers) {
//       parallel_for(pool, parts, [&](std::size_t part) noexcept { ... });
//     }};
//
// How an element is computed must not depend on the number of parts: the same row has the same bits on any machine.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "operators/operator.h"
#include "runtime/core/thread_pool.h"

namespace ranvier::operators {

/// Less work than this, as long as one thread takes for it, is done sooner alone: a sleeping worker begins some 30
/// microseconds after it is called, 10 of which calling it costs the caller (docs/decisions/0004).
inline constexpr double worth_waking_nanoseconds = 60'000;

/// So that others take over from a thread that comes late.
inline constexpr std::size_t parts_of_thread = 4;

/// Less work than this is not even shared with threads that are awake: half of it takes as long as it takes one to see
/// the work, and the other to see the result.
inline constexpr double worth_sharing_nanoseconds = 4'000;

/// How to split work that takes one thread about `nanoseconds`: into 1 part where that is not worth sharing or there is
/// no other thread. Where it is worth waking others, into parts_of_thread for every worth_waking_nanoseconds, and at
/// most as many a thread. Between the two a part for each thread, each of at least half of worth_sharing_nanoseconds,
/// and for threads that are awake alone. Starts the pool's threads where the answer is not 1.
Parts parts_for(const Settings& settings, double nanoseconds);

/// Calls function(first, last), which must be noexcept, on pieces of [0, count), one for each part; some may be empty.
/// They begin at multiples of 64 elements: whole cache lines, so that no two threads write one.
template <class Function>
void parallel_for_pieces(ThreadPool* pool, Parts parts, std::int64_t count, const Function& function) noexcept {
  constexpr std::int64_t together = 64;
  const std::int64_t step = (count / static_cast<std::int64_t>(parts.count) + together) / together * together;
  parallel_for(pool, parts, [&](std::size_t part) noexcept {
    const std::int64_t first = std::min(count, static_cast<std::int64_t>(part) * step);
    function(first, std::min(count, first + step));
  });
}

}  // namespace ranvier::operators
