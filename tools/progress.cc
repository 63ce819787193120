#include "tools/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace ranvier::tools {
namespace {

constexpr int width = 40;

}  // namespace

ProgressBar::ProgressBar()
    : terminal_(::isatty(STDERR_FILENO) == 1), next_(Clock::now() + std::chrono::milliseconds(500)) {}

ProgressBar::~ProgressBar() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
}

void ProgressBar::show(std::int64_t rows, std::optional<double> part) {
  if (!terminal_ || Clock::now() < next_) return;
  next_ = Clock::now() + std::chrono::milliseconds(100);
  drawn_ = true;
  std::string bar;
  if (part) {
    const int full = static_cast<int>(std::clamp(*part, 0.0, 1.0) * width);
    bar = fmt::format("[{:=<{}}{: <{}}] {:3.0f} %  ", "", full, "", width - full, *part * 100);
  }
  fmt::print(stderr, "\r{}{} rows\x1b[K", bar, rows);
  std::fflush(stderr);
}

}  // namespace ranvier::tools
