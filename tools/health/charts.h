// The pictures of a page, as SVG that takes its colours from the page's style.
#pragma once

#include <string>
#include <string_view>

#include "tools/health/report.h"

namespace ranvier::health {

/// Text as it stands in XML; what cannot stand there is replaced.
std::string escaped(std::string_view text);

/// The histogram, with its axis, the mean, and the flat part shaded.
std::string histogram_svg(const Observation& observation);

/// All units side by side: those that are dead, never on, always on, and the others. Of very many some share a place,
/// which shows the worst of them.
std::string units_svg(const Units& units);

/// Mean and standard deviation from activation to activation, numbered as in the report from 1 on. `marked` tells
/// which have a finding.
std::string signal_svg(const Report& report, const std::vector<bool>& marked);

}  // namespace ranvier::health
