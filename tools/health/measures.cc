#include "tools/health/measures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace ranvier::health {
namespace {

using Value = std::optional<double>;

constexpr double infinity = std::numeric_limits<double>::infinity();

const Statistics& statistics(const Report& report, std::size_t i) { return report.activations[i].statistics; }

/// The part of the units, where there are any.
Value part_of_units(const Statistics& seen, const std::vector<std::int64_t>& units) {
  if (seen.units().count() == 0 || seen.units().changing()) return std::nullopt;
  return static_cast<double>(units.size()) / static_cast<double>(seen.units().count());
}

Value dead(const Report& report, std::size_t i) {
  return part_of_units(statistics(report, i), statistics(report, i).units().dead());
}

Value always_on(const Report& report, std::size_t i) {
  return part_of_units(statistics(report, i), statistics(report, i).units().always_on());
}

Value zeros(const Report& report, std::size_t i) { return statistics(report, i).share(statistics(report, i).zeros()); }

Value flat(const Report& report, std::size_t i) {
  if (report.activations[i].activation.kind->steep == nullptr) return std::nullopt;
  return statistics(report, i).share(statistics(report, i).flat());
}

Value nan(const Report& report, std::size_t i) { return statistics(report, i).share(statistics(report, i).nan()); }
Value inf(const Report& report, std::size_t i) { return statistics(report, i).share(statistics(report, i).infinite()); }

Value entropy(const Report& report, std::size_t i) {
  const Certainty& certainty = statistics(report, i).certainty();
  return certainty.rows == 0 ? Value() : Value(certainty.mean_entropy());
}

Value certain(const Report& report, std::size_t i) {
  const Certainty& certainty = statistics(report, i).certainty();
  if (certainty.rows == 0) return std::nullopt;
  return static_cast<double>(certainty.certain) / static_cast<double>(certainty.rows);
}

/// The larger distance of mean and variance from selu's fixed point, 0 and 1.
Value drift(const Report& report, std::size_t i) {
  const Moments& moments = statistics(report, i).moments();
  if (report.activations[i].activation.kind->name != "selu" || moments.count == 0) return std::nullopt;
  return std::max(std::abs(moments.mean), std::abs(moments.variance() - 1));
}

Value step(const Report& report, std::size_t i) {
  const std::vector<Signal::Point> points = signal(report).points;
  for (std::size_t k = 1; k < points.size(); ++k)
    if (points[k].activation == i && points[k - 1].deviation > 0) return points[k].deviation / points[k - 1].deviation;
  return std::nullopt;
}

Value ratio(const Report& report, std::size_t i) {
  const Signal whole = signal(report);
  return whole.points.empty() || whole.points.back().activation != i ? std::nullopt : whole.ratio();
}

std::string units_fact(const Units& units, const std::vector<std::int64_t>& which, std::string_view what) {
  return fmt::format("{} of {} units are {} for all of the data: {}.", which.size(), units.count(), what,
                     list_text(which, 10));
}

std::string dead_fact(const Observation& seen, double) {
  return units_fact(seen.statistics.units(), seen.statistics.units().dead(), "0");
}

std::string always_on_fact(const Observation& seen, double) {
  return units_fact(seen.statistics.units(), seen.statistics.units().always_on(), "on");
}

std::string zeros_fact(const Observation&, double value) {
  return fmt::format("{} of the values are exactly 0.", percent_text(value));
}

std::string flat_fact(const Observation& seen, double value) {
  return fmt::format("{} of the values are in the flat part ({}).", percent_text(value), seen.activation.kind->flat);
}

std::string nan_fact(const Observation& seen, double) {
  return fmt::format("{} of {} values are NaN.", seen.statistics.nan(), seen.statistics.elements());
}

std::string inf_fact(const Observation& seen, double) {
  return fmt::format("{} of {} values are infinite.", seen.statistics.infinite(), seen.statistics.elements());
}

std::string entropy_fact(const Observation&, double value) {
  return fmt::format("The mean entropy is {} of that of equal classes.", percent_text(value));
}

std::string certain_fact(const Observation&, double value) {
  return fmt::format("In {} of the rows one class has more than 0.999.", percent_text(value));
}

std::string drift_fact(const Observation& seen, double) {
  const Moments& moments = seen.statistics.moments();
  return fmt::format("The mean is {}, the variance {}; selu keeps 0 and 1 if all is well.", number_text(moments.mean),
                     number_text(moments.variance()));
}

std::string step_fact(const Observation&, double value) {
  return fmt::format("The standard deviation is {} times that of the activation before.", number_text(value));
}

std::string ratio_fact(const Observation&, double value) {
  return fmt::format("The standard deviation here, at the last activation, is {} times that of the first.",
                     number_text(value));
}

// clang-format off
constexpr Measure table[] = {
    // name, meaning
    // good from, to, in %, of units, value, in a sentence
    // above
    // below
    {"dead", "units that are 0 for all of the data",
     0, 0.1, true, true, dead, dead_fact,
     "No gradient reaches these units. Train with a lower learning rate, initialize the weights by he_normal, or take "
     "leaky_relu, elu or gelu; or make the layer smaller."},
    {"always_on", "units that are on for all of the data",
     0, 0.5, true, true, always_on, always_on_fact,
     "These units do not tell rows apart by being on or off, and there most activations are nearly linear. Look at the "
     "biases, or normalize what comes in."},
    {"zeros", "values that are exactly 0",
     0, 0.9, true, false, zeros, zeros_fact,
     "Little of the signal comes through. The layer may be larger than it needs to be, or its biases too low."},
    {"flat", "values in the flat part: sigmoid outside 0.01..0.99, ...",
     0, 0.3, true, false, flat, flat_fact,
     "Hardly any gradient passes there. Scale or normalize what comes in (BatchNormalization), or start from smaller "
     "weights."},
    {"nan", "values that are NaN",
     0, 0, true, false, nan, nan_fact,
     "Look for NaN in the data first, then for 0 / 0, infinity - infinity or the logarithm of a negative number before "
     "this layer."},
    {"inf", "values that are infinite",
     0, 0, true, false, inf, inf_fact,
     "Something overflows here or before. Scale the data, and clip gradients in training."},
    {"entropy", "of softmax: the mean over the rows, 100 % for equal classes",
     0.001, 0.95, true, false, entropy, entropy_fact,
     "The classes are hardly told apart. Look at the scale of the data, and whether it is like that of the training.",
     "The model is sure of everything. Where it is not always right, try label smoothing, weight decay or a "
     "temperature."},
    {"certain", "of softmax: rows where one class has more than 0.999",
     0, 0.95, true, false, certain, certain_fact,
     "Where that is more than the accuracy, the probabilities promise too much: try label smoothing or a temperature."},
    {"drift", "of selu: how far mean and variance are from 0 and 1",
     0, 0.5, false, false, drift, drift_fact,
     "Standardize the inputs, initialize by lecun_normal, and take AlphaDropout for Dropout."},
    {"step", "standard deviation over that of the activation before",
     0.1, 10, false, false, step, step_fact,
     "The signal jumps here. Normalize, or start from smaller weights.",
     "The signal fades here. Larger weights (he_normal), normalization or a residual connection keep it up."},
    {"ratio", "standard deviation of the last activation over the first's",
     0.01, 100, false, false, ratio, ratio_fact,
     "The signal explodes on its way. Normalize between the layers, or start from smaller weights.",
     "The signal vanishes on its way. Initialize by he_normal, normalize between the layers, or connect them by "
     "residuals."},
};
// clang-format on

}  // namespace

