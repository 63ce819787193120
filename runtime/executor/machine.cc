#include "runtime/executor/machine.h"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <optional>
#include <string>

namespace ranvier::executor {
namespace {

/// The two words of a control group's file ("max 100000", "150000 100000"), from version 2's unified hierarchy. The
/// group's own files stand at the mount point inside a container, which is where limits matter.
std::optional<std::string> first_word(const char* file, std::string* second = nullptr) {
  std::ifstream stream(file);
  std::string word;
  if (!(stream >> word)) return std::nullopt;
  if (second != nullptr) stream >> *second;
  return word;
}

std::optional<double> number(const std::optional<std::string>& word) {
  if (!word || word->empty() ||
      !std::all_of(word->begin(), word->end(), [](unsigned char c) { return std::isdigit(c); }))
    return std::nullopt;
  return std::stod(*word);
}

}  // namespace

int available_threads() {
  cpu_set_t set;
  CPU_ZERO(&set);
  int threads = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
  std::string period;
  const auto quota = number(first_word("/sys/fs/cgroup/cpu.max", &period));
  const auto microseconds = number(period);
  if (quota && microseconds && *microseconds > 0)
    threads = std::min(threads, static_cast<int>(std::ceil(*quota / *microseconds)));
  return std::max(threads, 1);
}

std::size_t available_memory() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page = sysconf(_SC_PAGESIZE);
  std::size_t bytes = pages > 0 && page > 0 ? static_cast<std::size_t>(pages) * static_cast<std::size_t>(page)
                                            : std::numeric_limits<std::size_t>::max();
  if (const auto limit = number(first_word("/sys/fs/cgroup/memory.max")))
    if (*limit < static_cast<double>(bytes)) bytes = static_cast<std::size_t>(*limit);
  return bytes;
}

}  // namespace ranvier::executor
