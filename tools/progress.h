// A progress bar.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace ranvier::tools {

/// Draws itself on standard error, and only where that is a terminal; not before half a second has passed, so that
/// short jobs show none.
class ProgressBar {
 public:
  ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  /// Wipes it out.
  ~ProgressBar();

  /// `part` is from 0 to 1, where that is known.
  void show(std::int64_t rows, std::optional<double> part);

 private:
  using Clock = std::chrono::steady_clock;
  bool terminal_;
  bool drawn_ = false;
  Clock::time_point next_;
};

}  // namespace ranvier::tools