std::string Measure::text(double value) const { return share ? percent_text(value) : number_text(value); }

std::span<const Measure> measures() { return table; }

std::vector<Finding> findings(const Report& report) {
  std::vector<Finding> result;
  for (std::size_t i = 0; i < report.activations.size(); ++i) {
    const Observation& seen = report.activations[i];
    for (const Measure& measure : table) {
      if (measure.of_units && seen.statistics.values_per_unit() < enough_values) continue;
      const auto value = measure.of(report, i);
      if (!value || measure.good(*value)) continue;
      result.push_back(
          {&measure, i, *value, measure.fact(seen, *value), *value < measure.least ? measure.below : measure.above});
    }
  }
  return result;
}

std::string caution(const Report& report) {
  const auto too_few = [](const Observation& each) {
    return each.statistics.units().count() > 0 && each.statistics.values_per_unit() < enough_values;
  };
  if (std::none_of(report.activations.begin(), report.activations.end(), too_few)) return "";
  return fmt::format("Some units were seen fewer than {} times, which is too little to call them dead or always on.",
                     enough_values);
}

std::vector<std::vector<Finding>> by_remedy(const std::vector<Finding>& findings) {
  std::vector<std::vector<Finding>> groups;
  for (const Finding& each : findings) {
    const auto same = [&](const std::vector<Finding>& group) { return group[0].remedy == each.remedy; };
    const auto group = std::find_if(groups.begin(), groups.end(), same);
    if (group == groups.end())
      groups.push_back({each});
    else
      group->push_back(each);
  }
  return groups;
}

std::string measures_help() {
  std::string text;
  for (const Measure& measure : table) {
    const auto limit = [&](double value) {
      return measure.share ? fmt::format("{:g}%", 100 * value) : fmt::format("{:g}", value);
    };
    std::string bad = fmt::format("> {}", limit(measure.most));
    if (measure.least > 0) bad = fmt::format("< {}, {}", limit(measure.least), bad);
    text += fmt::format("  {:<10} {:<14} {}\n", measure.name, bad, measure.meaning);
  }
  return text;
}

}  // namespace ranvier::health
