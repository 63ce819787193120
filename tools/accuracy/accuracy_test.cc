#include "tools/accuracy/accuracy.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <ostream>

#include "tools/accuracy/testing.h"

namespace ranvier::operators {

/// How GoogleTest names a row.
void PrintTo(const ActivationRow& row, std::ostream* out) { *out << row.name; }  // NOLINT: GoogleTest's name

}  // namespace ranvier::operators

namespace ranvier::accuracy {
namespace {

using operators::Activation;
using operators::ActivationKernel;
using operators::ActivationKernels;
using operators::ActivationRow;
using testing::Parameters;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float highest = std::numeric_limits<float>::max();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float smallest = std::numeric_limits<float>::denorm_min();

// The measure.

TEST(ErrorInUlp, CountsInUnitsOfTheTrueValue) {
  EXPECT_EQ(error_in_ulp(1, 1), 0);
  EXPECT_EQ(error_in_ulp(1 + 0x1p-23f, 1), 1);
  EXPECT_EQ(error_in_ulp(1 - 0x1p-24f, 1), 0.5);
  EXPECT_EQ(error_in_ulp(1, 1 - 0x1p-24), 1);
  EXPECT_EQ(error_in_ulp(-6, -6 - 0x1p-22), 0.5);
  EXPECT_EQ(error_in_ulp(1, -1), 0x1p24);
}

TEST(ErrorInUlp, CountsDenormalsByTheirStep) {
  EXPECT_EQ(error_in_ulp(smallest, 0), 1);
  EXPECT_EQ(error_in_ulp(0, 0x1p-150), 0.5);
  EXPECT_EQ(error_in_ulp(0, 0x1p-1000), 0x1p-851);
  EXPECT_EQ(error_in_ulp(0x1p-126f, 0x1p-126 - 0x1p-149), 1);
  EXPECT_EQ(error_in_ulp(0x1p-126f, 0x1p-126 + 0x1p-149), 1);
  EXPECT_EQ(error_in_ulp(-0.0f, 0), 0);
}

TEST(ErrorInUlp, KnowsWhatRoundsToInfinity) {
  constexpr double halfway = 0x1.ffffffp127;
  const double below = std::nextafter(halfway, 0);
  EXPECT_EQ(error_in_ulp(infinity, std::numeric_limits<double>::infinity()), 0);
  EXPECT_EQ(error_in_ulp(infinity, halfway), 0);
  EXPECT_EQ(error_in_ulp(-infinity, -halfway), 0);
  EXPECT_EQ(error_in_ulp(infinity, -halfway), infinity);
  EXPECT_EQ(error_in_ulp(highest, halfway), infinity);
  EXPECT_EQ(error_in_ulp(infinity, below), infinity);
  EXPECT_LT(error_in_ulp(highest, below), 0.5);
}

TEST(ErrorInUlp, WantsNanWhereTheTruthIsNan) {
  EXPECT_EQ(error_in_ulp(nan, nan), 0);
  EXPECT_EQ(error_in_ulp(nan, 1), infinity);
  EXPECT_EQ(error_in_ulp(1, nan), infinity);
  EXPECT_EQ(error_in_ulp(nan, std::numeric_limits<double>::infinity()), infinity);
}

/// Kernels that all add so many units in the last place to x.
template <std::uint32_t units>
ActivationKernels off_by() {
  static const std::vector<ActivationKernel> rows(
      operators::activations().size(), {.run = [](const float* x, float* y, std::size_t count, const float*) {
        for (std::size_t i = 0; i < count; ++i) y[i] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(x[i]) + units);
      }});
  return {.instruction_set = "none", .rows = rows};
}

TEST(Measure, FindsTheLargestErrorOfEachSet) {
  const ActivationKernels sets[] = {off_by<0>(), off_by<3>()};
  const float points[] = {1, 2, 5, nan};
  const double parameters[] = {2, 4};
  const std::vector<Errors> found = measure(Activation::clip, parameters, sets, points);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].largest, 0x1p22);  // 1 for 2
  EXPECT_EQ(found[0].at, 1);
  EXPECT_EQ(found[0].other_bits, 0u);
  EXPECT_EQ(found[1].other_bits, 3u);
  EXPECT_EQ(found[1].largest, 0x1p22 - 1.5);
  EXPECT_EQ(found[1].points, 4u);
  EXPECT_EQ(measure(Activation::linear, {}, sets, points)[1].sum, 9);
}

TEST(Measure, GivesMissingParametersTheirDefaults) {
  const ActivationKernels sets[] = {off_by<0>()};
  const float points[] = {-7};
  const double low[] = {-8};
  EXPECT_EQ(measure(Activation::clip, low, sets, points)[0].largest, 0);
  EXPECT_EQ(measure(Activation::clip, {}, sets, points)[0].largest, 0);
}

TEST(Errors, AddUp) {
  Errors all = {.largest = 1, .at = 5, .sum = 2, .other_bits = 3, .points = 4};
  all.add({.largest = 0.5, .at = 6, .sum = 10, .other_bits = 20, .points = 30});
  EXPECT_EQ(all.largest, 1);
  EXPECT_EQ(all.at, 5);
  all.add({.largest = 2, .at = 7});
  EXPECT_EQ(all.largest, 2);
  EXPECT_EQ(all.at, 7);
  EXPECT_EQ(all.sum, 12);
  EXPECT_EQ(all.other_bits, 23u);
  EXPECT_EQ(all.points, 34u);
}

