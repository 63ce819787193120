#include "operators/parallel.h"

#include <algorithm>

namespace ranvier::operators {

std::size_t parts_for(const Settings& settings, double nanoseconds) {
  if (settings.pool == nullptr || settings.threads < 2 || nanoseconds < worth_waking_nanoseconds) return 1;
  settings.pool->start();
  const double threads = std::min<double>(nanoseconds / worth_waking_nanoseconds, settings.threads);
  return static_cast<std::size_t>(parts_of_thread * threads);
}

}  // namespace ranvier::operators
