// Plots of functions of one number.
#pragma once

#include <functional>
#include <string>

namespace ranvier::docs {

/// A function to be drawn between `from` and `to`.
struct Plot {
  std::string title;
  std::function<double(double)> function;
  double from = -4;
  double to = 4;
};

/// The function and its derivative as SVG, in colours that can be read on white and on black. Where the function or its
/// derivative jumps, the curves do too.
std::string svg(const Plot& plot);

/// The derivative at 0: "0.5", or "0 from the left, 1 from the right" where they differ.
std::string gradient_at_zero(const std::function<double(double)>& function);

}  // namespace ranvier::docs