// The kernels.

std::vector<float> as_floats(Activation activation, const Parameters& parameters) {
  std::vector<float> result(parameters.begin(), parameters.end());
  const auto& all = operators::describe(activation).parameters;
  for (std::size_t i = result.size(); i < all.size(); ++i) result.push_back(static_cast<float>(all[i].otherwise));
  return result;
}

class Kernel : public ::testing::TestWithParam<ActivationRow> {
 protected:
  const ActivationRow& row_ = GetParam();
  const std::vector<ActivationKernels> sets_ = operators::all_activation_kernels();
};

TEST_P(Kernel, KeepsItsClaim) {
  const std::vector<float> rest = testing::every(50021);
  double largest = 0;
  for (const Parameters& parameters : testing::accepted(row_.activation)) {
    std::vector<Errors> total(sets_.size());
    for (const std::vector<float>& points : {testing::neighbours(testing::breakpoints(parameters), 1000),
                                             testing::neighbours(testing::table_borders(parameters), 1), rest}) {
      const std::vector<Errors> found = measure(row_.activation, parameters, sets_, points);
      for (std::size_t i = 0; i < found.size(); ++i) total[i].add(found[i]);
    }
    for (std::size_t i = 0; i < sets_.size(); ++i) {
      SCOPED_TRACE(fmt::format("{}, parameters {}, at {:a}", sets_[i].instruction_set, parameters, total[i].at));
      EXPECT_LE(total[i].largest, row_.ulp);
      if (sets_[i].fused_multiply_add) {
        EXPECT_EQ(total[i].other_bits, 0u);
      }
      largest = std::max(largest, total[i].largest);
    }
  }
  EXPECT_GE(largest, row_.ulp / 4) << "the claim is too loose";
}

TEST_P(Kernel, RefusesWhatItCannotCompute) {
  for (const ActivationKernels& set : sets_) {
    const ActivationKernel& kernel = set[row_.activation];
    for (const Parameters& parameters : testing::accepted(row_.activation))
      EXPECT_EQ(kernel.refusal(as_floats(row_.activation, parameters).data()), nullptr)
          << fmt::format("{}", parameters);
    for (const Parameters& parameters : testing::refused(row_.activation))
      EXPECT_NE(kernel.refusal(as_floats(row_.activation, parameters).data()), nullptr)
          << fmt::format("{}", parameters);
  }
}

/// Floats between -4 and 4, where most kernels have one formula only; with `extremes`, others among them.
std::vector<float> mixture(std::size_t count, bool extremes) {
  constexpr float extreme[] = {nan, infinity, -infinity, highest, -highest, smallest, -0.0f, -12, 90, -95, -200};
  std::vector<float> result(count);
  for (std::size_t i = 0; i < count; ++i) {
    result[i] = std::sin(static_cast<float>(i * i)) * 3.75f;
    if (extremes && i * i % 7 == 1) result[i] = extreme[i % std::size(extreme)];
  }
  return result;
}

TEST_P(Kernel, ComputesEachFloatAlone) {
  constexpr std::size_t longest = 200, places = 16;
  constexpr float untouched = 12345;
  for (const Parameters& parameters : testing::accepted(row_.activation)) {
    const std::vector<float> numbers = as_floats(row_.activation, parameters);
    for (const ActivationKernels& set : sets_) {
      const auto run = set[row_.activation].run;
      for (const bool extremes : {false, true}) {
        const std::vector<float> x = mixture(longest + places, extremes);
        std::vector<float> alone(x.size()), y(x.size());
        for (std::size_t i = 0; i < x.size(); ++i) run(&x[i], &alone[i], 1, numbers.data());
        for (std::size_t count = 1; count <= longest; ++count) {
          for (std::size_t place = 0; place < places; ++place) {
            const bool in_place = (count + place) % 3 == 0;
            const std::size_t to = in_place ? place : (count + place * 7) % places;
            std::fill(y.begin(), y.end(), untouched);
            if (in_place) std::copy_n(&x[place], count, &y[place]);
            run(in_place ? &y[place] : &x[place], &y[to], count, numbers.data());
            ASSERT_EQ(std::memcmp(&y[to], &alone[place], count * sizeof(float)), 0) << fmt::format(
                "{}, parameters {}, {} floats from {} to {}", set.instruction_set, parameters, count, place, to);
            ASSERT_EQ(std::count(y.begin(), y.end(), untouched), static_cast<std::ptrdiff_t>(y.size() - count));
          }
        }
      }
    }
  }
}

std::string name_of(const ::testing::TestParamInfo<ActivationRow>& info) { return std::string(info.param.name); }

INSTANTIATE_TEST_SUITE_P(Activations, Kernel,
                         ::testing::ValuesIn(operators::activations().begin(), operators::activations().end()),
                         name_of);

}  // namespace
}  // namespace ranvier::accuracy
