// A report as a person, a program or a trace viewer reads it.
#pragma once

#include <string>

#include "tools/profile/report.h"

namespace ranvier::profile {

/// A table of the steps in their order, the total with and without the clock, the hottest steps and operators.
std::string text_of(const Report& report);

/// One JSON object. `ranvier profile --help` promises the form.
std::string json_of(const Report& report);

/// The last runs in the trace event format of Chrome and Perfetto: a complete event for each step of each run.
std::string trace_of(const Report& report);

}  // namespace ranvier::profile
