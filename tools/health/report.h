// What is known of a model's activations after its data has run through.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/health/activations.h"
#include "tools/health/statistics.h"

namespace ranvier::health {

/// An activation and its values.
struct Observation {
  Activation activation;
  graph::DeclaredShape shape;
  Statistics statistics;
};

struct Report {
  std::string model = {};
  std::string data = {};
  std::int64_t rows = 0;
  std::vector<Observation> activations = {};
  std::vector<std::string> unseen = {};  ///< Those inside of subgraphs.
};

/// The signal on its way through the activations whose values are no probabilities.
struct Signal {
  struct Point {
    std::size_t activation = 0;  ///< Its position in the report.
    double mean = 0;
    double deviation = 0;
  };
  std::vector<Point> points;  ///< Those whose mean and deviation are finite numbers.

  /// The last standard deviation over the first, from two points on.
  std::optional<double> ratio() const;
};
Signal signal(const Report& report);

/// "12, 17, 30 and 4 more": at most `most` of the numbers.
std::string list_text(const std::vector<std::int64_t>& numbers, std::size_t most);

/// "37.5 %", never rounded to 0 or 100 where it is neither.
std::string percent_text(double share);

/// Four significant digits.
std::string number_text(double number);

}  // namespace ranvier::health
