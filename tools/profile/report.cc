#include "tools/profile/report.h"

namespace ranvier::profile {

double sum_of_steps(const Report& report) {
  double sum = 0;
  for (const Spread& step : report.recording.steps) sum += step.median;
  return sum;
}

std::vector<Rating> ratings(const Report& report) {
  const double sum = sum_of_steps(report);
  std::vector<Rating> result;
  for (std::size_t i = 0; i < report.work.steps.size(); ++i) {
    const Work& work = report.work.steps[i];
    const double microseconds = report.recording.steps[i].median;
    Rating rating{.share = microseconds / sum,
                  .flops = static_cast<double>(work.flops) / microseconds * 1e6,
                  .bandwidth = static_cast<double>(work.bytes) / microseconds * 1e6};
    rating.share_of_flops = rating.flops / report.peak.flops;
    rating.share_of_bandwidth = rating.bandwidth / report.peak.bandwidth;
    result.push_back(rating);
  }
  return result;
}

}  // namespace ranvier::profile
