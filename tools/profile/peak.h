// What the machine does at best, to measure steps by.
#pragma once

#include <cstdint>
#include <string>

namespace ranvier::profile {

/// Measured, on all of `threads` at once; takes some tens of milliseconds.
struct Peak {
  std::string instruction_set;
  double flops = 0;      ///< Multiplications and additions of floats in a second.
  double bandwidth = 0;  ///< Bytes read in a second, again and again, of `footprint` bytes.
  std::int64_t footprint = 0;
};

/// For runs that work on so many bytes of memory: the cache that holds them tells how fast they can be read.
Peak measure_peak(int threads, std::int64_t footprint);

}  // namespace ranvier::profile
