#include "operators/parallel.h"

#include <algorithm>

namespace ranvier::operators {

std::size_t parts_for(const Settings& settings, double nanoseconds) {
  if (settings.pool == nullptr || settings.threads < 2 || nanoseconds < 2 * part_nanoseconds) return 1;
  settings.pool->start();
  constexpr int parts_per_thread = 4;
  return static_cast<std::size_t>(std::min(nanoseconds / part_nanoseconds, 1.0 * parts_per_thread * settings.threads));
}

}  // namespace ranvier::operators
