#include "tools/accuracy/testing.h"

#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

namespace ranvier::accuracy::testing {

using operators::Activation;

namespace {

constexpr double infinity = std::numeric_limits<float>::infinity();
constexpr double highest = std::numeric_limits<float>::max();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double ln2 = std::numbers::ln2;

struct Choices {
  Activation activation;
  std::vector<Parameters> accepted;
  std::vector<Parameters> refused = {};
};

const Choices choices[] = {
    {Activation::celu,
     {{0.01}, {0.75}, {300}, {0x1p-60}, {0x1p60}},
     {{0}, {-1}, {0x1p-61}, {0x1p61}, {infinity}, {nan}}},
    {Activation::clip, {{-1, 2}, {0, 0}, {-1e-40, 1e-40}, {0.1, infinity}, {-infinity, -1e30}, {3, -3}}},
    {Activation::elu, {{-1.5}, {0}, {1e-30}, {0.01}, {2.5}, {1e30}}},
    {Activation::hard_shrink, {{-0.5}, {0}, {1e-40}, {3}, {1e30}}},
    {Activation::hard_sigmoid, {{1 / 6.0, 0.5}, {-0.3, 0.7}, {0, 0.25}, {1e-3, 0}, {1e3, -20}, {1e-30, 1e-35}}},
    {Activation::keras_relu,
     {{6}, {6, 0.1, 0.5}, {infinity, 0.3, -2}, {infinity, -0.7, 1}, {1, 1e-30, 3}, {-1, 1e3, 1e-3}, {0, 0, 0}}},
    {Activation::leaky_relu, {{-0.3}, {0}, {1e-30}, {0.3}, {7}, {1e30}}},
    {Activation::selu,
     {{1, 1},
      {-1.5, 0.7},
      {1.5, -0.7},
      {0, 2},
      {1e-3, 1e-3},
      {1e3, 1e3},
      {1e-20, 1e-20},
      {1e-30, 1e20},
      {1e20, -1e-30}},
     {{1e20, 1e20}, {infinity, 1}, {1, nan}}},
    {Activation::shrink, {{1.5, 1.25}, {0.5, 0.5}, {-0.5, 0.1}, {0, -3}, {1e-3, 1e-30}, {1e3, 1e30}}},
    {Activation::soft_shrink, {{-0.5}, {0}, {1e-40}, {0.3}, {1e3}, {1e30}}},
    {Activation::square_plus, {{0.01}, {1}, {7}, {1e3}, {0x1p-60}, {0x1p60}}, {{0}, {-4}, {0x1p-61}, {0x1p61}, {nan}}},
    {Activation::swish, {{0.01}, {0.3}, {1.702}, {50}, {0x1p-20}, {0x1p20}}, {{0}, {-1}, {0x1p-21}, {0x1p21}, {nan}}},
    {Activation::threshold, {{-1, 2}, {0, 0.5}, {1e-40, -1e30}, {1e30, infinity}}},
    {Activation::thresholded_relu, {{-2}, {0}, {1e-40}, {1e30}}},
};

const Choices* choices_of(Activation activation) {
  for (const Choices& row : choices)
    if (row.activation == activation) return &row;
  return nullptr;
}

/// 1, the parameters and their reciprocals: in what units a formula counts x.
std::vector<double> scales(std::span<const double> parameters) {
  std::vector<double> result = {1};
  for (const double p : parameters) {
    if (p == 0 || std::abs(p) == 1 || !std::isfinite(p)) continue;
    result.push_back(std::abs(p));
    result.push_back(1 / std::abs(p));
  }
  return result;
}

/// As the attributes of ONNX have them.
Parameters rounded_to_floats(const Parameters& parameters) {
  const std::vector<float> floats(parameters.begin(), parameters.end());
  return {floats.begin(), floats.end()};
}

void add_both_signs(std::vector<float>& to, double x) {
  to.push_back(static_cast<float>(x));
  to.push_back(static_cast<float>(-x));
}

}  // namespace

std::vector<Parameters> accepted(Activation activation) {
  std::vector<Parameters> result = {{}};
  if (const Choices* row = choices_of(activation))
    for (const Parameters& parameters : row->accepted) result.push_back(rounded_to_floats(parameters));
  return result;
}

std::vector<Parameters> refused(Activation activation) {
  const Choices* row = choices_of(activation);
  return row == nullptr ? std::vector<Parameters>{} : row->refused;
}

std::vector<float> breakpoints(std::span<const double> parameters) {
  std::vector<float> result;
  for (const double x : {0.0, 0x1p-149, 0x1p-126, highest, infinity, nan, 0x1p60, 0x1p64}) add_both_signs(result, x);
  for (const double scale : scales(parameters)) {
    for (const double x : {1.0, 3.0, 4.0, 6.0, 11.0, 13.0, 14.5, 20.0, 40.0, 87.0, 88.7, 104.0, 128.0, 256.0})
      add_both_signs(result, x * scale);
    for (int octave = 0; octave < 4; ++octave)
      for (int quarter = 0; quarter < 4; ++quarter)
        add_both_signs(result, (std::ldexp(1 + quarter / 4.0, octave) - 1) * scale);
  }
  for (const double p : parameters) {
    add_both_signs(result, p);
    for (const double q : parameters) {
      add_both_signs(result, q / p);
      add_both_signs(result, (1 - q) / p);
    }
  }
  return result;
}

std::vector<float> table_borders(std::span<const double> parameters) {
  std::vector<float> result;
  for (const double scale : scales(parameters)) {
    for (int i = 1; i * ln2 / 32 < 105; ++i) {
      add_both_signs(result, i * ln2 / 32 * scale);             // exp(x)
      add_both_signs(result, std::sqrt(i * ln2 / 16) * scale);  // exp(x^2 / 2)
    }
    for (int i = 1; i < 30; ++i) add_both_signs(result, std::log(i / 30.0) * scale);  // log1p(exp(x))
  }
  return result;
}

std::vector<float> neighbours(std::span<const float> centres, std::uint32_t radius) {
  std::vector<float> result;
  result.reserve(centres.size() * (2 * std::size_t{radius} + 1));
  for (const float centre : centres) {
    const std::uint32_t first = std::bit_cast<std::uint32_t>(centre) - radius;
    for (std::uint32_t i = 0; i <= 2 * radius; ++i) result.push_back(std::bit_cast<float>(first + i));
  }
  return result;
}

std::vector<float> every(std::uint32_t stride) {
  std::vector<float> result;
  for (std::uint64_t bits = 0; bits >> 32 == 0; bits += stride)
    result.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  return result;
}

}  // namespace ranvier::accuracy::testing
