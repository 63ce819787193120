#include "operators/parallel.h"

#include <algorithm>

namespace ranvier::operators {

Parts parts_for(const Settings& settings, double nanoseconds) {
  if (settings.pool == nullptr || settings.threads < 2 || nanoseconds < worth_sharing_nanoseconds) return 1;
  settings.pool->start();
  const auto threads = [&](double each) { return std::min<double>(nanoseconds / each, settings.threads); };
  if (nanoseconds < worth_waking_nanoseconds)
    return {static_cast<std::size_t>(threads(worth_sharing_nanoseconds / 2)), false};
  return static_cast<std::size_t>(parts_of_thread * threads(worth_waking_nanoseconds));
}

}  // namespace ranvier::operators
